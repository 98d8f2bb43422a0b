import { dayPartAt, hourIn, namedHourAt } from './day-part.ts';
import { faceAt, type Face } from './clock-face.ts';
import { smallAt } from './numbers.ts';
import { afterPhrase, skip, textAt, type Token } from './tokens.ts';

export interface SpokenClock {
  /** 0 to 23; as said when no part of the day was. */
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  /** The half of the day was said, or the hour leaves no doubt. */
  readonly sure: boolean;
  /** Two numbers, or a number after "at": without more they may be something else. */
  readonly bare: boolean;
  readonly start: number;
  readonly end: number;
}

/** The first time of day said, `from` one token on and outside of what a date took. */
export function clockIn(
  tokens: readonly Token[],
  taken: { readonly start: number; readonly end: number } | null = null,
): SpokenClock | null {
  let bare: SpokenClock | null = null;
  for (let start = 0; start < tokens.length; start++) {
    if (taken !== null && start >= taken.start && start < taken.end) continue;
    const clock = clockAt(tokens, start);
    if (
      clock === null ||
      (taken !== null && start < taken.start && clock.end > taken.start && !alsoDayPart(tokens, taken.start))
    )
      continue;
    if (!clock.bare) return clock;
    bare ??= clock;
  }
  return bare;
}

/** "eight tonight", "nine tomorrow morning": the word is the day, and says which half of it. */
const alsoDayPart = (tokens: readonly Token[], index: number): boolean =>
  ['tonight', 'tomorrow', 'this'].includes(textAt(tokens, index));

function clockAt(tokens: readonly Token[], start: number): SpokenClock | null {
  const face = relativeAt(tokens, start) ?? faceAt(tokens, start);
  const named = face === null ? namedHourAt(tokens, start) : null;
  if (named !== null) return { ...named, minute: 0, second: 0, sure: true, bare: false, start };
  if (face === null) return null;
  const ish = afterPhrase(tokens, skip(tokens, face.end, '-'), 'ish');
  const oclock = afterPhrase(tokens, ish ?? face.end, "o'clock") ?? afterPhrase(tokens, ish ?? face.end, 'o clock');
  const end = oclock ?? ish ?? face.end;
  // "7ampm" says neither half.
  const neither = textAt(tokens, end) === 'ampm';
  const part = neither ? null : (dayPartAt(tokens, end) ?? partBefore(tokens, start));
  const bare = face.bare && part === null && end === face.end && !neither;
  const cued = ['at', 'around', 'by', 'before', 'after', 'until', 'till', 'about', 'past'].includes(
    textAt(tokens, start - 1),
  );
  if (bare && !face.pair && !cued) return null;
  const hour = part === null ? face.hour : hourIn(face.hour, part.part);
  const at = face.shiftMinutes === 0 ? { hour, minute: face.minute } : shifted(hour, face.minute, face.shiftMinutes);
  return {
    ...at,
    second: face.second,
    sure: part !== null || face.hour > 12 || face.hour === 0,
    bare,
    start,
    end: part === null || part.end <= start ? end : part.end,
  };
}

/** "in the afternoon at 7", "afternoon 7:00". */
function partBefore(tokens: readonly Token[], start: number) {
  const at = textAt(tokens, start - 1) === 'at' || textAt(tokens, start - 1) === ',' ? start - 2 : start - 1;
  const part = dayPartAt(tokens, at);
  return part !== null && part.end === at + 1 && part.part !== 'am' && part.part !== 'pm' ? part : null;
}

function shifted(hour: number, minute: number, byMinutes: number): { hour: number; minute: number } {
  const total = (hour * 60 + minute + byMinutes + 1_440) % 1_440;
  return { hour: Math.floor(total / 60), minute: total % 60 };
}

const past: ReadonlySet<string> = new Set(['past', 'after']);
const to: ReadonlySet<string> = new Set(['to', 'till', 'til', 'of', 'before']);

/** "half past two", "a quarter to 8", "20 min past eight", "three mins to five thirty". */
function relativeAt(tokens: readonly Token[], start: number): Face | null {
  const index = skip(tokens, start, 'a');
  const word = textAt(tokens, index);
  let minutes: number;
  let at: number;
  let certain = true;
  const threeQuarters = afterPhrase(tokens, index, 'three quarters');
  if (word === 'half' || word === 'quarter') [minutes, at] = [word === 'half' ? 30 : 15, index + 1];
  else if (threeQuarters !== null) [minutes, at] = [45, threeQuarters];
  else {
    const number = smallAt(tokens, index);
    if (number === null || number.ordinal || number.value < 1 || number.value > 59) return null;
    minutes = number.value;
    const named = /^min(?:s|ute|utes)?$/.test(textAt(tokens, number.end));
    at = named ? skip(tokens, number.end + 1, '.') : number.end;
    // "nine to ten" is a range.
    certain = named || [5, 10, 15, 20, 25].includes(minutes);
  }
  const relation = textAt(tokens, at);
  const isPast = past.has(relation);
  if (!isPast && (!to.has(relation) || word === 'half' || !certain)) return null;
  if (!isPast && ['from', 'between'].includes(textAt(tokens, start - 1))) return null;
  const face = faceAt(tokens, at + 1);
  if (
    face === null ||
    /^(?:hundred|thousand|k|grand|million|dollars|weeks|days|months|years)$/.test(textAt(tokens, face.end))
  )
    return null;
  return { ...face, shiftMinutes: isPast ? minutes : -minutes, bare: false, pair: true };
}
