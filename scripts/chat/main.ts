import { createInterface } from 'node:readline';
import { DateTime } from 'luxon';
import * as v from 'valibot';
import { PhoneNumber } from '../../contract/primitives.ts';
import type { Bundle } from '../../dialogue/playbook/bundle.ts';
import { compilePlaybook, PlaybookError } from '../../dialogue/playbook/compile.ts';
import { formatIssue } from '../../dialogue/playbook/issue.ts';
import { readOptions } from '../command/read-options.ts';
import { SetUpError } from '../setup/set-up-error.mjs';
import { readPlaybookFolder } from '../playbook/read-folder.ts';
import { ChatSession } from './session.ts';
import { coloured, plain } from './style.ts';

const usage = `npm run chat [-- FOLDER] [options]

Talk to a playbook in the terminal, and see why the agent says what it says. FOLDER: demo/playbook.
  --spoken     as on the telephone: numbers and addresses as words, the disclosure is spoken
  --from TEL   what the carrier shows, as +13035550123
  --now TIME   the clock on the business's wall, as 2026-11-23T10:00; the real time without it`;

interface Options {
  readonly folder: string;
  readonly spoken: boolean;
  readonly from?: string;
  readonly now?: string;
}

/** Where a chat takes place. */
export interface Terminal {
  readonly colours: boolean;
  print(line: string): void;
  complain(line: string): void;
  /** Begins to read: what is piped in earlier than anybody listens would be lost. */
  open(): { readonly lines: AsyncIterable<string>; prompt(): void };
}

/** Talks until the caller or the agent hangs up; the exit code. */
export async function chat(args: readonly string[], terminal: Terminal): Promise<number> {
  let options: Options | null;
  try {
    options = optionsOf(args);
  } catch (error) {
    terminal.complain(error instanceof Error ? error.message : String(error));
    return 2;
  }
  if (options === null) {
    terminal.print(usage);
    return 0;
  }
  const bundle = await bundleOf(options.folder, terminal);
  if (bundle === null) return 1;
  const { spoken, from, now } = options;
  const start = now === undefined ? null : DateTime.fromISO(now, { zone: bundle.scheduling.timeZone });
  const paint = terminal.colours ? coloured : plain;
  terminal.print(
    paint('heading', `${bundle.business.name}, playbook ${bundle.hash.slice(0, 12)}. /help lists commands.`),
  );
  const session = new ChatSession(bundle, {
    spoken,
    ...(from === undefined ? {} : { callsFrom: from }),
    now: () => (start ?? DateTime.now()).toMillis(),
    paint,
    print: (line) => terminal.print(line),
  });
  const { lines, prompt } = terminal.open();
  prompt();
  for await (const line of lines) {
    if (!session.take(line)) return 0;
    prompt();
  }
  session.hangUp();
  return 0;
}

function optionsOf(args: readonly string[]): Options | null {
  const own = { spoken: { type: 'boolean' }, from: { type: 'string' }, now: { type: 'string' } } as const;
  const { values, positionals } = readOptions(args, own, usage);
  if (values.help) return null;
  const wrong = (what: string): SetUpError => new SetUpError(`${what}\n\n${usage}`);
  if (positionals.length > 1) throw wrong(`One playbook folder, not ${positionals.length}.`);
  const { from, now } = values;
  if (from !== undefined && !v.safeParse(PhoneNumber, from).success)
    throw wrong(`--from takes a number as +13035550123, not "${from}".`);
  if (now !== undefined && !DateTime.fromISO(now).isValid)
    throw wrong(`--now takes a time as 2026-11-23T10:00, not "${now}".`);
  return {
    folder: positionals[0] ?? 'demo/playbook',
    spoken: values.spoken ?? false,
    ...(from === undefined ? {} : { from }),
    ...(now === undefined ? {} : { now }),
  };
}

/** Null when the playbook has mistakes; they are told as `npm run playbook -- check` tells them. */
async function bundleOf(folder: string, { complain }: { complain(line: string): void }): Promise<Bundle | null> {
  try {
    const { bundle, warnings } = await compilePlaybook(await readPlaybookFolder(folder));
    for (const warning of warnings) complain(`warning: ${formatIssue(warning)}`);
    return bundle;
  } catch (error) {
    if (error instanceof PlaybookError) for (const issue of error.issues) complain(formatIssue(issue));
    else complain(error instanceof Error ? error.message : String(error));
    return null;
  }
}

if (import.meta.main) {
  const { stdin, stdout, argv, env } = process;
  process.exitCode = await chat(argv.slice(2), {
    colours: stdout.isTTY && env['NO_COLOR'] === undefined,
    print: (line) => console.log(line),
    complain: (line) => console.error(line),
    open: () => {
      const lines = createInterface({ input: stdin, ...(stdin.isTTY ? { output: stdout, prompt: '> ' } : {}) });
      return { lines, prompt: () => lines.prompt() };
    },
  });
}
