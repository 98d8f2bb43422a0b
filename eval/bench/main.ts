import { parseArgs } from 'node:util';
import { runCapacity } from './capacity.ts';
import { runLatency } from './latency.ts';

const usage = `npm run bench -- latency [--turns 20] [--json]
npm run bench -- capacity [--json]

latency   a real browser talks to the whole product: how long until the agent is heard
capacity  how many calls at once one core of media node carries`;

/** A mistake in the command line: one line, and how it is done. */
class UsageError extends Error {}

try {
  await main(process.argv.slice(2));
} catch (cause) {
  if (!(cause instanceof UsageError)) throw cause;
  console.error(`${cause.message}\n\n${usage}`);
  process.exitCode = 2;
}

async function main(args: string[]): Promise<void> {
  const { name, turns, json, help } = parse(args);
  const progress = (line: string): void => console.error(line);
  if (help) {
    console.log(usage);
  } else if (name === 'latency') {
    const { report, table } = await runLatency({ turns, progress });
    console.log(json ? JSON.stringify(report) : table);
  } else {
    const { report, table } = await runCapacity({ progress });
    console.log(json ? JSON.stringify(report) : table);
  }
}

function parse(args: string[]): { name: 'latency' | 'capacity'; turns: number; json: boolean; help: boolean } {
  let parsed;
  try {
    parsed = parseArgs({
      args,
      allowPositionals: true,
      options: { turns: { type: 'string' }, json: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } },
    });
  } catch (cause) {
    throw new UsageError(cause instanceof Error ? cause.message : String(cause), { cause });
  }
  const { values, positionals } = parsed;
  const [name = '', ...more] = positionals;
  const { json = false, help = false, turns = '20' } = values;
  if (help) return { name: 'latency', turns: 0, json, help };
  if (name !== 'latency' && name !== 'capacity') {
    throw new UsageError(name === '' ? 'Which bench?' : `There is no bench named "${name}".`);
  }
  if (more.length > 0) throw new UsageError(`One bench at a time: "${more.join(' ')}" is too much.`);
  if (name === 'capacity' && values.turns !== undefined) throw new UsageError('--turns belongs to the latency bench.');
  if (!/^[1-9]\d{0,3}$/.test(turns)) throw new UsageError(`--turns takes a number from 1 to 9999, not "${turns}".`);
  return { name, turns: Number(turns), json, help };
}
