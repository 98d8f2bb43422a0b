import { asJson, staffCommand, unknownCommand } from '../command/frame.ts';
import { installation, installationHelp } from '../call/installation.ts';
import { terminalLayout } from '../call/layout.ts';
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

await staffCommand(help, options, async ({ values, positionals }) => {
  const [command = 'list', callId = ''] = positionals;
  const layout = terminalLayout();
  if (command === 'list') {
    const list = await fetchCallBacks(await installation(values), values.done);
    if (values.json) return asJson(list);
    if (list.callBacks.length > 0) return formatCallBacks(list.callBacks, layout, Date.now());
    return values.done ? 'No call backs were made yet.\n' : 'No call backs are open.\n';
  }
  if (command !== 'done') throw unknownCommand(command, help);
  const by = values.by?.trim();
  if (callId === '' || !by) throw new SetUpError(`Say which call and who called back.\n\n${help}`);
  const callBack = await markDone(await installation(values), callId.toLowerCase(), by);
  return values.json ? asJson(callBack) : formatCallBacks([callBack], layout, Date.now());
});
