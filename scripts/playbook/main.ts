import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { compilePlaybook, PlaybookError } from '../../dialogue/playbook/compile.ts';
import { formatIssue } from '../../dialogue/playbook/issue.ts';
import { readPlaybookFolder } from './read-folder.ts';
import { showPlaybook } from './show.ts';

const usage = `Usage:
  npm run playbook -- check DIR                 say what is wrong in a playbook
  npm run playbook -- compile DIR [--out FILE]  write the bundle as JSON (to the terminal without --out)
  npm run playbook -- show DIR                  print what the agent knows, asks and says`;

/** Runs one command; the exit code. Output goes through `print` and `complain`, a line each. */
export async function main(
  args: readonly string[],
  print: (line: string) => void,
  complain: (line: string) => void,
): Promise<number> {
  let parsed;
  try {
    parsed = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { out: { type: 'string' }, help: { type: 'boolean', short: 'h' } },
    });
  } catch (error) {
    complain(error instanceof Error ? error.message : String(error));
    complain(usage);
    return 2;
  }
  const [command, directory, ...more] = parsed.positionals;
  if (parsed.values.help === true) {
    print(usage);
    return 0;
  }
  const known = command === 'check' || command === 'compile' || command === 'show';
  if (!known || directory === undefined || more.length > 0) {
    complain(usage);
    return 2;
  }
  try {
    const { bundle, warnings } = await compilePlaybook(await readPlaybookFolder(directory));
    for (const warning of warnings) complain(`warning: ${formatIssue(warning)}`);
    if (command === 'show') print(showPlaybook(bundle));
    else if (command === 'compile' && parsed.values.out === undefined) print(JSON.stringify(bundle));
    else {
      if (command === 'compile' && parsed.values.out !== undefined)
        await writeFile(parsed.values.out, JSON.stringify(bundle));
      print(
        `${bundle.business.name}: ${bundle.facts.length} facts, ${bundle.questions.length} questions, ${bundle.objections.length} objections, ${bundle.hash}`,
      );
    }
    return 0;
  } catch (error) {
    if (error instanceof PlaybookError) error.issues.forEach((issue) => complain(formatIssue(issue)));
    else complain(error instanceof Error ? error.message : String(error));
    return 1;
  }
}

if (import.meta.main) {
  process.exitCode = await main(
    process.argv.slice(2),
    (line) => console.log(line),
    (line) => console.error(line),
  );
}
