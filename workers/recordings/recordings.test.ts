import { runInDurableObject } from 'cloudflare:test';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Business } from '../business/business.ts';
import { asNode, asStaff, callRecord, openSession, request, setUpBusiness } from '../test/control-plane.ts';
import { callEnd, callStart, inOrder, postEvents } from '../test/events.ts';
import { env, exports } from 'cloudflare:workers';
import { BusinessKey, masterKeys } from '../business/data-key.ts';
import { testBindings } from '../test/bindings.ts';
import { byteRange } from './byte-range.ts';
import { RecordingDesk } from './recording-desk.ts';

type Call = Awaited<ReturnType<typeof recordedCall>>;

/** A call of a business that records its calls, where nothing of it is there yet. */
async function recordedCall(recording = true) {
  const setUp = await setUpBusiness(
    recording
      ? { business: { id: '', name: 'Summit', agentName: 'Sam', representative: 'One of us', recording: true } }
      : {},
  );
  const { callId } = await openSession(setUp.business);
  return { ...setUp, callId };
}

const part = (text: string): Uint8Array<ArrayBuffer> => new Uint8Array(new TextEncoder().encode(text));

async function put(
  { business, callId }: Pick<Call, 'business' | 'callId'>,
  number: number | string,
  body: Uint8Array<ArrayBuffer>,
  query: Record<string, string> = {},
  headers: Record<string, string> = asNode,
): Promise<Response> {
  const params = new URLSearchParams({ business, durationMs: '10000', last: 'false', ...query });
  return exports.default.fetch(`https://parley.test/v1/node/calls/${callId}/recording/${number}?${params.toString()}`, {
    method: 'PUT',
    headers,
    body,
  });
}

const fetchRecording = async ({ business, callId }: Call, headers: Record<string, string> = {}): Promise<Response> =>
  request('GET', `/v1/businesses/${business}/calls/${callId}/recording`, { headers: { ...asStaff, ...headers } });

const textOf = async (response: Response): Promise<string> => new TextDecoder().decode(await response.arrayBuffer());

async function objects({ business, callId }: Call): Promise<string[]> {
  const { objects } = await env.RECORDINGS.list({ prefix: `recordings/${business}/${callId}/` });
  return objects.map(({ key }) => key);
}

describe('PUT /v1/node/calls/:callId/recording/:part', () => {
  it('keeps parts, in whatever order and however often they come, as one file', async () => {
    const call = await recordedCall();
    for (const [number, text] of [
      [1, 'world'],
      [0, 'hello '],
      [1, 'world'],
    ] as const)
      expect(await (await put(call, number, part(text))).json()).toEqual({ kept: true });
    expect((await callRecord(call.business, call.callId)).recording).toEqual({
      parts: 2,
      bytes: 11,
      durationMs: 20_000,
      complete: false,
    });
    await put(call, 2, part('!'), { last: 'true', durationMs: '1500' });
    expect((await callRecord(call.business, call.callId)).recording).toMatchObject({
      durationMs: 21_500,
      complete: true,
    });
    const response = await fetchRecording(call);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('audio/ogg; codecs=opus');
    expect(await textOf(response)).toBe('hello world!');
  });

  it('is sealed: what lies in the bucket is not what was said, and is no other part', async () => {
    const call = await recordedCall();
    await put(call, 0, part('hello'));
    await put(call, 1, part('world'));
    const [first = '', second = ''] = await objects(call);
    const stored = new Uint8Array((await (await env.RECORDINGS.get(first))?.arrayBuffer()) ?? new ArrayBuffer());
    expect(stored.length).toBeGreaterThan(5);
    expect(new TextDecoder().decode(stored)).not.toContain('hello');
    await env.RECORDINGS.put(first, (await (await env.RECORDINGS.get(second))?.arrayBuffer()) ?? '');
    const response = await fetchRecording(call);
    expect([response.status, await response.text()]).toEqual([500, expect.stringContaining('changed in the bucket')]);
  });

  it('waits for the call, and keeps nothing of one that is not to be recorded', async () => {
    const call = await recordedCall();
    const phone = { ...call, callId: crypto.randomUUID() };
    const early = await put(phone, 0, part('hello'));
    expect(early.status).toBe(503);
    await postEvents(
      call.business,
      phone.callId,
      inOrder([{ ...callStart(call.bundle.hash), door: 'phone' }, callEnd]),
    );
    expect(await (await put(phone, 0, part('hello'))).json()).toEqual({ kept: true });
    const unrecorded = await recordedCall(false);
    expect(await (await put(unrecorded, 0, part('hello'))).json()).toEqual({ kept: false });
    expect(await objects(unrecorded)).toEqual([]);
    expect((await callRecord(unrecorded.business, unrecorded.callId)).recording).toBeUndefined();
  });

  it('refuses what is no part', async () => {
    const call = await recordedCall();
    const status = async (response: Promise<Response>): Promise<number> => (await response).status;
    expect(await status(put(call, 0, part('')))).toBe(400);
    expect(await status(put(call, -1, part('x')))).toBe(400);
    expect(await status(put(call, 99_999, part('x')))).toBe(400);
    expect(await status(put(call, 0, part('x'), { last: 'perhaps' }))).toBe(400);
    expect(await status(put({ ...call, callId: 'none' }, 0, part('x')))).toBe(400);
    expect(await status(put(call, 0, new Uint8Array(1_000_001)))).toBe(413);
    expect(await status(put(call, 0, part('x'), {}, asStaff))).toBe(401);
    expect(await status(put({ ...call, business: 'nobody' }, 0, part('x')))).toBe(404);
    expect(await objects(call)).toEqual([]);
  });
});

