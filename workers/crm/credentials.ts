import * as v from 'valibot';
import { EpochMs } from '../../contract/primitives.ts';
import { CrmError } from './crm-error.ts';

const Secret = v.pipe(v.string(), v.trim(), v.minLength(8, 'The secret is too short to be one.'), v.maxLength(4_000));

/** How we show a CRM who we are. Kept sealed. */
export const Credentials = v.variant('type', [
  /** A token that does not expire: HubSpot's private app, Pipedrive's personal API token. */
  v.strictObject({ type: v.literal('token'), token: Secret }),
  /** RFC 6749 §6. The access token is got, and got again, with the refresh token. */
  v.strictObject({
    type: v.literal('oauth'),
    clientId: v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(300)),
    clientSecret: Secret,
    refreshToken: Secret,
    accessToken: v.optional(Secret),
    expiresAtMs: v.optional(EpochMs),
  }),
]);
export type Credentials = v.InferOutput<typeof Credentials>;

/** How a CRM's token endpoint is asked. */
export interface OAuthEndpoint {
  /** The CRM's name, for errors. */
  readonly vendor: string;
  readonly url: string;
  /** Where the client's id and secret go: RFC 6749 §2.3.1 knows both. */
  readonly clientIn: 'header' | 'body';
}

/** Gives requests their token. */
export interface TokenSource {
  current(): Promise<string>;
  /** A new token in place of one that was refused; null when there is none to be had. */
  renew(): Promise<string | null>;
}

const Refreshed = v.object({
  access_token: v.string(),
  refresh_token: v.optional(v.string()),
  expires_in: v.optional(v.pipe(v.number(), v.minValue(0))),
});

/** Asked for anew when it has this long to live, so that it does not expire on its way. */
const marginMs = 60_000;

export function tokenSource(
  credentials: Credentials,
  endpoint: OAuthEndpoint,
  { save, now, signal }: { save: (credentials: Credentials) => Promise<void>; now: () => number; signal: AbortSignal },
): TokenSource {
  if (credentials.type === 'token') {
    const { token } = credentials;
    return { current: async () => token, renew: async () => null };
  }
  let held = credentials;
  const refresh = async (): Promise<string> => {
    const {
      access_token: accessToken,
      refresh_token: refreshToken,
      expires_in: lifeS,
    } = await ask(endpoint, held, signal);
    held = {
      ...held,
      accessToken,
      ...(refreshToken === undefined ? {} : { refreshToken }),
      // A CRM that does not say how long a token lives refuses it when its time has come.
      expiresAtMs: lifeS === undefined ? now() + 365 * 86_400_000 : now() + lifeS * 1_000,
    };
    await save(held);
    return accessToken;
  };
  return {
    current: async () => {
      const { accessToken, expiresAtMs = 0 } = held;
      return accessToken !== undefined && expiresAtMs - marginMs > now() ? accessToken : refresh();
    },
    renew: refresh,
  };
}

async function ask(
  { vendor, url, clientIn }: OAuthEndpoint,
  { clientId, clientSecret, refreshToken }: Extract<Credentials, { type: 'oauth' }>,
  signal: AbortSignal,
): Promise<v.InferOutput<typeof Refreshed>> {
  const form = new URLSearchParams({ grant_type: 'refresh_token', refresh_token: refreshToken });
  if (clientIn === 'body') {
    form.set('client_id', clientId);
    form.set('client_secret', clientSecret);
  }
  let response: Response;
  try {
    response = await fetch(url, {
      method: 'POST',
      body: form.toString(),
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        accept: 'application/json',
        ...(clientIn === 'header' ? { authorization: `Basic ${btoa(`${clientId}:${clientSecret}`)}` } : {}),
      },
      redirect: 'manual',
      signal,
    });
  } catch (cause) {
    throw new CrmError(`${vendor} did not answer when its access was to be renewed.`, { cause });
  }
  const { status } = response;
  if (status >= 400 && status < 500 && status !== 429) {
    await response.body?.cancel();
    throw new CrmError(
      `${vendor} no longer accepts this connection (${status} when its access was to be renewed). Connect it again.`,
      { status, permanent: true },
    );
  }
  const answer = response.ok ? v.safeParse(Refreshed, await response.json().catch(() => null)) : null;
  if (!answer?.success)
    throw new CrmError(`${vendor} answered ${status} when its access was to be renewed.`, { status });
  return answer.output;
}
