import { readBoundedText } from '../bounded-text.ts';
import { readRetryAfter } from '../crm/retry.ts';
import { errorText } from '../log.ts';
import { CalendarError } from './remote-calendar.ts';

const timeoutMs = 10_000;
const maxBytes = 20_000_000;

export interface Question {
  readonly method: string;
  readonly url: string;
  readonly headers: Record<string, string>;
  readonly body?: string;
}

export interface Reply {
  readonly status: number;
  readonly text: string;
  readonly retryAfterS: number | null;
}

/** One request to a calendar. Redirects are not followed: they would carry the owner's key elsewhere. */
export async function ask(name: string, { method, url, headers, body }: Question): Promise<Reply> {
  try {
    const response = await fetch(url, {
      method,
      headers: { 'user-agent': 'Parley', ...headers },
      ...(body === undefined ? {} : { body }),
      redirect: 'manual',
      signal: AbortSignal.timeout(timeoutMs),
    });
    const text = await readBoundedText(response, maxBytes);
    if (text === null) throw new CalendarError(`${name} answered with more than ${maxBytes} bytes.`, true);
    const retryAfterS = readRetryAfter(response.headers.get('retry-after'), Date.now());
    return { status: response.status, text, retryAfterS };
  } catch (error) {
    if (error instanceof CalendarError) throw error;
    throw new CalendarError(`${name} did not answer: ${errorText(error)}`, false);
  }
}

/** What an answer that nobody expected means. */
export function unexpected(name: string, what: string, { status, text, retryAfterS }: Reply): CalendarError {
  const said = text
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, 200);
  if (status === 401 || status === 403) {
    return new CalendarError(
      `${name} refused the key (${status}) for: ${what}. ${said} Connect the calendar again.`,
      status === 401,
      retryAfterS,
    );
  }
  if (status >= 300 && status < 400) {
    return new CalendarError(`${name} redirects (${status}). Connect the calendar by its final address.`, true);
  }
  const isPermanent = status >= 400 && status < 500 && ![408, 409, 412, 423, 425, 429].includes(status);
  return new CalendarError(`${name} answered ${status} to: ${what}. ${said}`, isPermanent, retryAfterS);
}

export function parseJson(name: string, text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return value;
  } catch {
    throw new CalendarError(`${name} answered with something that is no JSON: ${text.slice(0, 100)}`, false);
  }
}