describe('GET …/recording', () => {
  it('is for staff, and says where there is none', async () => {
    const call = await recordedCall();
    expect((await fetchRecording(call)).status).toBe(404);
    await put(call, 0, part('hello'));
    expect((await fetchRecording(call, asNode)).status).toBe(401);
  });

  it('gives any range of the file, as the whole file has it', async () => {
    const call = await recordedCall();
    const text = 'abcdefghijklmnopqrstuvwxyz';
    for (const [index, from] of [0, 9, 10, 20].entries())
      await put(call, index, part(text.slice(from, [9, 10, 20, 26][index])));
    for (const [range, expected] of [
      ['bytes=0-0', 'a'],
      ['bytes=8-10', 'ijk'],
      ['bytes=5-', 'fghijklmnopqrstuvwxyz'],
      ['bytes=-3', 'xyz'],
      ['bytes=25-99', 'z'],
    ] as const) {
      const response = await fetchRecording(call, { range });
      expect([response.status, await textOf(response)]).toEqual([206, expected]);
      expect(response.headers.get('content-range')).toBe(
        `bytes ${text.indexOf(expected)}-${text.indexOf(expected) + expected.length - 1}/26`,
      );
    }
    const outside = await fetchRecording(call, { range: 'bytes=26-' });
    expect([outside.status, outside.headers.get('content-range')]).toEqual([416, 'bytes */26']);
  });
});

describe('erasure of a recording', () => {
  it('reaches every object, known or not, and turns away what comes late', async () => {
    const call = await recordedCall();
    await put(call, 0, part('hello'));
    // Written by an object that died before it had noted so.
    await env.RECORDINGS.put(`recordings/${call.business}/${call.callId}/1`, 'world');
    const erased = await runInDurableObject(call.stub, async (instance: Business) =>
      instance.recordings().erase(call.callId),
    );
    expect(erased).toHaveLength(2);
    expect(await objects(call)).toEqual([]);
    expect((await fetchRecording(call)).status).toBe(404);
    expect(await (await put(call, 2, part('late'))).json()).toEqual({ kept: false });
    expect(await objects(call)).toEqual([]);
    expect((await callRecord(call.business, call.callId)).recording).toBeUndefined();
  });

  it('takes along what had been written of a part that comes again', async () => {
    const call = await recordedCall();
    await runInDurableObject(call.stub, async (instance: Business) => instance.recordings().erase(call.callId));
    // Written while it was being erased, by an object that died before it looked again.
    await env.RECORDINGS.put(`recordings/${call.business}/${call.callId}/0`, 'hello');
    expect(await (await put(call, 0, part('hello'))).json()).toEqual({ kept: false });
    expect(await objects(call)).toEqual([]);
  });

  it('reaches more objects than the bucket deletes in one request', async () => {
    const call = await recordedCall();
    const names = Array.from({ length: 2_001 }, (_, index) => `recordings/${call.business}/${call.callId}/${index}`);
    const deleted: number[] = [];
    await runInDurableObject(call.stub, async (_: Business, { storage }) => {
      const bucket = new Proxy(env.RECORDINGS, {
        get: (_target, name) =>
          name === 'list'
            ? async () => ({ objects: names.map((key) => ({ key })), truncated: false })
            : async (keys: string[]) => void deleted.push(keys.length),
      });
      const desk = new RecordingDesk({
        sql: storage.sql,
        bucket,
        key: new BusinessKey(storage.sql, () => masterKeys(testBindings.MASTER_KEY, undefined)),
        exists: () => true,
        now: () => 0,
      });
      expect(await desk.erase(call.callId)).toEqual(names);
    });
    expect(deleted).toEqual([1_000, 1_000, 1]);
  });
});

describe('a byte range', () => {
  it('lies within the file, or is none', () => {
    const header = fc.oneof(
      fc.string(),
      fc.tuple(fc.nat(200), fc.nat(200)).map(([from, to]) => `bytes=${from}-${to}`),
      fc.nat(200).map((from) => `bytes=${from}-`),
      fc.nat(200).map((length) => `bytes=-${length}`),
    );
    fc.assert(
      fc.property(header, fc.integer({ min: 1, max: 100 }), (text, bytes) => {
        const range = byteRange(text, bytes);
        if (range === undefined || range === 'unsatisfiable') return;
        expect(range.from).toBeGreaterThanOrEqual(0);
        expect(range.to).toBeGreaterThan(range.from);
        expect(range.to).toBeLessThanOrEqual(bytes);
      }),
    );
  });
});
