import { once } from 'node:events';
import * as v from 'valibot';
import { WebSocket } from 'ws';
import { type Carrier, streamPath, tokenParameters } from '../../../../contract/carrier-stream.ts';

const silence = 0xff;
const bytesPerMs = 8;

const payload = v.pipe(v.string(), v.base64(), v.minLength(1));
const name = v.pipe(v.string(), v.minLength(1));

/** What each vendor documents that a server may send, and nothing else. */
const Sent = {
  twilio: (streamSid: string) =>
    v.variant('event', [
      v.strictObject({
        event: v.literal('media'),
        streamSid: v.literal(streamSid),
        media: v.strictObject({ payload }),
      }),
      v.strictObject({ event: v.literal('mark'), streamSid: v.literal(streamSid), mark: v.strictObject({ name }) }),
      v.strictObject({ event: v.literal('clear'), streamSid: v.literal(streamSid) }),
    ]),
  telnyx: () =>
    v.variant('event', [
      v.strictObject({ event: v.literal('media'), media: v.strictObject({ payload }) }),
      v.strictObject({ event: v.literal('mark'), mark: v.strictObject({ name }) }),
      v.strictObject({ event: v.literal('clear') }),
    ]),
};

export interface FakeCarrierOptions {
  readonly carrier: Carrier;
  /** Of the media node: `ws://127.0.0.1:8788`. */
  readonly url: string;
  readonly token: string;
  readonly callId: string;
  /** Telnyx only. */
  readonly encoding?: string;
}

/**
 * A carrier with one call: sends what the vendor documents, refuses whatever the vendor would not understand, and plays
 * what it is sent at its own pace, so that marks come back when their audio has been heard.
 */
export class FakeCarrier {
  /** What was sent to it against the vendor's rules. */
  readonly faults: string[] = [];
  /** What the caller heard: µ-law at 8,000 Hz. */
  readonly heard: number[] = [];
  clears = 0;
  readonly closed: Promise<{ code: number; reason: string }>;
  readonly #options: FakeCarrierOptions;
  readonly #socket: WebSocket;
  readonly #streamId = `MZ${'0'.repeat(32)}`;
  /** A byte to be played, or a mark that is reached. */
  #buffer: (number | string)[] = [];
  #sequence = 0;
  #chunk = 0;

  private constructor(options: FakeCarrierOptions, socket: WebSocket) {
    this.#options = options;
    this.#socket = socket;
    const schema = Sent[options.carrier](this.#streamId);
    socket.on('message', (data: Buffer, isBinary) => {
      const text = isBinary ? undefined : data.toString();
      const message = v.safeParse(v.pipe(v.string(), v.parseJson(), schema), text);
      if (message.success) this.#receive(message.output);
      else this.faults.push(v.summarize(message.issues));
    });
    this.closed = once(socket, 'close').then(([code, reason]) => ({ code: Number(code), reason: String(reason) }));
  }

  static async connect(options: FakeCarrierOptions): Promise<FakeCarrier> {
    const socket = new WebSocket(options.url + streamPath(options.carrier));
    const carrier = new FakeCarrier(options, socket);
    await once(socket, 'open');
    return carrier;
  }

  get bufferedMs(): number {
    return this.#buffer.filter((item) => typeof item === 'number').length / bytesPerMs;
  }

  start(): void {
    const { carrier, callId, token, encoding = 'PCMU' } = this.#options;
    if (carrier === 'twilio') {
      this.raw({ event: 'connected', protocol: 'Call', version: '1.0.0' });
      this.#tell('start', {
        accountSid: `AC${'0'.repeat(32)}`,
        streamSid: this.#streamId,
        callSid: callId,
        tracks: ['inbound'],
        mediaFormat: { encoding: 'audio/x-mulaw', sampleRate: 8_000, channels: 1 },
        customParameters: tokenParameters(token),
      });
    } else {
      this.raw({ event: 'connected', version: '1.0.0' });
      this.#tell('start', {
        user_id: '3e6f995f-85f7-4705-9741-53b116d28237',
        call_control_id: callId,
        call_session_id: 'ff55a038-6f5d-11ef-9692-02420aeffb1f',
        from: '+17205550199',
        to: '+17205550100',
        custom_parameters: tokenParameters(token),
        media_format: { encoding, sample_rate: 8_000, channels: 1 },
      });
    }
  }

  /** 20 ms of the caller. @param place its number, where it does not follow the one before. */
  send(bytes: Uint8Array = new Uint8Array(160).fill(silence), place: number = this.#chunk + 1): void {
    this.#chunk = Math.max(this.#chunk, place);
    this.#tell('media', {
      track: 'inbound',
      chunk: String(place),
      timestamp: String((place - 1) * 20),
      payload: Buffer.from(bytes).toString('base64'),
    });
  }

  press(digit: string): void {
    const track = this.#options.carrier === 'twilio' ? { track: 'inbound_track' } : {};
    this.#tell('dtmf', { ...track, digit });
  }

  stop(): void {
    const { carrier, callId } = this.#options;
    const ids =
      carrier === 'twilio'
        ? { accountSid: `AC${'0'.repeat(32)}`, callSid: callId }
        : { user_id: '3e6f995f-85f7-4705-9741-53b116d28237', call_control_id: callId };
    this.#tell('stop', ids);
    this.#socket.close();
  }

  /** The connection breaks without a word. */
  drop(): void {
    this.#socket.terminate();
  }

  /** The caller hears so much more of what is buffered, or silence. */
  play(ms: number): void {
    let left = ms * bytesPerMs;
    while (left > 0 && this.#buffer.length > 0) {
      const item = this.#buffer.shift();
      if (typeof item === 'number') {
        this.heard.push(item);
        left -= 1;
      } else if (item !== undefined) this.#tell('mark', { name: item });
    }
    this.#returnReached();
    for (; left > 0; left -= 1) this.heard.push(silence);
  }

  raw(message: unknown): void {
    this.#socket.send(typeof message === 'string' ? message : JSON.stringify(message));
  }

  #receive(message: v.InferOutput<ReturnType<(typeof Sent)[Carrier]>>): void {
    switch (message.event) {
      case 'media':
        this.#buffer.push(...Buffer.from(message.media.payload, 'base64'));
        return;
      case 'mark':
        this.#buffer.push(message.mark.name);
        this.#returnReached();
        return;
      case 'clear': {
        this.clears += 1;
        const marks = this.#buffer.filter((item) => typeof item === 'string');
        this.#buffer = [];
        for (const each of marks) this.#tell('mark', { name: each });
        return;
      }
      default:
        message satisfies never;
    }
  }

  /** Marks that no audio is in front of any more. */
  #returnReached(): void {
    while (typeof this.#buffer[0] === 'string') this.#tell('mark', { name: this.#buffer.shift() });
  }

  #tell(event: string, content: unknown): void {
    this.#sequence += 1;
    const sequence = String(this.#sequence);
    const twilio = this.#options.carrier === 'twilio';
    this.raw({
      event,
      ...(twilio ? { sequenceNumber: sequence, streamSid: this.#streamId } : { sequence_number: sequence }),
      ...(twilio ? {} : { stream_id: this.#streamId }),
      [event]: content,
    });
  }
}
