import * as v from 'valibot';
import { readBoundedText } from '../bounded-text.ts';
import { errorText } from '../log.ts';
import type { TokenSource } from './credentials.ts';
import { CrmError } from './crm-error.ts';
import { readRetryAfter } from './retry.ts';

const timeoutMs = 10_000;
/** Besides 5xx: what may go better next time. */
const passingStatus: ReadonlySet<number> = new Set([408, 423, 425, 429]);
const maxAnswerBytes = 4_000_000;

export interface VendorRequest {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';
  /** Below the base address, encoded. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

export interface VendorClientOptions {
  /** The CRM's name, for errors. */
  readonly vendor: string;
  readonly baseUrl: string;
  readonly tokens: TokenSource;
  /** The headers that carry the token. */
  readonly authorize: (token: string) => Readonly<Record<string, string>>;
  /**
   * What a body says went wrong, whatever its status: some CRMs report errors with 200. Null for an
   * answer as it should be. `again`: the same request may succeed later.
   */
  readonly faultOf: (body: unknown) => { readonly message: string; readonly again: boolean } | null;
  readonly now: () => number;
  readonly signal: AbortSignal;
}

/** Requests to one CRM with the answers checked. Everything that goes wrong is a `CrmError`. */
export interface VendorClient {
  send<const S extends v.BaseSchema<unknown, unknown, v.BaseIssue<unknown>>>(
    schema: S,
    request: VendorRequest,
  ): Promise<v.InferOutput<S>>;
  /** The same; null where the CRM answers 404. */
  find<const S extends v.BaseSchema<unknown, unknown, v.BaseIssue<unknown>>>(
    schema: S,
    request: VendorRequest,
  ): Promise<v.InferOutput<S> | null>;
}

export function vendorClient(options: VendorClientOptions): VendorClient {
  const { vendor, faultOf, now } = options;

  /** The answer's status and JSON, with 401 tried again once with a new token. */
  async function exchange(request: VendorRequest): Promise<{ response: Response; body: unknown }> {
    const { tokens } = options;
    let response = await attempt(options, request, await tokens.current());
    if (response.status === 401) {
      const renewed = await tokens.renew();
      if (renewed !== null) {
        await response.body?.cancel();
        response = await attempt(options, request, renewed);
      }
    }
    const text = await readBoundedText(response, maxAnswerBytes).catch((cause: unknown) => {
      throw new CrmError(`${vendor} broke off its answer.`, { status: response.status, cause });
    });
    return { response, body: parseJson(text) };
  }

  function check({ response, body }: { response: Response; body: unknown }, { method, path }: VendorRequest): void {
    const { status } = response;
    const fault = faultOf(body);
    const said = fault === null ? '' : `: ${fault.message.slice(0, 300)}`;
    if (response.ok) {
      if (fault === null) return;
      throw new CrmError(`${vendor} answered ${status} to ${method} ${path}, with an error in it${said}`, {
        status,
        permanent: !fault.again,
        concerns: 'delivery',
      });
    }
    if (status === 401)
      throw new CrmError(`${vendor} refused the token (401)${said}. Connect it again.`, { status, permanent: true });
    if (status === 403 && fault?.again !== true) {
      throw new CrmError(`${vendor} does not allow this token ${method} ${path} (403)${said}. Give it that right.`, {
        status,
        permanent: true,
      });
    }
    if (status >= 300 && status < 400)
      throw new CrmError(`${vendor} redirects ${method} ${path} (${status}). Check its address.`, {
        status,
        permanent: true,
      });
    const again = status >= 500 || passingStatus.has(status) || fault?.again === true;
    throw new CrmError(`${vendor} answered ${status} to ${method} ${path}${said}`, {
      status,
      permanent: !again,
      retryAfterS: again ? readRetryAfter(response.headers.get('retry-after'), now()) : null,
      concerns: again ? 'crm' : 'delivery',
    });
  }

  async function send<const S extends v.BaseSchema<unknown, unknown, v.BaseIssue<unknown>>>(
    schema: S,
    request: VendorRequest,
  ): Promise<v.InferOutput<S>> {
    const answer = await exchange(request);
    check(answer, request);
    const parsed = v.safeParse(schema, answer.body);
    if (parsed.success) return parsed.output;
    const where = v.getDotPath(parsed.issues[0]) ?? 'its body';
    throw new CrmError(
      `${vendor} answered ${answer.response.status} to ${request.method} ${request.path}, but not as documented (${where}).`,
      { status: answer.response.status },
    );
  }

  return {
    send,
    find: async (schema, request) => {
      try {
        return await send(schema, request);
      } catch (error) {
        if (error instanceof CrmError && error.status === 404) return null;
        throw error;
      }
    },
  };
}

async function attempt(
  { vendor, baseUrl, authorize, signal }: VendorClientOptions,
  { method, path, query = {}, body }: VendorRequest,
  token: string,
): Promise<Response> {
  const url = new URL(baseUrl + path);
  for (const [name, value] of Object.entries(query)) url.searchParams.append(name, value);
  try {
    return await fetch(url, {
      method,
      headers: {
        accept: 'application/json',
        'user-agent': 'Parley',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...authorize(token),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      redirect: 'manual',
      signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
    });
  } catch (cause) {
    throw new CrmError(`${vendor} did not answer ${method} ${path}: ${errorText(cause)}`, { cause });
  }
}

/** Undefined where it is not JSON, or too much of it: no schema takes that. */
function parseJson(text: string | null): unknown {
  try {
    const value: unknown = JSON.parse(text ?? '');
    return value;
  } catch {
    return undefined;
  }
}
