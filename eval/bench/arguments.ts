import { parseArgs } from 'node:util';
import type { LatencyDoor } from './latency-report.ts';

export const usage = `npm run bench -- latency [--door browser|phone] [--turns 20] [--json]
npm run bench -- capacity [--json]
npm run bench -- sip [--json]
npm run bench -- records [--json]
npm run bench -- recording [--json]
npm run bench -- relay [--json]

latency   a real browser, or a telephone, talks to the whole product: how long until the agent is heard
capacity  how many calls at once one core of media node carries
sip       how many calls a second one core sets up and tears down, and what a leg with audio costs
records   how fast the control plane stores events, books, and takes webhooks
recording what recording adds to a call: CPU, and bytes
relay     what a call costs in which two people talk, and how late they hear each other: relayed, and as samples`;

export type BenchArguments =
  | { readonly bench: 'help' }
  | { readonly bench: 'latency'; readonly door: LatencyDoor; readonly turns: number; readonly json: boolean }
  | { readonly bench: 'capacity' | 'sip' | 'records' | 'recording' | 'relay'; readonly json: boolean };

const benches = ['latency', 'capacity', 'sip', 'records', 'recording', 'relay'] as const;

/** A mistake in the command line. */
export class UsageError extends Error {}

export function parseBenchArguments(args: readonly string[]): BenchArguments {
  const { values, positionals } = parse(args);
  const { json = false, turns = '20', door = 'browser' } = values;
  const [bench, ...more] = positionals;
  if (values.help === true) return { bench: 'help' };
  if (bench === undefined) throw new UsageError('Which bench?');
  const known = benches.find((name) => name === bench);
  if (known === undefined) throw new UsageError(`There is no bench named "${bench}".`);
  if (more.length > 0) throw new UsageError(`One bench at a time: "${more.join(' ')}" is too much.`);
  if (known === 'latency') {
    if (!/^[1-9]\d{0,3}$/.test(turns)) throw new UsageError(`--turns takes a number from 1 to 9999, not "${turns}".`);
    if (door !== 'browser' && door !== 'phone') throw new UsageError(`--door is browser or phone, not "${door}".`);
    return { bench: known, door, turns: Number(turns), json };
  }
  const foreign = (['turns', 'door'] as const).find((name) => values[name] !== undefined);
  if (foreign !== undefined) throw new UsageError(`--${foreign} belongs to the latency bench.`);
  return { bench: known, json };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        turns: { type: 'string' },
        door: { type: 'string' },
        json: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    });
  } catch (cause) {
    throw new UsageError(cause instanceof Error ? cause.message : String(cause), { cause });
  }
}
