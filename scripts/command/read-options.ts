import { parseArgs, type ParseArgsConfig } from 'node:util';
import { installationOptions } from '../call/installation.ts';
import { SetUpError } from '../setup/set-up-error.mjs';

export type Options = NonNullable<ParseArgsConfig['options']>;

const helpOption = { help: { type: 'boolean', short: 'h', default: false } } as const;

/** Those that every command which asks an installation knows besides its own. */
export const staffOptions = { ...installationOptions, json: { type: 'boolean', default: false } } as const;

/** What was typed, or what is wrong with it and the help. */
export function readOptions<const Own extends Options>(args: readonly string[], own: Own, help: string) {
  try {
    return parseArgs({ args: [...args], allowPositionals: true, options: { ...helpOption, ...own } });
  } catch (error) {
    const what = error instanceof Error ? error.message.split('. To specify')[0] : String(error);
    throw new SetUpError(`${what}\n\n${help}`, { cause: error });
  }
}
