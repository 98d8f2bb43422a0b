import { parseArgs, type ParseArgsConfig } from 'node:util';
import { SetUpError } from '../setup/set-up-error.mjs';
import { installationOptions } from './installation.ts';

const common = {
  ...installationOptions,
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const;

/** What was typed, or what is wrong with it and the help. Every command that asks an installation knows these options too. */
export function readOptions<const Own extends NonNullable<ParseArgsConfig['options']>>(
  args: readonly string[],
  own: Own,
  help: string,
) {
  try {
    return parseArgs({ args: [...args], allowPositionals: true, options: { ...common, ...own } });
  } catch (error) {
    const what = error instanceof Error ? error.message.split('. To specify')[0] : String(error);
    throw new SetUpError(`${what}\n\n${help}`, { cause: error });
  }
}
