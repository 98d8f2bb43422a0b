type Level = 'debug' | 'info' | 'warn' | 'error';

/** Anything but names, numbers and words of people: those go under `pii`. */
export type LogFields = Readonly<Record<string, unknown>> & {
  /** Personal data. Left out unless the log was made with `showPii`. */
  readonly pii?: Readonly<Record<string, unknown>>;
  /** What went wrong; its message and cause are logged, its stack only at `debug`. */
  readonly error?: unknown;
};

/** JSON lines: a static message and fields. */
export interface Log {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
}

const severity: Record<Level, number> = { debug: 0, info: 1, warn: 2, error: 3 };

export interface LogOptions {
  readonly write: (line: string) => void;
  readonly now: () => number;
  readonly level?: Level;
  readonly showPii?: boolean;
}

export function createLog({ write, now, level = 'info', showPii = false }: LogOptions): Log {
  const line =
    (of: Level) =>
    (message: string, fields: LogFields = {}) => {
      if (severity[of] < severity[level]) return;
      const { pii, error, ...rest } = fields;
      const time = new Date(now()).toISOString();
      const shown = pii === undefined ? {} : { pii: showPii ? pii : '[redacted]' };
      const failure = error === undefined ? {} : { error: describe(error, level === 'debug') };
      write(JSON.stringify({ time, level: of, message, ...rest, ...shown, ...failure }));
    };
  return { debug: line('debug'), info: line('info'), warn: line('warn'), error: line('error') };
}

function describe(error: unknown, withStack: boolean): unknown {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause === undefined ? {} : { cause: describe(error.cause, withStack) };
  return { message: error.message, ...cause, ...(withStack ? { stack: error.stack } : {}) };
}
