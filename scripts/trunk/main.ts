import { readFile } from 'node:fs/promises';
import { readTrunkSettings } from '../../server/config.ts';
import { systemResolver } from '../../server/transport/telephone/transport/system-resolver.ts';
import { judgeTrunk } from '../../server/transport/telephone/trunk-check/judge-trunk.ts';
import { probeTrunk } from '../../server/transport/telephone/trunk-check/probe-trunk.ts';
import { terminalLayout } from '../call/layout.ts';
import { asJson, command } from '../command/frame.ts';
import { SetUpError } from '../setup/set-up-error.mjs';
import { formatFindings, formatTrunks } from './format.ts';

const help = `Looks at the telephone trunks of PARLEY_SIP_TRUNKS.

  npm run trunk -- list            which there are
  npm run trunk -- check NAME      logs in, asks whether it is there, and says what to change

  --public-address ADDRESS   how trunks reach this machine; default PARLEY_ANNOUNCED_ADDRESS
  --json                     the findings, or the list, as JSON; passwords are left out
  --help                     this text

A check does not disturb a node that is running, nor its registration. It ends with 1 when calls will not work.
`;

const options = { 'public-address': { type: 'string' }, json: { type: 'boolean', default: false } } as const;

await command(help, options, async ({ values, positionals }) => {
  if (positionals.length === 0) return help;
  const [action, name, ...more] = positionals;
  const settings = settingsOf();
  const layout = terminalLayout();
  if (action === 'list' && name === undefined) {
    const trunks = settings.PARLEY_SIP_TRUNKS;
    return values.json ? `${JSON.stringify(trunks, withoutPasswords, 2)}\n` : formatTrunks(trunks, layout);
  }
  if (action !== 'check' || name === undefined || more.length > 0)
    throw new SetUpError(`I do not know "${positionals.join(' ')}".\n\n${help}`);
  const trunk = settings.PARLEY_SIP_TRUNKS.find((one) => one.name === name);
  if (!trunk) {
    const names = settings.PARLEY_SIP_TRUNKS.map((one) => one.name).join(', ');
    throw new SetUpError(`There is no trunk "${name}" in PARLEY_SIP_TRUNKS. There is: ${names || 'none'}.`);
  }
  const { address } = trunk;
  if (!address)
    throw new SetUpError(
      `Trunk "${name}" only brings calls, so there is nobody to ask. Set its "address" to check it; without "dial", no call is placed through it.`,
    );
  const announcedAddress = values['public-address'] ?? settings.PARLEY_ANNOUNCED_ADDRESS;
  const facts = await probeTrunk({
    trunk: { ...trunk, address },
    host: '0.0.0.0',
    announcedAddress,
    rtpPorts: settings.PARLEY_RTP_PORTS,
    authorities: await readAuthorities(settings.PARLEY_SIP_TLS_CA),
    resolver: systemResolver,
    now: Date.now,
  });
  const findings = judgeTrunk(trunk, facts, announcedAddress);
  if (findings.some(({ level }) => level === 'bad')) process.exitCode = 1;
  return values.json ? asJson({ trunk: name, findings, facts }) : formatFindings(name, findings, layout);
});

function settingsOf(): ReturnType<typeof readTrunkSettings> {
  try {
    return readTrunkSettings(process.env);
  } catch (error) {
    throw new SetUpError(error instanceof Error ? error.message : String(error), { cause: error });
  }
}

async function readAuthorities(file: string): Promise<string | undefined> {
  if (file === '') return undefined;
  return await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new SetUpError(`Cannot read ${file}. Set PARLEY_SIP_TLS_CA to a file in PEM that you may read.`, { cause });
  });
}

function withoutPasswords(key: string, value: unknown): unknown {
  return key === 'password' ? undefined : value;
}
