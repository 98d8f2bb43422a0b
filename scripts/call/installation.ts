import { SetUpError } from '../setup/set-up-error.mjs';
import { readAddress } from '../start/address.ts';
import { readSecrets } from '../start/secrets.ts';
import type { RecordSource } from './records.ts';

/** The options of `parseArgs` that say which installation is asked, and about whom. */
export const installationOptions = {
  business: { type: 'string', default: 'ridgeline-roofing' },
  data: { type: 'string', default: '.data' },
  url: { type: 'string' },
} as const;

export const installationHelp = `  --business ID    whose                            (ridgeline-roofing)
  --data DIR       data folder of the installation  (.data)
  --url URL        the control plane's address      (as it was last started)`;

/** Where the record is, and the key to it. */
export async function installation(options: { business: string; data: string; url?: string }): Promise<RecordSource> {
  const secrets = await readSecrets(options.data);
  if (!secrets)
    throw new SetUpError(`${options.data} holds no installation. Run npm start first, or name its folder with --data.`);
  return {
    controlUrl: options.url ?? (await readAddress(options.data)),
    staffKey: secrets.STAFF_KEY,
    business: options.business,
  };
}
