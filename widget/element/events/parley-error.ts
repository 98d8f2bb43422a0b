/** A call could not start. `code` is the host's (`at-capacity`, `rate-limited` …) or the widget's own (`unreachable` …). */
export type ParleyErrorEvent = CustomEvent<{ readonly code: string }>;
