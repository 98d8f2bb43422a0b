import * as v from 'valibot';
import { ask, parseJson } from './ask.ts';
import { CalendarError } from './remote-calendar.ts';

export interface GoogleCredentials {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly refreshToken: string;
}

const Granted = v.object({ access_token: v.string(), expires_in: v.number() });
const Refused = v.object({ error: v.string(), error_description: v.optional(v.string()) });

/** Renewed so long before it ends that it lasts for a whole synchronisation. */
const marginMs = 120_000;
const maxKnown = 1_000;
const known = new Map<string, { token: string; untilMs: number }>();

/** A token to ask with, from the refresh token (RFC 6749 §6). Good ones are remembered while this program lives. */
export async function googleToken(
  { clientId, clientSecret, refreshToken }: GoogleCredentials,
  { renew }: { renew: boolean },
): Promise<string> {
  const held = known.get(refreshToken);
  if (!renew && held !== undefined && held.untilMs > Date.now()) return held.token;
  const reply = await ask('Google', {
    method: 'POST',
    url: 'https://oauth2.googleapis.com/token',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({
      grant_type: 'refresh_token',
      client_id: clientId,
      client_secret: clientSecret,
      refresh_token: refreshToken,
    }).toString(),
  });
  const json = reply.status === 200 || reply.status < 500 ? parseJson('Google', reply.text) : null;
  if (reply.status === 200 && v.is(Granted, json)) {
    if (known.size >= maxKnown) known.clear();
    known.set(refreshToken, { token: json.access_token, untilMs: Date.now() + json.expires_in * 1_000 - marginMs });
    return json.access_token;
  }
  if (v.is(Refused, json)) {
    const why = json.error_description ?? json.error;
    throw new CalendarError(`Google no longer lets Parley in: ${why}. Connect Google Calendar again.`, true);
  }
  throw new CalendarError(`Google gave no token: status ${reply.status}.`, false, reply.retryAfterS);
}
