import { afterEach, expect, test, vi } from 'vitest';
import { Pacer } from '../../server/agent/speak/pacer.ts';
import { levelOf } from '../../server/audio/frame.ts';
import type { LineQuality } from '../../server/audio/line-quality.ts';
import { SipLine } from '../../server/call/sip-line.ts';
import { PortPool } from '../../server/transport/telephone/rtp/port-range.ts';
import type { MediaPolicy } from '../../server/transport/telephone/sdp/media-policy.ts';
import { Telephone } from '../../server/transport/telephone/telephone.ts';
import { certificateOf } from '../../server/transport/telephone/testing/certificate.ts';
import { Baresip, type BaresipOptions } from './baresip.ts';
import { freeSipPort } from './phone-product.ts';

/** Half full scale, 400 Hz. */
const tone = Int16Array.from({ length: 320 }, (_, n) => 16_000 * Math.sin((2 * Math.PI * 400 * n) / 16_000));
const closers: (() => void | Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close();
});

/** The telephone alone, without anybody who listens: each call is answered with a tone, and its keys are kept. */
async function openTelephone(policy: MediaPolicy) {
  const tlsPort = await freeSipPort();
  const state: { line: SipLine | undefined; heard: number[]; keys: string[]; quality: LineQuality | undefined } = {
    line: undefined,
    heard: [],
    keys: [],
    quality: undefined,
  };
  const fault = (error: unknown): void => expect.unreachable(String(error));
  const pacer = new Pacer(20, () => performance.now());
  const ports = new PortPool({ from: 48_000, to: 48_199 });
  const telephone = await Telephone.open({
    host: '127.0.0.1',
    port: 0,
    tls: { port: tlsPort, ...certificateOf('localhost') },
    announcedAddress: '127.0.0.1',
    trunks: [{ name: 'loopback', addresses: ['127.0.0.1'], ...policy }],
    limits: { perBusiness: 1, perBusinessADay: 1 },
    now: Date.now,
    vacancy: () => 'free',
    onFault: fault,
    onCall: (leg, trunk) => {
      const line = new SipLine({
        leg,
        host: '127.0.0.1',
        ports,
        now: Date.now,
        announcedAddress: '127.0.0.1',
        policy: trunk,
      });
      state.line = line;
      let stop: (() => void) | undefined;
      void line.open({
        ready: () => void (stop ??= pacer.add(() => line.play(tone), fault)),
        connected: () => undefined,
        audio: (samples) => state.heard.push(levelOf(samples)),
        keyPressed: (key) => state.keys.push(key),
        held: () => undefined,
        degraded: fault,
        fault,
        ended: () => {
          state.quality = line.quality;
          stop?.();
          line.hangUp();
        },
      });
    },
  });
  closers.push(() => telephone.close());
  return { state, port: telephone.port, tlsPort };
}

async function startPhone(options: Omit<BaresipOptions, 'number'>): Promise<Baresip> {
  const phone = await Baresip.start({ number: '+17205550199', ...options });
  closers.push(() => phone.stop());
  return phone;
}

test.each([
  { name: 'TLS and SRTP, G.711', transport: 'tls', codec: 'pcmu', encryption: 'srtp-mand', srtp: 'required' },
  { name: 'TLS and SRTP, Opus', transport: 'tls', codec: 'opus', encryption: 'srtp-mand', srtp: 'optional' },
  { name: 'Opus in the clear', transport: 'udp', codec: 'opus', encryption: undefined, srtp: 'optional' },
] as const)('$name: a softphone hears, is heard, and presses a key', async ({ transport, codec, encryption, srtp }) => {
  const { state, port, tlsPort } = await openTelephone({ srtp });
  const phone = await startPhone({ codec, ...(encryption ? { encryption } : {}) });
  await phone.dial(`sip:agent@127.0.0.1:${transport === 'tls' ? tlsPort : port};transport=${transport}`);
  await phone.say('i would like a new roof please', 'rms');
  await vi.waitFor(() => expect(Math.max(...state.heard)).toBeGreaterThan(500), { timeout: 20_000, interval: 100 });
  phone.press('7');
  await vi.waitFor(() => expect(state.keys).toEqual(['7']), { timeout: 10_000, interval: 100 });
  expect(state.line?.quality).toMatchObject({
    codec: codec === 'opus' ? 'opus' : 'PCMU',
    encrypted: encryption !== undefined,
    packetsLost: 0,
  });
  const { pcm } = await phone.heard();
  expect(levelOf(pcm.subarray(pcm.length >> 1))).toBeGreaterThan(5_000);
});

test('where encryption is required a telephone without it is refused with 488', async () => {
  const { port } = await openTelephone({ srtp: 'required' });
  const phone = await startPhone({});
  await expect(phone.dial(`sip:agent@127.0.0.1:${port};transport=udp`)).rejects.toThrow(/488/);
});
