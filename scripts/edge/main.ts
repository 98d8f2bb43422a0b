import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import * as v from 'valibot';
import { FleetList } from '../../contract/fleet.ts';
import { readTrunkSettings } from '../../server/config.ts';
import { installation, installationOptions } from '../call/installation.ts';
import { command } from '../command/frame.ts';
import { SetUpError } from '../setup/set-up-error.mjs';
import { dispatcherList, type EdgeNode, trunkList } from './lists.ts';

const help = `Writes the lists of the telephone edge: which nodes get calls, and who may bring them.

  npm run edge                               from the fleet, and from PARLEY_SIP_TRUNKS
  npm run edge -- --nodes sip:10.0.0.7:5060,sip:10.0.0.8:5060

  --folder DIR     where dispatcher.list and address.list go   (/etc/kamailio)
  --reload         has the Kamailio on this machine read them
  --data DIR       data folder of the installation             (.data)
  --url URL        the control plane's address                 (as it was last started)
  --help           this text
`;

const run = promisify(execFile);

const { data, url } = installationOptions;
const options = {
  nodes: { type: 'string' },
  folder: { type: 'string', default: '/etc/kamailio' },
  reload: { type: 'boolean', default: false },
  data,
  url,
} as const;

await command(help, options, async ({ values, positionals }) => {
  if (positionals.length > 0) throw new SetUpError(`I do not know "${positionals.join(' ')}".\n\n${help}`);
  const { folder } = values;
  const nodes =
    values.nodes === undefined
      ? await fleetNodes({ data: values.data, ...(values.url === undefined ? {} : { url: values.url }) })
      : namedNodes(values.nodes);
  const trunks = settings().PARLEY_SIP_TRUNKS;
  const files = { 'dispatcher.list': dispatcherList(nodes), 'address.list': trunkList(trunks) };
  for (const [name, text] of Object.entries(files)) {
    await writeFile(join(folder, name), text).catch((cause: unknown) => {
      throw new SetUpError(`Cannot write ${join(folder, name)}. Choose a folder with --folder, or run as its owner.`, {
        cause,
      });
    });
  }
  if (values.reload) await reload();
  const ready = nodes.filter(({ sipUri, state = 'up' }) => sipUri !== undefined && state === 'up').length;
  const networks = trunks.reduce((sum, { addresses }) => sum + addresses.length, 0);
  return `${ready} of ${nodes.length} nodes get calls; ${networks} networks may bring them. ${values.reload ? 'Kamailio has read it.' : `Written to ${folder}.`}\n`;
});

async function fleetNodes(options: { readonly data: string; readonly url?: string }): Promise<EdgeNode[]> {
  const { controlUrl, staffKey } = await installation({ ...options, business: '' });
  const response = await fetch(`${controlUrl}/v1/fleet`, {
    headers: { authorization: `Bearer ${staffKey}` },
    signal: AbortSignal.timeout(15_000),
  }).catch((cause: unknown) => {
    throw new SetUpError(`Nobody answers at ${controlUrl}. Start the control plane, or name it with --url.`, { cause });
  });
  if (!response.ok) throw new SetUpError(`${controlUrl}/v1/fleet answered ${response.status}.`);
  return v.parse(FleetList, await response.json()).nodes;
}

function namedNodes(list: string): EdgeNode[] {
  return list.split(',').map((text, index) => {
    const sipUri = text.trim();
    if (!/^sips?:[^\s<>"@]+$/.test(sipUri))
      throw new SetUpError(`--nodes takes addresses as sip:10.0.0.7:5060, separated by commas, not "${sipUri}".`);
    return { name: `node-${index + 1}`, sipUri };
  });
}

function settings(): ReturnType<typeof readTrunkSettings> {
  try {
    return readTrunkSettings(process.env);
  } catch (error) {
    throw new SetUpError(error instanceof Error ? error.message : String(error), { cause: error });
  }
}

async function reload(): Promise<void> {
  for (const order of ['dispatcher.reload', 'permissions.addressReload']) {
    await run('kamcmd', [order]).catch((cause: unknown) => {
      throw new SetUpError(
        `The lists are written, but kamcmd ${order} failed. Does Kamailio run here, and may you speak to it?`,
        { cause },
      );
    });
  }
}
