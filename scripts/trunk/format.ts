import type { Finding } from '../../server/transport/telephone/trunk-check/judge-trunk.ts';
import type { Trunk } from '../../server/transport/telephone/auth/trunk.ts';
import { wrap, type Layout, type Tone } from '../call/layout.ts';

const marks: Readonly<Record<Finding['level'], readonly [Tone, string]>> = {
  good: ['green', 'ok'],
  doubtful: ['yellow', 'look'],
  bad: ['red', 'BAD'],
};
const indent = 6;

/** One finding a paragraph, what to change below it. */
export function formatFindings(name: string, findings: readonly Finding[], { paint, width }: Layout): string {
  const lines = findings.flatMap(({ level, what, change }) => {
    const [tone, mark] = marks[level];
    const [first = '', ...rest] = wrap(what, width - indent);
    const advice = change === undefined ? [] : wrap(`→ ${change}`, width - indent);
    return [paint(tone, mark.padEnd(indent)) + first, ...[...rest, ...advice].map((line) => ' '.repeat(indent) + line)];
  });
  const count = (level: Finding['level']): number => findings.filter((one) => one.level === level).length;
  const verdict =
    count('bad') > 0
      ? `Calls will not work like that: ${count('bad')} to mend.`
      : count('doubtful') > 0
        ? `It should work; ${count('doubtful')} to look at.`
        : 'It should work.';
  return `${paint('bold', `Trunk ${name}`)}\n${lines.join('\n')}\n\n${verdict}\n`;
}

/** A line a trunk. */
export function formatTrunks(trunks: readonly Trunk[], { paint }: Layout): string {
  if (trunks.length === 0) return 'There are no trunks: PARLEY_SIP_TRUNKS is empty. See docs/phone.md.\n';
  const longest = Math.max(...trunks.map(({ name }) => name.length));
  const lines = trunks.map((trunk) => `${paint('bold', trunk.name.padEnd(longest))}  ${describe(trunk)}`);
  return `${lines.join('\n')}\n`;
}

/** Without a password. */
function describe({ addresses, login, address, account, register, dial = [] }: Trunk): string {
  const inbound = [...addresses, ...(login ? [`login ${login.username}`] : [])].join(', ');
  const parts = [
    inbound === '' ? 'brings no calls' : `brings calls from ${inbound}`,
    ...(address ? [`is called at ${address.host}${address.port === undefined ? '' : `:${address.port}`}`] : []),
    ...(address?.transport ? [`over ${address.transport}`] : []),
    ...(account ? [`as ${account.username}${register ? ', registered' : ''}`] : []),
    ...(address ? [dial.length === 0 ? 'may dial nothing' : `may dial ${dial.join(', ')}`] : []),
  ];
  return parts.join('; ');
}
