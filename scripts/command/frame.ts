import { explainAndExit } from '../setup/explain.mjs';
import { SetUpError } from '../setup/set-up-error.mjs';
import { readOptions, staffOptions, type Options } from './read-options.ts';

type Typed<Own extends Options> = ReturnType<typeof readOptions<Own>>;

/**
 * A command of the terminal: the help where it is asked for, else what `run` makes of what was typed. What goes wrong is said in
 * words, and ends it with 1.
 */
export async function command<const Own extends Options>(
  help: string,
  options: Own,
  run: (typed: Typed<Own>) => Promise<string | void>,
): Promise<void> {
  try {
    const typed = readOptions(process.argv.slice(2), options, help);
    process.stdout.write(wantsHelp(typed.values) ? help : ((await run(typed)) ?? ''));
  } catch (error) {
    explainAndExit(error);
  }
}

/** One that asks an installation. */
export async function staffCommand<const Own extends Options>(
  help: string,
  options: Own,
  run: (typed: Typed<typeof staffOptions & Own>) => Promise<string | void>,
): Promise<void> {
  await command<typeof staffOptions & Own>(help, { ...staffOptions, ...options }, run);
}

const wantsHelp = (values: object): boolean => 'help' in values && values.help === true;

export const unknownCommand = (name: string, help: string): SetUpError =>
  new SetUpError(`There is no command "${name}".\n\n${help}`);

/** With a line break. */
export const asJson = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;
