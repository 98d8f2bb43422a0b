import { DateTime } from 'luxon';
import type { CallList } from '../../contract/call-record.ts';
import { formatDuration, type Layout, printable, spell } from './layout.ts';

/** The latest calls, one a line. Ends with a line break. */
export function formatList({ calls }: CallList, { paint, timeZone }: Layout): string {
  if (calls.length === 0) return 'No calls yet. Open the demo site and talk to the agent.\n';
  const lines = calls.map((call) => {
    const when = DateTime.fromMillis(call.startMs, { zone: timeZone }).toFormat('yyyy-MM-dd HH:mm');
    const length = call.endMs === null ? '' : formatDuration(call.endMs - call.startMs);
    const lead = call.leadName ? `${printable(call.leadName)}${call.score === null ? '' : ` (${call.score})`}` : '';
    const how = call.outcome ? spell(call.outcome) : 'going on';
    return `${call.callId}  ${when}  ${paint('dim', `${call.door} ${call.mode}`.padEnd(13))}  ${length.padEnd(11)}  ${how.padEnd(19)}  ${lead}`.trimEnd();
  });
  return `${lines.join('\n')}\n\nRead one: npm run call -- <callId>\n`;
}
