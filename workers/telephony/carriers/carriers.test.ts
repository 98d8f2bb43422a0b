import { runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { XMLParser } from 'fast-xml-parser';
import { jwtVerify } from 'jose';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import * as v from 'valibot';
import { StreamClaims, tokenParameters } from '../../../contract/carrier-stream.ts';
import { CallBackList } from '../../../contract/call-back.ts';
import { CallList } from '../../../contract/call-record.ts';
import type { Business } from '../../business/business.ts';
import { app } from '../../http/app.ts';
import type { Placement } from '../../fleet/fleet.ts';
import { testBindings } from '../../test/bindings.ts';
import { asStaff, callRecord, mondayMs, request, setUpBusiness } from '../../test/control-plane.ts';
import { callEnd, callStart, inOrder, postEvents, said } from '../../test/events.ts';

const authToken = 'a Twilio auth token for tests';
const caller = '+17205550199';
const dialled = '+17205550100';
const north: Placement = {
  name: 'north',
  signalingUrl: 'wss://north.test/v1/signaling',
  sipUri: 'sip:192.0.2.7:5060',
  full: false,
};

const parser = new XMLParser({ ignoreAttributes: false, attributeNamePrefix: '', parseTagValue: false });
const base64 = (bytes: ArrayBuffer): string => btoa(String.fromCharCode(...new Uint8Array(bytes)));
const utf8 = (text: string): Uint8Array<ArrayBuffer> => new Uint8Array(new TextEncoder().encode(text));

async function twilioSignature(url: string, form: Record<string, string>, token = authToken): Promise<string> {
  const fields = Object.keys(form)
    .toSorted((a, b) => (a < b ? -1 : 1))
    .map((name) => `${name}${form[name]}`);
  const key = await crypto.subtle.importKey('raw', utf8(token), { name: 'HMAC', hash: 'SHA-1' }, false, ['sign']);
  return base64(await crypto.subtle.sign('HMAC', key, utf8(url + fields.join(''))));
}

async function telnyxKeys() {
  const pair = await crypto.subtle.generateKey({ name: 'Ed25519' }, true, ['sign', 'verify']);
  if (!('privateKey' in pair)) throw new Error('No key pair was made.');
  const raw = await crypto.subtle.exportKey('raw', pair.publicKey);
  if (!(raw instanceof ArrayBuffer)) throw new Error('The key is not raw.');
  return { publicKey: base64(raw), privateKey: pair.privateKey };
}

/** A business that can be called at a number of two carriers, and where the fleet places its calls. */
async function setUp({ way = 'stream', placed = north }: { way?: 'stream' | 'sip'; placed?: Placement | null } = {}) {
  const set = await setUpBusiness();
  const keys = await telnyxKeys();
  const settings = {
    ...env,
    PHONE_NUMBERS: JSON.stringify({ [dialled]: set.business }),
    CARRIER_ACCOUNTS: JSON.stringify([
      { carrier: 'twilio', name: 'other', authToken: 'the token of another account' },
      { carrier: 'twilio', name: 'main', authToken, answer: way },
      { carrier: 'telnyx', name: 'telnyx', publicKey: keys.publicKey },
    ]),
  };
  await runInDurableObject(set.stub, (instance: Business) => void (instance.place = () => Promise.resolve(placed)));
  const call = { CallSid: 'CA1', From: caller, To: dialled };
  const post = async (path: string, form: Record<string, string>, headers: Record<string, string>): Promise<Response> =>
    app.request(path, { method: 'POST', body: new URLSearchParams(form), headers }, settings);
  const twilio = async (path: string, more: Record<string, string> = {}): Promise<Response> => {
    const form = { ...call, ...more };
    const url = `${testBindings.PUBLIC_URL}/v1/carriers/twilio/${path}`;
    return post(`/v1/carriers/twilio/${path}`, form, { 'x-twilio-signature': await twilioSignature(url, form) });
  };
  const signTelnyx = async (form: Record<string, string>): Promise<Record<string, string>> => {
    const timestamp = String(Math.floor(Date.now() / 1_000));
    const signed = utf8(`${timestamp}|${new URLSearchParams(form).toString()}`);
    const signature = base64(await crypto.subtle.sign('Ed25519', keys.privateKey, signed));
    return { 'telnyx-timestamp': timestamp, 'telnyx-signature-ed25519': signature };
  };
  return { ...set, call, post, twilio, signTelnyx };
}

/** The instructions as a carrier reads them. */
async function verbs(response: Response): Promise<Record<string, unknown>> {
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toContain('text/xml');
  return v.parse(v.object({ Response: v.record(v.string(), v.unknown()) }), parser.parse(await response.text()))
    .Response;
}

const Parameter = v.object({ name: v.string(), value: v.string() });
const Connect = v.object({
  action: v.string(),
  Stream: v.looseObject({
    url: v.string(),
    Parameter: v.union([
      v.array(Parameter),
      v.pipe(
        Parameter,
        v.transform((one) => [one]),
      ),
    ]),
  }),
});

/** The stream that the caller is put through to, and what its token says. */
async function streamOf(response: Response) {
  const { action, Stream: stream } = v.parse(Connect, (await verbs(response))['Connect']);
  const token = stream.Parameter.map(({ value }) => value).join('');
  expect(Object.fromEntries(stream.Parameter.map(({ name, value }) => [name, value]))).toEqual(tokenParameters(token));
  for (const { name, value } of stream.Parameter) expect(name.length + value.length).toBeLessThan(500);
  const { payload } = await jwtVerify(token, utf8(testBindings.SESSION_KEY), { currentDate: new Date(mondayMs) });
  return { action, url: stream.url, stream, claims: v.parse(StreamClaims, payload) };
}

describe('a call that a carrier brings', () => {
  it('is put through to the node that the fleet has chosen, with a token for that call', async () => {
    const { business, bundle, twilio } = await setUp();
    const { url, action, claims } = await streamOf(await twilio('voice'));
    expect(url).toBe('wss://north.test/v1/streams/twilio');
    expect(action).toBe('https://parley.test/v1/carriers/twilio/after');
    expect(claims).toMatchObject({
      sub: business,
      aud: 'north',
      playbook: bundle.hash,
      carrier: 'twilio',
      carrierCallId: 'CA1',
      callerNumber: caller,
      dialledNumber: dialled,
      exp: mondayMs / 1_000 + 60,
    });
    expect((await callRecord(business, claims.jti)).summary).toMatchObject({ door: 'phone', endReason: null });
  });

  it('of Telnyx gets packets, not files; a webhook that is played back is refused', async () => {
    const { call, post, signTelnyx } = await setUp();
    const headers = await signTelnyx(call);
    const { stream, url } = await streamOf(await post('/v1/carriers/telnyx/voice', call, headers));
    expect(url).toBe('wss://north.test/v1/streams/telnyx');
    expect(stream).toMatchObject({ bidirectionalMode: 'rtp', bidirectionalCodec: 'PCMU', track: 'inbound_track' });
    expect((await post('/v1/carriers/telnyx/voice', call, headers)).status).toBe(403);
  });

  it('goes by SIP where the account is set so', async () => {
    const { twilio } = await setUp({ way: 'sip' });
    expect((await verbs(await twilio('voice')))['Dial']).toMatchObject({ Sip: 'sip:+17205550100@192.0.2.7:5060' });
  });

  it('is the same call when its webhook comes again, and over once it was', async () => {
    const { business, bundle, twilio } = await setUp();
    const { claims } = await streamOf(await twilio('voice'));
    expect((await streamOf(await twilio('voice'))).claims.jti).toBe(claims.jti);
    await postEvents(business, claims.jti, inOrder([callStart(bundle.hash), callEnd]));
    expect(await verbs(await twilio('voice'))).toEqual({ Hangup: '' });
  });

  it('is one call when its webhook comes twice at once, placed or not', async () => {
    const { business, stub, twilio } = await setUp();
    const together = async (CallSid: string, placed: Placement | null): Promise<[Response, Response]> => {
      const both = Promise.withResolvers<void>();
      let asked = 0;
      await runInDurableObject(stub, (instance: Business) => {
        instance.place = async () => {
          asked += 1;
          if (asked === 2) both.resolve();
          await both.promise;
          return placed;
        };
      });
      return Promise.all([twilio('voice', { CallSid }), twilio('voice', { CallSid })]);
    };
    const [one, two] = await together('CA1', north);
    expect((await streamOf(one)).claims.jti).toBe((await streamOf(two)).claims.jti);
    for (const answer of await together('CA2', null)) {
      expect(JSON.stringify((await verbs(answer))['Say'])).toMatch(/call you back/);
    }
    const list = await request('GET', `/v1/businesses/${business}/call-backs`, { headers: asStaff });
    expect(v.parse(CallBackList, await list.json()).callBacks).toHaveLength(1);
    const calls = await request('GET', `/v1/businesses/${business}/calls`, { headers: asStaff });
    expect(v.parse(CallList, await calls.json()).calls).toHaveLength(2);
  });

  it('for a number that no business has is rejected', async () => {
    expect(await verbs(await (await setUp()).twilio('voice', { To: '+17205550111' }))).toEqual({ Reject: '' });
  });

  it.each([
    ['full', { ...north, full: true }],
    ['no node at all', null],
  ])('is promised a call back in the playbook’s words when the fleet is %s, once', async (_, placed) => {
    const { business, bundle, twilio } = await setUp({ placed });
    const spoken = (await verbs(await twilio('voice')))['Say'];
    const words = v.parse(v.array(v.object({ '#text': v.string(), language: v.literal('en-US') })), spoken);
    expect(words.map((word) => word['#text']).join(' ')).toMatch(/^Hello\. Nobody is free right now.* call you back/);
    await twilio('voice');
    const list = await request('GET', `/v1/businesses/${business}/call-backs`, { headers: asStaff });
    const { callBacks } = v.parse(CallBackList, await list.json());
    expect(callBacks).toMatchObject([{ phone: caller, reason: 'All lines were busy', promisedAtMs: mondayMs }]);
    expect(callBacks[0]?.dueMs).toBeGreaterThan(mondayMs);
    const record = await callRecord(business, callBacks[0]?.callId ?? '');
    expect(record.summary).toMatchObject({ outcome: 'call-back-promised', playbook: bundle.hash });
  });

  it('of a caller who shows no number is promised nothing', async () => {
    const { business, twilio } = await setUp({ placed: null });
    const spoken = JSON.stringify((await verbs(await twilio('voice', { From: 'anonymous' })))['Say']);
    expect(spoken).not.toMatch(/call you back/);
    const list = await request('GET', `/v1/businesses/${business}/call-backs`, { headers: asStaff });
    expect(await list.json()).toEqual({ callBacks: [] });
  });

  it('hears a plain apology when something of ours is broken: the carrier never sees an error', async () => {
    const { stub, twilio } = await setUp();
    await runInDurableObject(stub, (instance: Business) => {
      instance.place = () => Promise.reject(new Error('the fleet is away'));
    });
    const quiet = vi.spyOn(console, 'error').mockImplementation(() => undefined);
    onTestFinished(() => quiet.mockRestore());
    expect(JSON.stringify((await verbs(await twilio('voice')))['Say'])).toContain('call us again');
  });
});

describe('after the agent’s part', () => {
  it('a call that its node has ended is hung up', async () => {
    const { business, bundle, twilio } = await setUp();
    const { claims } = await streamOf(await twilio('voice'));
    await postEvents(business, claims.jti, inOrder([callStart(bundle.hash), said('hello'), callEnd]));
    expect(await verbs(await twilio('after', { CallStatus: 'in-progress' }))).toEqual({ Hangup: '' });
  });

  it('a call whose node died goes to another node, as another record; when that dies too, somebody calls back', async () => {
    const { business, bundle, stub, twilio } = await setUp();
    const { claims } = await streamOf(await twilio('voice'));
    await postEvents(business, claims.jti, inOrder([callStart(bundle.hash), said('hello')]));
    await stub.nodeLost('north');
    const asked: (string | undefined)[] = [];
    await runInDurableObject(stub, (instance: Business) => {
      instance.place = ({ avoid }) => {
        asked.push(avoid);
        return Promise.resolve({ ...north, name: 'south', signalingUrl: 'wss://south.test/v1/signaling' });
      };
    });
    const again = await streamOf(await twilio('after', { CallStatus: 'in-progress' }));
    expect([again.claims.aud, again.claims.jti === claims.jti]).toEqual(['south', false]);
    expect(asked).toEqual(['north']);
    await stub.nodeLost('south');
    expect(await verbs(await twilio('after', { CallStatus: 'in-progress' }))).toHaveProperty('Say');
  });

  it('a caller who was not put through by SIP is promised a call back, one who talked is not', async () => {
    const { twilio } = await setUp({ way: 'sip' });
    await twilio('voice');
    expect(await verbs(await twilio('after', { DialCallStatus: 'completed' }))).toEqual({ Hangup: '' });
    expect(await verbs(await twilio('after', { DialCallStatus: 'failed' }))).toHaveProperty('Say');
  });
});

describe('a status', () => {
  it.each(['completed', 'busy', 'failed', 'no-answer', 'canceled'])(
    'of %s ends a call that no node has had, once',
    async (CallStatus) => {
      const { business, twilio } = await setUp();
      const { claims } = await streamOf(await twilio('voice'));
      for (let n = 0; n < 2; n += 1) expect((await twilio('status', { CallStatus })).status).toBe(204);
      expect((await callRecord(business, claims.jti)).summary).toMatchObject({
        endReason: 'caller-hang-up',
        endMs: mondayMs,
      });
    },
  );

  it('leaves a call alone that a node has, that goes on, or that nobody knows', async () => {
    const { business, bundle, twilio } = await setUp();
    expect((await twilio('status', { CallStatus: 'completed' })).status).toBe(204);
    const { claims } = await streamOf(await twilio('voice'));
    await twilio('status', { CallStatus: 'in-progress' });
    await postEvents(business, claims.jti, inOrder([callStart(bundle.hash)]));
    await twilio('status', { CallStatus: 'completed' });
    expect((await callRecord(business, claims.jti)).summary.endReason).toBeNull();
  });
});

describe('a webhook', () => {
  it('without the carrier’s signature is refused', async () => {
    const { call, post } = await setUp();
    for (const path of ['twilio/voice', 'twilio/after', 'twilio/status', 'telnyx/voice']) {
      const url = `${testBindings.PUBLIC_URL}/v1/carriers/${path}`;
      const forged = { 'x-twilio-signature': await twilioSignature(url, call, 'a token that nobody here has') };
      for (const headers of [{}, forged]) expect((await post(`/v1/carriers/${path}`, call, headers)).status).toBe(403);
    }
  });

  it('that is too large, or of no carrier, is refused', async () => {
    const { call, post } = await setUp();
    expect((await post('/v1/carriers/twilio/voice', { ...call, x: 'x'.repeat(40_000) }, {})).status).toBe(413);
    expect((await post('/v1/carriers/nobody/voice', call, {})).status).toBe(400);
  });
});
