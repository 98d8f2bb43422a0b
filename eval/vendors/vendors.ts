import * as v from 'valibot';
import { Account, Behaviour, type Reply, type VendorRequest } from './account.ts';
import { hasDescription, type ApiDescription } from './api-description.ts';
import { salesforce } from './salesforce.ts';
import { pipedrive, pipedriveDescription } from './pipedrive.ts';
import { hubSpot, hubSpotDescription } from './hubspot.ts';

interface FakeVendor {
  readonly hosts: RegExp;
  /** The file without which its requests cannot be checked. */
  readonly needs: string | null;
  readonly describe: (() => ApiDescription) | null;
  readonly tokenPath: string;
  readonly tokenOf: (headers: Headers) => string;
  readonly answer: (account: Account, request: VendorRequest) => Reply;
  readonly unauthorised: unknown;
}

const bearer = (headers: Headers): string => (headers.get('authorization') ?? '').replace(/^Bearer /, '');

const vendors: Readonly<Record<string, FakeVendor>> = {
  hubspot: {
    hosts: /^api\.hubapi\.com$/,
    needs: 'hubspot/CRM-Contacts-v3-contacts.json',
    describe: hubSpotDescription,
    tokenPath: '/oauth/v3/token',
    tokenOf: bearer,
    answer: hubSpot,
    unauthorised: {
      status: 'error',
      message: 'Authentication credentials not found.',
      category: 'INVALID_AUTHENTICATION',
      correlationId: 'x',
    },
  },
  pipedrive: {
    hosts: /^(?:api|oauth)\.pipedrive\.com$/,
    needs: 'pipedrive-v2-openapi.yml',
    describe: pipedriveDescription,
    tokenPath: '/oauth/token',
    tokenOf: (headers) => headers.get('x-api-token') ?? bearer(headers),
    answer: pipedrive,
    unauthorised: { success: false, error: 'unauthorized access', errorCode: 401 },
  },
  salesforce: {
    hosts: /^summit\.my\.salesforce\.com$/,
    needs: null,
    describe: null,
    tokenPath: '/services/oauth2/token',
    tokenOf: bearer,
    answer: salesforce,
    unauthorised: [{ message: 'Session expired or invalid', errorCode: 'INVALID_SESSION_ID' }],
  },
};

const descriptions = new Map<string, ApiDescription | null>();
const accounts = new Map<string, Account>();

/**
 * The CRMs' side of the network, for tests in workerd: everything a Worker fetches comes here. Each
 * request and answer is held against what the vendor publishes. `https://vendors.test` is for the tests:
 * `/vendors/NAME` says whether a vendor's description is at hand, `/accounts/NAME` shows an account and sets how it behaves.
 */
export async function answerAsVendors(request: Request): Promise<Response> {
  const url = new URL(request.url);
  const text = await request.text();
  if (url.host === 'vendors.test') return control(request.method, url, text);
  const [name, vendor] = Object.entries(vendors).find(([, { hosts }]) => hosts.test(url.host)) ?? [];
  if (name === undefined || vendor === undefined) return new Response(`No such host: ${url.host}`, { status: 502 });
  const contentType = request.headers.get('content-type') ?? '';
  const isForm = contentType.startsWith('application/x-www-form-urlencoded');
  const body: unknown =
    text === '' ? undefined : isForm ? Object.fromEntries(new URLSearchParams(text)) : JSON.parse(text);
  const isToken = url.pathname === vendor.tokenPath;
  const account = isToken ? accountToRenew(body) : accountOf(vendor.tokenOf(request.headers));
  if (account === undefined)
    return Response.json(isToken ? { error: 'invalid_grant' } : vendor.unauthorised, { status: isToken ? 400 : 401 });
  const line = `${request.method} ${decodeURIComponent(url.pathname)}`;
  account.requests.push(line);
  const fault = account.takeFault(line);
  if (fault?.type === 'answer') return Response.json(fault.body, { status: fault.status, headers: fault.headers });
  if (fault?.type === 'dropped') throw new Error('The connection was dropped.');
  const asked = { method: request.method, url, path: url.pathname, body };
  const reply = isToken ? renewed(account) : vendor.answer(account, asked);
  const exchange = {
    method: request.method,
    url,
    requestBody: body,
    contentType,
    status: reply.status,
    responseBody: reply.body,
  };
  account.violations.push(...(describe(name, vendor)?.violations(exchange) ?? []));
  if (fault?.type === 'lost') throw new Error('The connection was lost before the answer.');
  if (reply.status === 204) return new Response(null, { status: 204 });
  return Response.json(reply.body, { status: reply.status });
}

/** The account of that name, made if it is new. */
export function openAccount(name: string): Account {
  const account = accounts.get(name) ?? new Account();
  accounts.set(name, account);
  return account;
}

function control(method: string, url: URL, text: string): Response {
  const asked = /^\/vendors\/([a-z]+)$/.exec(url.pathname)?.[1] ?? '';
  const vendor = vendors[asked];
  // Loaded here, where nobody waits with a time-out.
  if (vendor !== undefined) return Response.json(describe(asked, vendor) !== null);
  const name = decodeURIComponent(url.pathname.replace('/accounts/', ''));
  const account = openAccount(name);
  if (method === 'PUT') account.behaviour = v.parse(Behaviour, JSON.parse(text));
  if (method === 'POST') {
    const { type, fields } = v.parse(
      v.object({ type: v.string(), fields: v.record(v.string(), v.unknown()) }),
      JSON.parse(text),
    );
    account.create(type, fields);
  }
  const { objects, requests, violations } = account;
  return Response.json({
    requests,
    violations,
    objects: objects.map(({ id, type, fields, links }) => ({ id, type, fields, links: [...links] })),
  });
}

/** By the token it gave out last, or the one it is named by. */
function accountOf(token: string): Account | undefined {
  const renewedOne = [...accounts.values()].find(({ behaviour }) => behaviour.accessToken === token);
  if (renewedOne !== undefined) return renewedOne;
  const named = accounts.get(token);
  return named?.behaviour.accessToken === undefined ? named : undefined;
}

function accountToRenew(body: unknown): Account | undefined {
  const form = v.safeParse(v.object({ grant_type: v.literal('refresh_token'), refresh_token: v.string() }), body);
  if (!form.success) return undefined;
  return [...accounts.values()].find(({ behaviour }) => behaviour.refreshToken === form.output.refresh_token);
}

function renewed({ behaviour }: Account): Reply {
  behaviour.accessToken ??= crypto.randomUUID();
  return {
    status: 200,
    body: {
      access_token: behaviour.accessToken,
      token_type: 'bearer',
      token_use: 'access_token',
      expires_in: 1_800,
      refresh_token: behaviour.refreshToken,
    },
  };
}

function describe(name: string, { needs, describe: load }: FakeVendor): ApiDescription | null {
  const known = descriptions.get(name);
  if (known !== undefined) return known;
  const loaded = load !== null && (needs === null || hasDescription(needs)) ? load() : null;
  descriptions.set(name, loaded);
  return loaded;
}
