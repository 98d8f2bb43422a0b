import { readFile, stat, writeFile } from 'node:fs/promises';
import { parseBundle, type Bundle } from '../../dialogue/playbook/bundle.ts';
import { compilePlaybook, PlaybookError } from '../../dialogue/playbook/compile.ts';
import { formatIssue } from '../../dialogue/playbook/issue.ts';
import { readOptions } from '../command/read-options.ts';
import { diffBundles, formatDiff } from './diff.ts';
import { readPlaybookFolder } from './read-folder.ts';
import { playbookSchema } from './schema.ts';
import { showPlaybook } from './show.ts';
import { recognizerWords, unknownWords } from './unknown-words.ts';

const usage = `Usage:
  npm run playbook -- check DIR                 say what is wrong in a playbook
  npm run playbook -- compile DIR [--out FILE]  write the bundle as JSON (to the terminal without --out)
  npm run playbook -- show DIR                  print what the agent knows, asks and says
  npm run playbook -- diff A B [--json]         what B says differently; each is a folder or a compiled bundle
  npm run playbook -- schema [--out FILE]       the JSON Schema of a playbook file, for editors

Exit code: 0 good, or the same; 1 errors in the playbook, or a difference; 2 wrong arguments or unreadable files.`;

type Print = (line: string) => void;

/** How many folders or bundles each command takes. */
const operands: Readonly<Record<string, number>> = { check: 1, compile: 1, show: 1, diff: 2, schema: 0 };

/** Runs one command; the exit code. Output goes through `print` and `complain`, a line each. */
export async function main(args: readonly string[], print: Print, complain: Print): Promise<number> {
  let parsed;
  try {
    parsed = readOptions(args, { out: { type: 'string' }, json: { type: 'boolean' } }, usage);
  } catch (error) {
    complain(messageOf(error));
    return 2;
  }
  const { values, positionals } = parsed;
  const [command = '', ...paths] = positionals;
  if (values.help) {
    print(usage);
    return 0;
  }
  if (!Object.hasOwn(operands, command) || operands[command] !== paths.length) {
    complain(usage);
    return 2;
  }
  try {
    return await run(command, paths, values, print, complain);
  } catch (error) {
    if (!(error instanceof PlaybookError)) {
      complain(messageOf(error));
      return 2;
    }
    error.issues.forEach((issue) => complain(formatIssue(issue)));
    return command === 'diff' ? 2 : 1;
  }
}

async function run(
  command: string,
  [first = '', second = '']: readonly string[],
  { out, json }: { out?: string | undefined; json?: boolean | undefined },
  print: Print,
  complain: Print,
): Promise<number> {
  const put = async (text: string) => (out === undefined ? print(text) : writeFile(out, `${text}\n`));
  if (command === 'schema') {
    await put(JSON.stringify(playbookSchema(), null, 2));
    return 0;
  }
  if (command === 'diff') {
    const [before, after] = [await load(first), await load(second)];
    const changes = diffBundles(before, after);
    if (json === true) print(JSON.stringify({ before: before.hash, after: after.hash, changes }, null, 2));
    else if (changes.length > 0) print(formatDiff(changes));
    else print(before.hash === after.hash ? 'The same.' : 'The same, learnt by different versions of the compiler.');
    return changes.length > 0 ? 1 : 0;
  }
  const files = await readPlaybookFolder(first);
  const { bundle, warnings } = await compilePlaybook(files);
  const known = await recognizerWords();
  const unheard = known === null ? [] : unknownWords(bundle.speech.words, known, files);
  for (const warning of [...warnings, ...unheard]) complain(`warning: ${formatIssue(warning)}`);
  if (known === null && command === 'check')
    complain('note: the recogniser is not installed here (pocketsphinx-en-us), so its words were not checked.');
  if (command === 'show') print(showPlaybook(bundle));
  else if (command === 'compile') await put(JSON.stringify(bundle));
  if (command === 'check' || out !== undefined)
    print(
      `${bundle.business.name}: ${bundle.facts.length} facts, ${bundle.questions.length} questions, ${bundle.objections.length} objections, ${bundle.hash}`,
    );
  return 0;
}

/** A playbook folder, compiled, or a bundle that was compiled before. */
async function load(path: string): Promise<Bundle> {
  if ((await stat(path)).isDirectory()) return (await compilePlaybook(await readPlaybookFolder(path))).bundle;
  const json: unknown = JSON.parse(await readFile(path, 'utf8'));
  return parseBundle(json);
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

if (import.meta.main) {
  process.exitCode = await main(
    process.argv.slice(2),
    (line) => console.log(line),
    (line) => console.error(line),
  );
}
