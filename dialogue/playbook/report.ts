import { nearest, type PlaybookIssue } from './issue.ts';
import type { Located } from './read-yaml.ts';

export type Path = readonly (string | number)[];

/** Collects what checks find, each with its file and line. */
export interface Report {
  readonly errors: readonly PlaybookIssue[];
  readonly warnings: readonly PlaybookIssue[];
  error(path: Path, message: string, suggestion?: string): void;
  warn(path: Path, message: string, suggestion?: string): void;
  /** An error when `id` is none of those that are known. */
  refers(id: string, known: readonly string[], path: Path, what: string): void;
  /** What another report has found. */
  add(errors: readonly PlaybookIssue[], warnings: readonly PlaybookIssue[]): void;
  locate: Located['locate'];
}

export function newReport(locate: Located['locate']): Report {
  const errors: PlaybookIssue[] = [];
  const warnings: PlaybookIssue[] = [];
  const addTo = (list: PlaybookIssue[]) => (path: Path, message: string, suggestion?: string) => {
    list.push({ ...locate(path), message, ...(suggestion === undefined ? {} : { suggestion }) });
  };
  const error = addTo(errors);
  const refers = (id: string, known: readonly string[], path: Path, what: string) => {
    if (known.includes(id)) return;
    const near = nearest(id, known);
    const suggestion = near === undefined ? `known: ${known.join(', ') || 'none'}` : `did you mean "${near}"?`;
    error(path, `There is no ${what} "${id}".`, suggestion);
  };
  const add = (moreErrors: readonly PlaybookIssue[], moreWarnings: readonly PlaybookIssue[]) => {
    errors.push(...moreErrors);
    warnings.push(...moreWarnings);
  };
  return { errors, warnings, error, warn: addTo(warnings), refers, add, locate };
}
