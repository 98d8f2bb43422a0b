import * as v from 'valibot';

/** Milliseconds since the Unix epoch. */
export const EpochMs = v.pipe(v.number(), v.integer(), v.minValue(0));

/** A length of time in milliseconds. */
export const DurationMs = v.pipe(v.number(), v.minValue(0));

/** 0 is certainly wrong, 1 is certainly right. */
export const Confidence = v.pipe(v.number(), v.minValue(0), v.maxValue(1));

/** Lower-case words joined by hyphens: business ids, service ids, fact ids. */
export const Slug = v.pipe(v.string(), v.maxLength(64), v.regex(/^[a-z0-9]+(?:-[a-z0-9]+)*$/));

/** A version 4 or 7 UUID, lower case. */
export const Uuid = v.pipe(
  v.string(),
  v.regex(/^[0-9a-f]{8}-[0-9a-f]{4}-[47][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/),
);

/** SHA-256 of a playbook bundle's canonical JSON, lower-case hex. */
export const BundleHash = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/));

/** E.164: `+` and 8 to 15 digits. */
export const PhoneNumber = v.pipe(v.string(), v.regex(/^\+[1-9][0-9]{7,14}$/));

export const EmailAddress = v.pipe(v.string(), v.maxLength(254), v.rfcEmail());

/** BCP 47 language tag, as `en` or `en-US`. */
export const Locale = v.pipe(v.string(), v.maxLength(35), v.regex(/^[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*$/));

/** IANA time zone name, as `America/Denver`. */
export const TimeZone = v.pipe(
  v.string(),
  v.maxLength(64),
  v.check((zone) => {
    try {
      Intl.DateTimeFormat('en', { timeZone: zone });
      return true;
    } catch {
      return false;
    }
  }, 'Unknown time zone. Use an IANA name such as America/Denver.'),
);

/** What one party may say or type in one turn. */
export const Utterance = v.pipe(v.string(), v.maxLength(4_000));

export const ShortText = v.pipe(v.string(), v.maxLength(200));
