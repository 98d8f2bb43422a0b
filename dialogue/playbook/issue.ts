/** One thing wrong in a playbook file, said so that its owner can mend it. */
export interface PlaybookIssue {
  readonly file: string;
  /** Counted from 1. */
  readonly line: number;
  /** As `facts[2].says`. */
  readonly field: string;
  readonly message: string;
  readonly suggestion?: string;
}

/** A playbook that cannot be compiled, with all that is wrong in it. */
export class PlaybookError extends Error {
  readonly issues: readonly PlaybookIssue[];

  constructor(issues: readonly PlaybookIssue[]) {
    super(
      `The playbook has ${issues.length} ${issues.length === 1 ? 'problem' : 'problems'}:\n${issues.map(formatIssue).join('\n')}`,
    );
    this.name = 'PlaybookError';
    this.issues = issues;
  }
}

/** `file:line: field: message (suggestion)` */
export function formatIssue(issue: PlaybookIssue): string {
  const where = `${issue.file}:${issue.line}: ${issue.field === '' ? '' : `${issue.field}: `}`;
  return `${where}${issue.message}${issue.suggestion === undefined ? '' : ` (${issue.suggestion})`}`;
}

/** The known word most like a misspelt one, if any is near enough. */
export function nearest(word: string, known: readonly string[]): string | undefined {
  let best: string | undefined;
  let bestDistance = Math.max(2, Math.floor(word.length / 3)) + 1;
  for (const candidate of known) {
    const distance = editDistance(word.toLowerCase(), candidate.toLowerCase());
    if (distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

/** Letters to change, add or leave out to make one word of the other. */
export function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1;
      next.push(Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, (row[j - 1] ?? 0) + cost));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
