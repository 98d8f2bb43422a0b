import * as v from 'valibot';

/**
 * What a trunk may dial: `+1303XXXXXXX`, `2XX`, `+44.`. Characters stand for themselves, `X` is any digit, and a `.` at
 * the end is one or more characters of any kind.
 */
export const DialPattern = v.pipe(
  v.string(),
  v.regex(
    /^[0-9A-Za-z+*#_-]{0,64}\.?$/,
    'must be a number in which X is any digit, with a dot at its end for anything that follows, as +1303XXXXXXX or +44.',
  ),
  v.minLength(1, 'must not be empty'),
);

/** Whether one of the patterns has room for what is to be dialled. Without a pattern nothing may be. */
export function mayDial(user: string, patterns: readonly string[]): boolean {
  return patterns.some((pattern) => matches(user, pattern));
}

function matches(user: string, pattern: string): boolean {
  const open = pattern.endsWith('.');
  const fixed = open ? pattern.slice(0, -1) : pattern;
  if (open ? user.length <= fixed.length : user.length !== fixed.length) return false;
  return [...fixed].every((char, index) => {
    const dialled = user[index] ?? '';
    return char === 'X' ? /^[0-9]$/.test(dialled) : char === dialled;
  });
}
