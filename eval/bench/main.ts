import { type BenchArguments, parseBenchArguments, usage, UsageError } from './arguments.ts';

try {
  await run();
} catch (cause) {
  if (!(cause instanceof UsageError)) throw cause;
  console.error(`${cause.message}\n\n${usage}`);
  process.exitCode = 2;
}

/** The result on stdout, progress on stderr. A bench is loaded when it is wanted: each brings half the product. */
async function run(): Promise<void> {
  const wanted = parseBenchArguments(process.argv.slice(2));
  if (wanted.bench === 'help') {
    console.log(usage);
    return;
  }
  const { report, table } = await runBench(wanted, console.error);
  console.log(wanted.json ? JSON.stringify(report) : table);
}

async function runBench(
  wanted: Exclude<BenchArguments, { bench: 'help' }>,
  progress: (line: string) => void,
): Promise<{ report: object; table: string }> {
  switch (wanted.bench) {
    case 'latency':
      return await (await import('./latency.ts')).runLatency({ door: wanted.door, turns: wanted.turns, progress });
    case 'capacity':
      return await (await import('./capacity.ts')).runCapacity({ progress });
    case 'sip':
      return await (await import('./sip/sip.ts')).runSip({ progress });
    case 'records':
      return await (await import('./records/records.ts')).runRecords({ progress });
    case 'recording':
      return await (await import('./recording.ts')).runRecording({ progress });
    case 'relay':
      return await (await import('./relay/relay.ts')).runRelay({ progress });
    default:
      return wanted satisfies never;
  }
}
