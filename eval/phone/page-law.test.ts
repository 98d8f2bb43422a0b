import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { RtpCapabilities } from 'mediasoup/types';
import { levelOf } from '../../server/audio/frame.ts';
import { decodeG711, type G711Law } from '../../server/audio/g711.ts';
import { parseRtp } from '../../server/audio/rtp.ts';
import { createLog } from '../../server/observe/log.ts';
import { BrowserMedia } from '../../server/transport/browser/browser-media.ts';
import { MediaWorkers } from '../../server/transport/browser/media-workers.ts';
import type { RelayedPacket, RelayEnd } from '../../server/transport/rtp/relay-end.ts';

// The library looks for it when it is loaded.
await vi.hoisted(async () => {
  const { workerBinaryPath } = await import('../../scripts/setup/mediasoup-worker.mjs');
  process.env['MEDIASOUP_WORKER_BIN'] ??= workerBinaryPath();
});

let workers: MediaWorkers;
let capabilities: RtpCapabilities;

beforeAll(async () => {
  const log = createLog({ write: () => undefined, now: Date.now });
  // Whatever port is free: nobody has to find it.
  workers = await MediaWorkers.start({ listenAddress: '127.0.0.1', announcedAddress: '127.0.0.1', port: 0 }, 1, log);
  capabilities = (await workers.room()).router.rtpCapabilities;
});
afterAll(() => workers.close());

const open = async (law?: G711Law): Promise<BrowserMedia> =>
  await BrowserMedia.open(
    await workers.room(),
    { audio: () => undefined, died: () => expect.unreachable('The worker died.') },
    law,
  );

/** What a page can receive that was not told of some codecs. */
const without = (...names: readonly string[]): Record<string, unknown> => ({
  ...capabilities,
  codecs: capabilities.codecs?.filter(({ mimeType }) => !names.includes(mimeType)),
});

const microphone = (mimeType: string, payloadType: number, clockRate: number, channels?: number) => ({
  codecs: [{ mimeType, payloadType, clockRate, ...(channels === undefined ? {} : { channels }) }],
  encodings: [{ ssrc: payloadType + 1 }],
});

test('a visitor’s page is offered Opus only; who talks with a telephone is asked for its law first', async () => {
  for (const [law, expected] of [
    [undefined, ['audio/opus']],
    ['PCMU', ['audio/PCMU', 'audio/opus']],
    ['PCMA', ['audio/PCMA', 'audio/opus']],
  ] as const) {
    const media = await open(law);
    const offered = media.offer.routerRtpCapabilities as RtpCapabilities;
    expect(offered.codecs?.map(({ mimeType }) => mimeType)).toEqual(expected);
    media.close();
  }
});

test('a page that speaks and hears the law can be relayed, until it is closed', async () => {
  const media = await open('PCMA');
  expect(media.law).toBeUndefined();
  await media.produce(microphone('audio/PCMA', 8, 8_000));
  const { rtpParameters } = await media.consume(without());
  expect([rtpParameters.codecs[0]?.mimeType, media.law]).toEqual(['audio/PCMA', 'PCMA']);
  media.close();
  expect(media.law).toBeUndefined();
});

test('a page that does not know the law hears Opus, and is not relayed', async () => {
  const media = await open('PCMU');
  await media.produce(microphone('audio/PCMU', 0, 8_000));
  const { rtpParameters } = await media.consume(without('audio/PCMU', 'audio/PCMA'));
  expect([rtpParameters.codecs[0]?.mimeType, media.law]).toEqual(['audio/opus', undefined]);
  media.close();
});

test('a page that speaks Opus is not relayed, whatever it hears', async () => {
  const media = await open('PCMU');
  const other: RelayEnd = { law: 'PCMU', relayTo: () => undefined, relay: () => expect.unreachable() };
  media.relayTo(other);
  await media.consume(without());
  await media.produce(microphone('audio/opus', 100, 48_000, 2));
  expect(media.law).toBeUndefined();
  media.close();
});

test('what is relayed leaves the router byte for byte; of keys nothing, and comfort noise as a packet of noise', async () => {
  const media = await open('PCMU');
  await media.produce(microphone('audio/PCMU', 0, 8_000));
  const { producerId } = await media.consume(without());
  const { router } = await workers.room();
  const ear = await (await router.createDirectTransport()).consume({ producerId, rtpCapabilities: capabilities });
  const got: string[] = [];
  ear.on('rtp', (bytes: Uint8Array) => got.push(Buffer.from(parseRtp(bytes)?.payload ?? []).toString('hex')));
  const relay = (sequenceNumber: number, kind: RelayedPacket['kind'], payload: Uint8Array): void =>
    media.relay({
      kind,
      law: 'PCMU',
      payloadType: 0,
      marker: false,
      sequenceNumber,
      timestamp: 160 * sequenceNumber,
      ssrc: 7,
      payload,
    });
  const [first, last] = [1, 2].map((step) => Uint8Array.from({ length: 160 }, (_, at) => (at * step) & 0xff));
  relay(1, 'voice', first ?? new Uint8Array());
  relay(2, 'key', Uint8Array.of(5, 10, 0, 160));
  relay(3, 'quiet', Uint8Array.of(40));
  relay(4, 'voice', last ?? new Uint8Array());
  await vi.waitFor(() => expect(got).toHaveLength(3));
  const [before, noise, after] = got;
  expect([before, after]).toEqual([first, last].map((bytes) => Buffer.from(bytes ?? []).toString('hex')));
  const level = levelOf(decodeG711('PCMU', Buffer.from(noise ?? '', 'hex')));
  // -40 dBov.
  expect([level > 250, level < 400]).toEqual([true, true]);
  media.close();
});
