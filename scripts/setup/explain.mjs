import { CommandError } from './command.mjs';
import { SetUpError } from './set-up-error.mjs';

/**
 * Says what went wrong and ends the program. A stack trace only where nobody foresaw the error.
 *
 * @param {unknown} error
 * @returns {never}
 */
export function explainAndExit(error) {
  const foreseen = error instanceof SetUpError || error instanceof CommandError;
  process.stderr.write(`${foreseen ? error.message : error instanceof Error ? error.stack : String(error)}\n`);
  process.exit(1);
}
