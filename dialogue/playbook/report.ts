import type { PlaybookIssue } from './issue.ts';
import type { Located } from './read-yaml.ts';

type Path = readonly (string | number)[];

/** Collects what checks find, each with its file and line. */
export interface Report {
  readonly errors: readonly PlaybookIssue[];
  readonly warnings: readonly PlaybookIssue[];
  error(path: Path, message: string, suggestion?: string): void;
  warn(path: Path, message: string, suggestion?: string): void;
  locate: Located['locate'];
}

export function newReport(locate: Located['locate']): Report {
  const errors: PlaybookIssue[] = [];
  const warnings: PlaybookIssue[] = [];
  const add = (to: PlaybookIssue[]) => (path: Path, message: string, suggestion?: string) => {
    to.push({ ...locate(path), message, ...(suggestion === undefined ? {} : { suggestion }) });
  };
  return { errors, warnings, error: add(errors), warn: add(warnings), locate };
}
