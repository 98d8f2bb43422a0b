import { createHmac } from 'node:crypto';
import { XMLParser } from 'fast-xml-parser';
import * as v from 'valibot';
import type { Carrier } from '../../contract/carrier-stream.ts';
import { decodeG711, encodeG711 } from '../../server/audio/g711.ts';
import { resample } from '../../server/audio/resampler.ts';
import { FakeCarrier } from '../../server/transport/stream/testing/fake-carrier.ts';
import { audibleSpan } from '../speech/audible.ts';
import { type CallerVoice, narrowCallerSpeech } from '../speech/caller-voice.ts';

const frameMs = 20;
const frameBytes = 160;

const parameter = v.object({ name: v.string(), value: v.string() });
const Connect = v.object({
  Response: v.object({
    Connect: v.object({ Stream: v.object({ url: v.string(), Parameter: v.union([v.array(parameter), parameter]) }) }),
  }),
});

export interface StreamPhoneOptions {
  /** The control plane's address, as the carrier was told it. */
  readonly control: string;
  readonly authToken: string;
  readonly from: string;
  readonly to: string;
}

/** A caller whose carrier brings the call as a media stream: rings by webhook, then speaks and listens in real time. */
export class StreamPhone {
  readonly carrier: FakeCarrier;
  /** Epoch ms of the first that is heard. */
  readonly startedMs = Date.now();
  readonly #clock: NodeJS.Timeout;
  #speech: Uint8Array[] = [];

  private constructor(carrier: FakeCarrier) {
    this.carrier = carrier;
    let nextMs = performance.now();
    this.#clock = setInterval(() => {
      for (; nextMs <= performance.now(); nextMs += frameMs) {
        carrier.send(this.#speech.shift());
        carrier.play(frameMs);
      }
    }, frameMs / 2);
    carrier.start();
  }

  static async call(options: StreamPhoneOptions, carrier: Carrier = 'twilio'): Promise<StreamPhone> {
    const callId = `CA${Date.now()}`;
    const { url, token } = await ring(options, callId);
    const node = url.slice(0, url.indexOf('/v1/'));
    return new StreamPhone(await FakeCarrier.connect({ carrier, url: node, token, callId }));
  }

  async say(text: string, voice: CallerVoice): Promise<void> {
    const { sound } = await narrowCallerSpeech(text, voice);
    const bytes = encodeG711('PCMU', resample(sound.pcm, sound.sampleRateHz, 8_000));
    for (let at = 0; at + frameBytes <= bytes.length; at += frameBytes)
      this.#speech.push(bytes.subarray(at, at + frameBytes));
  }

  /** All that was heard, 8,000 Hz. */
  get heard(): Int16Array {
    return decodeG711('PCMU', Uint8Array.from(this.carrier.heard));
  }

  /** Whether nothing was to be heard in the last `ms`. */
  silentFor(ms: number): boolean {
    const tail = this.heard.subarray(-8 * ms);
    return tail.length === 8 * ms && audibleSpan(tail, 8_000) === null;
  }

  hangUp(): void {
    clearInterval(this.#clock);
    this.carrier.stop();
  }
}

/** The webhook of a call that comes in, signed, and what it is answered with. */
async function ring({ control, authToken, from, to }: StreamPhoneOptions, callId: string) {
  const form = { CallSid: callId, CallStatus: 'ringing', From: from, To: to };
  const url = `${control}/v1/carriers/twilio/voice`;
  const signed =
    url +
    Object.entries(form)
      .map(([key, value]) => key + value)
      .join('');
  const signature = createHmac('sha1', authToken).update(signed).digest('base64');
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'x-twilio-signature': signature },
    body: new URLSearchParams(form),
  });
  const text = await response.text();
  const parser = new XMLParser({ ignoreAttributes: false, attributeNamePrefix: '' });
  const { Stream: stream } = v.parse(Connect, parser.parse(text), { message: text }).Response.Connect;
  return {
    url: stream.url,
    token: [stream.Parameter]
      .flat()
      .map(({ value }) => value)
      .join(''),
  };
}
