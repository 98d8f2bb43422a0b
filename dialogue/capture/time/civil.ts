/** A day of the Gregorian calendar, without a zone. */
export interface Civil {
  readonly year: number;
  /** 1 to 12. */
  readonly month: number;
  readonly day: number;
}

const dayMs = 86_400_000;

/** Days since 1970-01-01. */
export function dayNumber({ year, month, day }: Civil): number {
  // Date.UTC takes the years 0 to 99 for 1900 to 1999.
  return Math.round(new Date(0).setUTCFullYear(year, month - 1, day) / dayMs);
}

export function fromDayNumber(number: number): Civil {
  const at = new Date(number * dayMs);
  return { year: at.getUTCFullYear(), month: at.getUTCMonth() + 1, day: at.getUTCDate() };
}

export const daysIn = (year: number, month: number): number => new Date(Date.UTC(year, month, 0)).getUTCDate();

export function isDay({ year, month, day }: Civil): boolean {
  return month >= 1 && month <= 12 && day >= 1 && day <= daysIn(year, month);
}

export const addDays = (date: Civil, days: number): Civil => fromDayNumber(dayNumber(date) + days);

/** The same day of another month, or that month's last day. */
export function addMonths({ year, month, day }: Civil, months: number): Civil {
  const index = year * 12 + month - 1 + months;
  const to = { year: Math.floor(index / 12), month: (((index % 12) + 12) % 12) + 1 };
  return { ...to, day: Math.min(day, daysIn(to.year, to.month)) };
}

/** 1 is Monday, 7 is Sunday, as in ISO 8601. */
export const weekdayOf = (date: Civil): number => ((((dayNumber(date) + 3) % 7) + 7) % 7) + 1;

/** Monday to Friday. */
export function addBusinessDays(date: Civil, days: number): Civil {
  const weeks = Math.trunc(days / 5);
  let at = addDays(date, weeks * 7);
  for (let left = Math.abs(days - weeks * 5); left > 0;) {
    at = addDays(at, Math.sign(days));
    if (weekdayOf(at) <= 5) left--;
  }
  return at;
}

/** The day of the week that holds `date`, Monday first, `weeks` weeks later. */
export const inWeek = (date: Civil, weekday: number, weeks: number): Civil =>
  addDays(date, weekday - weekdayOf(date) + weeks * 7);

/** The first such weekday on `date` or after it. */
export const nextWeekday = (date: Civil, weekday: number): Civil => addDays(date, (weekday - weekdayOf(date) + 7) % 7);

/** The `nth` such weekday of a month, -1 for its last. The fifth may not be in the month. */
export function nthWeekday(year: number, month: number, weekday: number, nth: number): Civil {
  if (nth === -1) {
    const last = { year, month, day: daysIn(year, month) };
    return addDays(last, -((weekdayOf(last) - weekday + 7) % 7));
  }
  const first = nextWeekday({ year, month, day: 1 }, weekday);
  return { ...first, day: first.day + (nth - 1) * 7 };
}

export const isBefore = (date: Civil, other: Civil): boolean => dayNumber(date) < dayNumber(other);

export const isoOf = ({ year, month, day }: Civil): string =>
  `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
