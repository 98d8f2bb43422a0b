import { parseArgs } from 'node:util';
import { explainAndExit } from '../setup/explain.mjs';
import { SetUpError } from '../setup/set-up-error.mjs';
import { formatCall } from './format-call.ts';
import { formatList } from './format-list.ts';
import { installation, installationHelp, installationOptions } from './installation.ts';
import { terminalLayout } from './layout.ts';
import { fetchCall, fetchCalls } from './records.ts';

const help = `Prints a call: what was said and why, how fast, and what came of it.

  npm run call                      the latest calls
  npm run call -- <callId>          one call

${installationHelp}
  --json           the record as JSON
  --help           this text
`;

try {
  process.stdout.write(await run(process.argv.slice(2)));
} catch (error) {
  explainAndExit(error);
}

async function run(args: readonly string[]): Promise<string> {
  const { values, positionals } = parse(args);
  if (values.help) return help;
  const source = await installation(values);
  const layout = terminalLayout();
  const [callId] = positionals;
  if (callId === undefined) {
    const list = await fetchCalls(source);
    return values.json ? `${JSON.stringify(list, null, 2)}\n` : formatList(list, layout);
  }
  const record = await fetchCall(source, callId.toLowerCase());
  return values.json ? `${JSON.stringify(record, null, 2)}\n` : formatCall(record, layout);
}

function parse(args: readonly string[]) {
  try {
    const parsed = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        ...installationOptions,
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
    if (parsed.positionals.length > 1) throw new Error(`One call at a time: ${parsed.positionals.join(', ')}.`);
    return parsed;
  } catch (error) {
    throw new SetUpError(
      `${error instanceof Error ? error.message.split('. To specify')[0] : String(error)}\n\n${help}`,
      { cause: error },
    );
  }
}
