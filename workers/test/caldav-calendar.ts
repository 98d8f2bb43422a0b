import { inject } from 'vitest';

const open = '<?xml version="1.0" encoding="utf-8"?>';

const denver = `BEGIN:VTIMEZONE
TZID:America/Denver
BEGIN:DAYLIGHT
DTSTART:20070311T020000
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=2SU
TZOFFSETFROM:-0700
TZOFFSETTO:-0600
END:DAYLIGHT
BEGIN:STANDARD
DTSTART:20071104T020000
RRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=1SU
TZOFFSETFROM:-0600
TZOFFSETTO:-0700
END:STANDARD
END:VTIMEZONE`.split('\n');

/** A new calendar on the test's CalDAV server, and what its owner does there with another program. */
export async function makeCalendar() {
  const { url: home, username, password } = inject('radicale');
  const url = `${home}${crypto.randomUUID()}/`;
  const authorization = `Basic ${btoa(`${username}:${password}`)}`;
  const send = async (method: string, target: string, body?: string, type = 'text/calendar') => {
    const response = await fetch(target, {
      method,
      headers: { authorization, 'content-type': type },
      ...(body === undefined ? {} : { body }),
    });
    if (response.status >= 300) throw new Error(`${method} ${target}: ${response.status} ${await response.text()}`);
    return response.text();
  };
  await send(
    'MKCOL',
    url,
    `${open}<mkcol xmlns="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav"><set><prop><resourcetype><collection/><C:calendar/></resourcetype></prop></set></mkcol>`,
    'application/xml',
  );
  const files = async (): Promise<string[]> => {
    const listed = await fetch(url, { method: 'PROPFIND', headers: { authorization, depth: '1' } });
    return [...(await listed.text()).matchAll(/<(?:\w+:)?href>([^<]+\.ics)</g)].map(
      ([, href = '']) => new URL(href, url).href,
    );
  };
  return {
    settings: { kind: 'caldav' as const, url, username, password },
    files,
    read: async (file: string): Promise<string> => send('GET', file),
    write: async (file: string, ics: string): Promise<string> => send('PUT', file, ics),
    remove: async (file: string): Promise<string> => send('DELETE', file),
    /** An event of the owner's own. */
    addEvent: async (lines: readonly string[]): Promise<string> => {
      const uid = crypto.randomUUID();
      const event = ['BEGIN:VEVENT', `UID:${uid}`, 'DTSTAMP:20350101T000000Z', 'SUMMARY:Mine', ...lines, 'END:VEVENT'];
      const ics = [
        'BEGIN:VCALENDAR',
        'VERSION:2.0',
        'PRODID:-//test//EN',
        ...denver,
        ...event,
        'END:VCALENDAR',
        '',
      ].join('\r\n');
      const file = `${url}${uid}.ics`;
      await send('PUT', file, ics);
      return file;
    },
  };
}
