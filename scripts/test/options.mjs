import { parseArgs } from 'node:util';
import { SetUpError } from '../setup/set-up-error.mjs';
import { groups } from './steps.mjs';

export const helpText = `Sets up what is missing, then runs every check and test.

  npm test                          everything
  npm test -- --only unit,types     some: ${groups.join(', ')}
  npm test -- unit call             the same, shorter

The last line is "N passed, N failed". Every lint, type and dependency check counts as one test.
`;

/**
 * @param {readonly string[]} args
 * @returns {{ help: boolean, only: ReadonlySet<string> }}
 */
export function parseTestOptions(args) {
  /** @type {{ values: { only?: string[] | undefined, help?: boolean | undefined }, positionals: string[] }} */
  let parsed;
  try {
    parsed = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { only: { type: 'string', multiple: true }, help: { type: 'boolean', short: 'h' } },
    });
  } catch (error) {
    throw new SetUpError(`${error instanceof Error ? error.message : String(error)}\n\n${helpText}`, { cause: error });
  }
  const names = [...(parsed.values.only ?? []), ...parsed.positionals]
    .flatMap((text) => text.split(','))
    .filter(Boolean);
  const unknown = names.find((name) => !groups.some((group) => group === name));
  if (unknown) throw new SetUpError(`There is no group "${unknown}". Choose from ${groups.join(', ')}.`);
  return { help: parsed.values.help ?? false, only: new Set(names.length > 0 ? names : groups) };
}
