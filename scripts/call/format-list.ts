import { DateTime } from 'luxon';
import type { CallList } from '../../contract/call-record.ts';
import { formatDuration, type Layout, printable, spell } from './layout.ts';

/** The latest calls, one a line. Ends with a line break. */
export function formatList({ calls, nextCursor }: CallList, { paint, timeZone }: Layout, filtered = false): string {
  if (calls.length === 0 && filtered) return 'No call is like that. A search finds calls that are over.\n';
  if (calls.length === 0) return 'No calls yet. Open the demo site and talk to the agent.\n';
  const lines = calls.map((call) => {
    const when = DateTime.fromMillis(call.startMs, { zone: timeZone }).toFormat('yyyy-MM-dd HH:mm');
    const length = call.endMs === null ? '' : formatDuration(call.endMs - call.startMs);
    const lead = call.leadName ? `${printable(call.leadName)}${call.score === null ? '' : ` (${call.score})`}` : '';
    const how = call.outcome ? spell(call.outcome) : 'going on';
    return `${call.callId}  ${when}  ${paint('dim', `${call.door} ${call.mode}`.padEnd(13))}  ${length.padEnd(11)}  ${how.padEnd(19)}  ${lead}`.trimEnd();
  });
  const more = nextCursor === null ? '' : `Older ones: --cursor ${nextCursor}\n`;
  return `${lines.join('\n')}\n\nRead one: npm run call -- <callId>\n${more}`;
}
