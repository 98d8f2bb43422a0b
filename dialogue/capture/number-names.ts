/** The names of numbers, for hearing them and for saying them. Each stands at its value. */
export const smallNumbers: readonly string[] =
  `zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen
  nineteen`.split(/\s+/);

/** At 2 stands "twenty". */
export const tens: readonly string[] = ['', '', ...'twenty thirty forty fifty sixty seventy eighty ninety'.split(' ')];

export const smallOrdinals: readonly string[] =
  `zeroth first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth
  sixteenth seventeenth eighteenth nineteenth`.split(/\s+/);

/** Digits as people say them one by one. */
export const spokenDigits: readonly string[] = [...smallNumbers.slice(0, 10), 'oh'];

/** Name → value, from `first` on. A map, because what callers say may be called like a property of every object. */
export function valuesOf(names: readonly string[], first = 0): ReadonlyMap<string, number> {
  return new Map(names.slice(first).map((name, index) => [name, first + index]));
}
