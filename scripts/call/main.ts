import { asJson, staffCommand } from '../command/frame.ts';
import { SetUpError } from '../setup/set-up-error.mjs';
import { formatCall } from './format-call.ts';
import { formatList } from './format-list.ts';
import { installation, installationHelp } from './installation.ts';
import { terminalLayout } from './layout.ts';
import { saveRecording } from './save-recording.ts';
import { fetchCall, fetchCalls, queryText } from './records.ts';

const help = `Prints a call: what was said and why, how fast, and what came of it.

  npm run call                      the latest calls
  npm run call -- <callId>          one call
  npm run call -- <callId> --recording FILE    its sound, as Opus in Ogg: the caller left, the agent right
  npm run call -- --search WORDS    calls with each of these words in what was said, or in who called

  --stage, --outcome, --door, --min-score   only such calls, as --stage qualified --min-score 60
  --cursor TEXT    the next page, as the page before says

${installationHelp}
  --json           the record as JSON
  --help           this text
`;

const filterOptions = {
  search: { type: 'string' },
  stage: { type: 'string' },
  outcome: { type: 'string' },
  door: { type: 'string' },
  'min-score': { type: 'string' },
  cursor: { type: 'string' },
  recording: { type: 'string' },
} as const;

await staffCommand(help, filterOptions, async ({ values, positionals }) => {
  const [callId, ...more] = positionals;
  if (more.length > 0) throw new SetUpError(`One call at a time: ${positionals.join(', ')}.\n\n${help}`);
  const source = await installation(values);
  const layout = terminalLayout();
  if (callId === undefined) {
    if (values.recording !== undefined) throw new SetUpError(`Name the call whose recording you want.\n\n${help}`);
    const { search, stage, outcome, door, 'min-score': minScore, cursor } = values;
    const filter = { search, stage, outcome, door, minScore, cursor };
    const list = await fetchCalls(source, filter);
    return values.json ? asJson(list) : formatList(list, layout, queryText(filter) !== '');
  }
  if (values.recording !== undefined) {
    const bytes = await saveRecording(source, callId.toLowerCase(), values.recording);
    return `${values.recording}: ${bytes} bytes of Opus in Ogg. Any player plays it.\n`;
  }
  const record = await fetchCall(source, callId.toLowerCase());
  return values.json ? asJson(record) : formatCall(record, layout);
});
