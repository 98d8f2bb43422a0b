import { installation, installationHelp } from '../call/installation.ts';
import { terminalLayout } from '../call/layout.ts';
import { readOptions } from '../call/read-options.ts';
import { explainAndExit } from '../setup/explain.mjs';
import { SetUpError } from '../setup/set-up-error.mjs';
import { fetchCallBacks, formatCallBacks, markDone } from './call-backs.ts';

const help = `Lists the call backs that were promised and not made yet, and marks them done.

  npm run call-backs                                   the open ones, soonest due first
  npm run call-backs -- list --done                    those that were made, newest first
  npm run call-backs -- done <callId> --by NAME        NAME has called back

${installationHelp}
  --json           the answer as JSON
  --help           this text
`;

const options = { by: { type: 'string' }, done: { type: 'boolean', default: false } } as const;

try {
  process.stdout.write(await run(process.argv.slice(2)));
} catch (error) {
  explainAndExit(error);
}

async function run(args: readonly string[]): Promise<string> {
  const { values, positionals } = readOptions(args, options, help);
  if (values.help) return help;
  const [command = 'list', callId = ''] = positionals;
  const layout = terminalLayout();
  if (command === 'list') {
    const list = await fetchCallBacks(await installation(values), values.done);
    if (values.json) return `${JSON.stringify(list, null, 2)}\n`;
    if (list.callBacks.length > 0) return formatCallBacks(list.callBacks, layout, Date.now());
    return values.done ? 'No call backs were made yet.\n' : 'No call backs are open.\n';
  }
  if (command !== 'done') throw new SetUpError(`There is no command "${command}".\n\n${help}`);
  const by = values.by?.trim();
  if (callId === '' || !by) throw new SetUpError(`Say which call and who called back.\n\n${help}`);
  const callBack = await markDone(await installation(values), callId.toLowerCase(), by);
  return values.json ? `${JSON.stringify(callBack, null, 2)}\n` : formatCallBacks([callBack], layout, Date.now());
}
