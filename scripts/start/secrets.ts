import { randomBytes } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as v from 'valibot';

const secret = v.pipe(v.string(), v.minLength(16));

/** Keys of one installation, made once and kept in `<data>/secrets.json`, which only its owner may read. */
export const Secrets = v.object({
  /** What the media node shows the control plane. */
  NODE_KEY: secret,
  /** What staff tools show the control plane. */
  STAFF_KEY: secret,
  /** Signs session tokens. */
  SESSION_KEY: secret,
  /** Seals what the control plane keeps of others' secrets: 32 bytes in base64. */
  MASTER_KEY: v.pipe(v.string(), v.regex(/^[A-Za-z0-9+/]{43}=$/)),
  /** The one before, while it is replaced (`docs/operations.md`, "Keys"). Put here by whoever replaces it. */
  MASTER_KEY_BEFORE: v.optional(v.pipe(v.string(), v.regex(/^[A-Za-z0-9+/]{43}=$/))),
  /** Signs CRM webhooks: `whsec_` and 24 bytes in base64, as Standard Webhooks has it. */
  CRM_SECRET: v.pipe(v.string(), v.regex(/^whsec_[A-Za-z0-9+/]{32}$/)),
});
export type Secrets = v.InferOutput<typeof Secrets>;

/** Installations that were made before there was a master key get theirs at the next start. */
const KeptSecrets = v.object({ ...Secrets.entries, MASTER_KEY: v.optional(Secrets.entries.MASTER_KEY) });
type KeptSecrets = v.InferOutput<typeof KeptSecrets>;

export function secretsPath(dataDir: string): string {
  return join(dataDir, 'secrets.json');
}

/** The installation's secrets, or nothing before the first start. */
export async function readSecrets(dataDir: string): Promise<KeptSecrets | undefined> {
  const path = secretsPath(dataDir);
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw new Error(`Cannot read ${path}. Start as the user who owns it, or choose another folder with --data.`, {
      cause: error,
    });
  }
  try {
    return v.parse(KeptSecrets, JSON.parse(text));
  } catch (error) {
    throw new Error(`${path} is damaged. Restore it from a backup, or delete it to have new keys made.`, {
      cause: error,
    });
  }
}

/** Reads the secrets, and makes them at the first start. */
export async function loadSecrets(dataDir: string): Promise<Secrets> {
  const kept = await readSecrets(dataDir);
  if (kept?.MASTER_KEY !== undefined) return { ...kept, MASTER_KEY: kept.MASTER_KEY };
  const made: Secrets = {
    NODE_KEY: randomBytes(32).toString('base64url'),
    STAFF_KEY: randomBytes(32).toString('base64url'),
    SESSION_KEY: randomBytes(32).toString('base64url'),
    CRM_SECRET: `whsec_${randomBytes(24).toString('base64')}`,
    ...kept,
    MASTER_KEY: randomBytes(32).toString('base64'),
  };
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  const path = secretsPath(dataDir);
  // Renamed into place, so that a crash never leaves half a file.
  const draft = `${path}.${process.pid}`;
  await writeFile(draft, `${JSON.stringify(made, null, 2)}\n`, { mode: 0o600 });
  await rename(draft, path);
  return made;
}
