import type { PlaybookIssue } from './issue.ts';

/** Far beyond any real playbook; what is larger was not written by a person, or is the wrong folder. */
const maxFiles = 100;
const maxFileLength = 200_000;
const maxTotalLength = 1_000_000;

/** Files that are too many or too large to be a playbook's. */
export function tooLarge(files: readonly { path: string; text: string }[]): PlaybookIssue[] {
  const at = (file: string, message: string, suggestion: string): PlaybookIssue => ({
    file,
    line: 1,
    field: '',
    message,
    suggestion,
  });
  const [first] = files;
  if (first === undefined)
    return [
      at('playbook', 'The playbook is empty: there is no file in it.', 'begin with `business:` in business.yaml'),
    ];
  if (files.length > maxFiles)
    return [
      at(
        first.path,
        `There are ${files.length} files; a playbook has at most ${maxFiles}.`,
        'is this the right folder?',
      ),
    ];
  const long = files
    .filter(({ text }) => text.length > maxFileLength)
    .map(({ path, text }) =>
      at(
        path,
        `The file has ${text.length} characters; at most ${maxFileLength} are read.`,
        'spread it over several files',
      ),
    );
  const total = files.reduce((sum, { text }) => sum + text.length, 0);
  if (long.length > 0 || total <= maxTotalLength) return long;
  return [
    at(
      first.path,
      `The files have ${total} characters together; at most ${maxTotalLength} are read.`,
      'leave out what callers never ask',
    ),
  ];
}
