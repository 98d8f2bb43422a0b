import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { installation, installationHelp, installationOptions } from '../call/installation.ts';
import { terminalLayout } from '../call/layout.ts';
import { explainAndExit } from '../setup/explain.mjs';
import { SetUpError } from '../setup/set-up-error.mjs';
import { askCrm, fetchPreview, formatPreview, onlyKind, readConnection } from './crm.ts';

const help = `Connects a business to its CRM, and shows what would be written there. docs/crm.md explains it.

  npm run crm -- list                                        the connections, without their secrets
  npm run crm -- connect <crm> <file.yaml>                   connect, or change the mapping
  npm run crm -- check <crm>                                 token, fields and mapping, tried now
  npm run crm -- preview [<business>] <callId>               exactly what would be written of a call
  npm run crm -- disconnect <crm>

A <crm> is hubspot, pipedrive or salesforce.

  --crm NAME       for a preview: which CRM                (the one that is connected)
${installationHelp}
  --help           this text
`;

try {
  process.stdout.write(await run(process.argv.slice(2)));
} catch (error) {
  explainAndExit(error);
}

async function run(args: readonly string[]): Promise<string> {
  const { values, positionals } = parse(args);
  if (values.help) return help;
  const [command = 'list', first = '', second = ''] = positionals;
  const source = await installation(values);
  const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;
  switch (command) {
    case 'list':
      return json(await askCrm(source, 'GET', ''));
    case 'connect': {
      if (first === '' || second === '') throw new SetUpError(`Say which CRM, and the file.\n\n${help}`);
      const connection = readConnection(await read(second), process.env);
      return json(await askCrm(source, 'PUT', `/${encodeURIComponent(first)}`, connection));
    }
    case 'check':
      return json(await askCrm(source, 'POST', `/${encodeURIComponent(first || (await onlyKind(source)))}/check`));
    case 'disconnect':
      if (first === '') throw new SetUpError(`Say which CRM.\n\n${help}`);
      await askCrm(source, 'DELETE', `/${encodeURIComponent(first)}`);
      return `${source.business} is no longer connected to ${first}. What was written there stays.\n`;
    case 'preview': {
      const [business, callId] = second === '' ? [source.business, first] : [first, second];
      const asked = { ...source, business };
      return formatPreview(await fetchPreview(asked, values.crm ?? (await onlyKind(asked)), callId), terminalLayout());
    }
    default:
      throw new SetUpError(`There is no command "${command}".\n\n${help}`);
  }
}

async function read(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw new SetUpError(`Cannot read ${path}.`, { cause: error });
  }
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { ...installationOptions, crm: { type: 'string' }, help: { type: 'boolean', default: false } },
    });
  } catch (error) {
    throw new SetUpError(`${error instanceof Error ? error.message : String(error)}\n\n${help}`, { cause: error });
  }
}
