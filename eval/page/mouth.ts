import { samplesFromBase64 } from './base64.ts';
import type { MouthReport, MouthRequest } from './worklet-message.ts';

/** Speaks into the stream that the page takes for its microphone. */
export class Mouth {
  readonly stream: MediaStream;
  private readonly destination: MediaStreamAudioDestinationNode;
  private readonly node: AudioWorkletNode;
  private readonly open = new Map<number, (report: MouthReport) => void>();
  private nextId = 0;

  constructor(context: AudioContext) {
    const destination = context.createMediaStreamDestination();
    destination.channelCount = 1;
    this.node = new AudioWorkletNode(context, 'caller-mouth', { numberOfInputs: 0, outputChannelCount: [1] });
    this.node.connect(destination);
    this.node.port.addEventListener('message', (event: MessageEvent<MouthReport>) => {
      this.open.get(event.data.id)?.(event.data);
      this.open.delete(event.data.id);
    });
    this.node.port.start();
    this.destination = destination;
    this.stream = destination.stream;
  }

  /** Resolves when the last sample has left. */
  say(pcm: Int16Array): Promise<MouthReport> {
    const id = (this.nextId += 1);
    const samples = Float32Array.from(pcm, (sample) => sample / 32_768);
    return new Promise((resolve) => {
      this.open.set(id, resolve);
      this.post({ type: 'say', id, samples });
    });
  }

  sayBase64(base64: string): Promise<MouthReport> {
    return this.say(samplesFromBase64(base64));
  }

  /** What else the microphone picks up, over and over. */
  surround(pcm: Int16Array): void {
    const { context } = this.destination;
    const buffer = context.createBuffer(1, pcm.length, context.sampleRate);
    buffer.copyToChannel(
      Float32Array.from(pcm, (sample) => sample / 32_768),
      0,
    );
    const source = new AudioBufferSourceNode(context, { buffer, loop: true });
    source.connect(this.destination);
    source.start();
  }

  stop(): void {
    this.open.clear();
    this.post({ type: 'stop' });
  }

  private post(request: MouthRequest): void {
    this.node.port.postMessage(request, request.type === 'say' ? [request.samples.buffer] : []);
  }
}
