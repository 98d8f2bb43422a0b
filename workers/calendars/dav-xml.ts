import { XMLParser } from 'fast-xml-parser';
import * as v from 'valibot';
import { CalendarError } from './remote-calendar.ts';

/** One resource of a multistatus answer (RFC 4918 §14.16). */
export interface DavResource {
  readonly href: string;
  /** True where the answer says that it is not there any more. */
  readonly isGone: boolean;
  readonly etag: string | null;
  readonly calendarData: string | null;
  readonly isCalendar: boolean;
}

export interface Multistatus {
  readonly resources: readonly DavResource[];
  readonly syncToken: string | null;
}

const parser = new XMLParser({
  removeNSPrefix: true,
  ignoreAttributes: true,
  parseTagValue: false,
  trimValues: false,
  // Entities that a document defines itself could grow without end.
  processEntities: true,
  isArray: (name) => name === 'response' || name === 'propstat',
});

const text = v.pipe(
  v.unknown(),
  v.transform((value) => (typeof value === 'string' || typeof value === 'number' ? String(value) : '')),
);

const Prop = v.object({
  getetag: v.optional(text),
  'calendar-data': v.optional(text),
  resourcetype: v.optional(v.unknown()),
});

const Response = v.object({
  href: text,
  status: v.optional(text),
  propstat: v.optional(v.array(v.object({ status: v.optional(text), prop: v.optional(v.unknown()) }))),
});

const Document = v.object({
  multistatus: v.pipe(
    v.unknown(),
    // An empty element is read as empty text.
    v.transform((value) => (value === '' ? {} : value)),
    v.object({ response: v.optional(v.array(Response), []), 'sync-token': v.optional(text) }),
  ),
});

/** Reads a multistatus answer, whatever prefixes the server writes. */
export function readMultistatus(name: string, xml: string): Multistatus {
  let parsed: unknown;
  try {
    parsed = parser.parse(withoutDoctype(xml));
  } catch (cause) {
    throw new CalendarError(`${name} answered with XML that cannot be read: ${String(cause)}`, false);
  }
  const document = v.safeParse(Document, parsed);
  if (!document.success) throw new CalendarError(`${name} answered with something that is no multistatus.`, false);
  const { response, 'sync-token': token } = document.output.multistatus;
  return { resources: response.map(toResource), syncToken: token?.trim() ?? null };
}

function toResource({ href, status, propstat = [] }: v.InferOutput<typeof Response>): DavResource {
  const found = propstat
    .filter((each) => each.status === undefined || / 200 /.test(`${each.status} `))
    .flatMap(({ prop }) => {
      const read = v.safeParse(Prop, prop);
      return read.success ? [read.output] : [];
    });
  const first = <T>(pick: (prop: v.InferOutput<typeof Prop>) => T | undefined): T | null =>
    found.map(pick).find((value) => value !== undefined) ?? null;
  const kind = first((prop) => prop.resourcetype);
  return {
    href: href.trim(),
    isGone: status !== undefined && / 404 | 410 /.test(`${status} `),
    etag: first((prop) => prop.getetag),
    calendarData: first((prop) => prop['calendar-data']),
    isCalendar: typeof kind === 'object' && kind !== null && 'calendar' in kind,
  };
}

const withoutDoctype = (xml: string): string => xml.replace(/<!DOCTYPE[^>[]*(\[[^\]]*\])?[^>]*>/i, '');

export const escapeXml = (value: string): string =>
  value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
