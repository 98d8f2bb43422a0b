import { readFile } from 'node:fs/promises';
import { installation, installationHelp, installationOptions } from '../call/installation.ts';
import { terminalLayout } from '../call/layout.ts';
import { asJson, command, unknownCommand } from '../command/frame.ts';
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

const options = { ...installationOptions, crm: { type: 'string' } } as const;

await command(help, options, async ({ values, positionals }) => {
  const [name = 'list', first = '', second = ''] = positionals;
  const source = await installation(values);
  switch (name) {
    case 'list':
      return asJson(await askCrm(source, 'GET', ''));
    case 'connect': {
      if (first === '' || second === '') throw new SetUpError(`Say which CRM, and the file.\n\n${help}`);
      const connection = readConnection(await read(second), process.env);
      return asJson(await askCrm(source, 'PUT', `/${encodeURIComponent(first)}`, connection));
    }
    case 'check':
      return asJson(await askCrm(source, 'POST', `/${encodeURIComponent(first || (await onlyKind(source)))}/check`));
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
      throw unknownCommand(name, help);
  }
});

async function read(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw new SetUpError(`Cannot read ${path}.`, { cause: error });
  }
}
