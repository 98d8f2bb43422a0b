import * as v from 'valibot';
import { SetUpError } from '../setup/set-up-error.mjs';
import { requiredSecrets, type Target } from './target.ts';
import { outputOf, type RunWrangler, wrangler } from './wrangler.ts';

export interface DeployOptions {
  readonly target: Target;
  readonly run: RunWrangler;
  readonly progress: (line: string) => void;
  /** Asks the deployed control plane whether it works. Throws where it does not. */
  readonly smokeTest: (publicUrl: string) => Promise<void>;
}

const Secrets = v.array(v.object({ name: v.string() }));
const Deployments = v.array(
  v.object({ created_on: v.string(), versions: v.array(v.object({ version_id: v.string(), percentage: v.number() })) }),
);

/** Checks, makes what is missing and may be made, deploys, tries it out, and goes back where that fails. */
export async function deploy({ target, run, progress, smokeTest }: DeployOptions): Promise<void> {
  const { environment, worker, publicUrl } = target;
  const env = ['--env', environment];
  checkAddress(target);
  progress('Who is deploying');
  // With --json its exit code says so.
  await wrangler(run, ['whoami', '--json'], 'find out who you are at Cloudflare. Log in with "npx wrangler login"');
  await makeQueues(target, run, progress);
  await makeBuckets(target, run, progress);
  const before = await currentVersion(run, env);
  progress(before === null ? `${worker} is new here` : `${worker} runs version ${before} now`);
  // Secrets belong to a Worker: before the first deployment there is none to ask.
  if (before !== null) await checkSecrets(target, run);
  progress('Deploying');
  await wrangler(run, ['deploy', ...env], `deploy to ${environment}`);
  if (before === null) await checkSecrets(target, run);
  progress(`Trying it out at ${publicUrl}`);
  try {
    await smokeTest(publicUrl);
  } catch (error) {
    const what = error instanceof Error ? error.message : String(error);
    if (before === null) throw new SetUpError(`The new deployment does not work: ${what}`, { cause: error });
    progress('It does not work: going back');
    await rollBack({ target, run, progress }, before);
    throw new SetUpError(`The new version does not work, ${worker} is back at ${before}. ${what}`, { cause: error });
  }
  progress(`${worker} is deployed to ${environment} and works`);
}

/** To a version, or to the one before the present one. */
export async function rollBack(
  { target, run, progress }: Omit<DeployOptions, 'smokeTest'>,
  version?: string,
): Promise<void> {
  const env = ['--env', target.environment];
  const to = version ?? (await versionBefore(run, env));
  await wrangler(
    run,
    ['rollback', to, ...env, '--yes', '--message', 'Rolled back by npm run deploy'],
    `go back to ${to}`,
  );
  progress(`${target.worker} runs version ${to} again`);
}

function checkAddress({ environment, publicUrl }: Target): void {
  if (publicUrl.startsWith('https://') && !publicUrl.endsWith('.example')) return;
  throw new SetUpError(
    `PUBLIC_URL of ${environment} is "${publicUrl}". Set it in wrangler.toml, under [env.${environment}.vars], to the https address that callers reach.`,
  );
}

async function checkSecrets({ environment, worker }: Target, run: RunWrangler): Promise<void> {
  const listed = await wrangler(run, ['secret', 'list', '--env', environment, '--format', 'json'], 'list the secrets');
  const set = new Set(v.parse(Secrets, JSON.parse(listed)).map(({ name }) => name));
  const missing = Object.entries(requiredSecrets).filter(([name]) => !set.has(name));
  if (missing.length === 0) return;
  const commands = missing.map(([name, make]) => `  ${make} | npx wrangler secret put ${name} --env ${environment}`);
  throw new SetUpError(
    `${worker} lacks ${missing.map(([name]) => name).join(', ')}. Set them, keep a copy in a safe place, and deploy again:\n${commands.join('\n')}\n` +
      'NODE_KEY and SESSION_KEY must be the same on the media nodes (PARLEY_NODE_KEY, PARLEY_SESSION_KEY).',
  );
}

async function makeQueues({ queues }: Target, run: RunWrangler, progress: (line: string) => void): Promise<void> {
  for (const queue of queues) {
    if ((await run(['queues', 'info', queue])).code === 0) continue;
    progress(`Making the queue ${queue}`);
    await wrangler(run, ['queues', 'create', queue], `make the queue ${queue}`);
  }
}

async function makeBuckets({ buckets }: Target, run: RunWrangler, progress: (line: string) => void): Promise<void> {
  for (const bucket of buckets) {
    if ((await run(['r2', 'bucket', 'info', bucket])).code === 0) continue;
    progress(`Making the bucket ${bucket}`);
    await wrangler(run, ['r2', 'bucket', 'create', bucket], `make the bucket ${bucket}`);
  }
}

/** "This Worker does not exist on your account. [code: 10007]" */
const workerNotFound = /does not exist|code: 10007/i;

/** Null where nothing was ever deployed. Any other trouble stops: without a version there would be no way back. */
async function currentVersion(run: RunWrangler, env: readonly string[]): Promise<string | null> {
  const args = ['deployments', 'list', ...env, '--json'];
  const result = await run(args);
  if (result.code !== 0 && workerNotFound.test(result.stdout + result.stderr)) return null;
  return versionsOf(outputOf(result, args, 'find out what is deployed now'))[0] ?? null;
}

async function versionBefore(run: RunWrangler, env: readonly string[]): Promise<string> {
  const listed = await wrangler(run, ['deployments', 'list', ...env, '--json'], 'list the deployments');
  const [, before] = versionsOf(listed);
  if (before === undefined) throw new SetUpError('There is no earlier version to go back to.');
  return before;
}

/** Newest first, each once. */
function versionsOf(listed: string): string[] {
  const newestFirst = v
    .parse(Deployments, JSON.parse(listed))
    .sort((a, b) => Date.parse(b.created_on) - Date.parse(a.created_on));
  return [...new Set(newestFirst.flatMap(({ versions }) => versions[0]?.version_id ?? []))];
}
