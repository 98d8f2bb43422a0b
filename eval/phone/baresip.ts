import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { resample } from '../../server/audio/resampler.ts';
import { encodeWav, type Sound } from '../../server/audio/wav.ts';
import { eventually } from '../product/eventually.ts';
import { audibleSpan } from '../speech/audible.ts';
import { callerSpeech, type CallerVoice } from '../speech/caller-voice.ts';
import { freeSipPort } from './phone-product.ts';

const modules = '/usr/lib/baresip/modules';
/** What the telephone sends when nobody speaks: the file must not end before the call. */
const pauseMs = 240_000;
const wavHeaderBytes = 44;

export interface BaresipOptions {
  /** Who calls. */
  readonly number: string;
  readonly codec?: 'pcmu' | 'pcma' | 'opus';
  /** SRTP: offered, or demanded. */
  readonly encryption?: 'srtp' | 'srtp-mand';
  /** Where it can be called. Any free port without it. */
  readonly port?: number;
  /** It picks up by itself, and then plays this. */
  readonly answersWith?: Sound;
}

/** A softphone that speaks from files and keeps what it hears: Debian's baresip. */
export class Baresip {
  readonly #process: ChildProcess;
  readonly #folder: string;
  readonly #control: Socket;
  #log = '';
  #sounds = 0;

  private constructor(child: ChildProcess, folder: string, control: Socket) {
    this.#process = child;
    this.#folder = folder;
    this.#control = control;
    for (const stream of [child.stdout, child.stderr])
      stream?.on('data', (part: Buffer) => (this.#log += part.toString()));
  }

  static async start(options: BaresipOptions): Promise<Baresip> {
    const { number, codec = 'pcmu', encryption, port, answersWith } = options;
    const folder = await mkdtemp(join(tmpdir(), 'parley-baresip-'));
    const [sipPort, controlPort] = [port ?? (await freeSipPort()), await freeSipPort()];
    await writeFile(
      join(folder, 'pause.wav'),
      encodeWav(answersWith ? followedBySilence(answersWith) : silence(pauseMs)),
    );
    await writeFile(join(folder, 'config'), configuration(folder, sipPort, controlPort));
    const settings = [
      'regint=0',
      `audio_codecs=${codec === 'opus' ? 'opus/48000/2' : codec}`,
      `answermode=${answersWith ? 'auto' : 'manual'}`,
      'dtmfmode=rtpevent',
      ...(encryption === undefined ? [] : [`mediaenc=${encryption}`]),
    ];
    await writeFile(join(folder, 'accounts'), `<sip:${number}@127.0.0.1>;${settings.join(';')}\n`);
    const child = spawn('baresip', ['-f', folder], { stdio: ['ignore', 'pipe', 'pipe'] });
    const control = await eventually(() => open(controlPort), { timeoutMs: 10_000, what: 'baresip to listen' });
    return new Baresip(child, folder, control);
  }

  get log(): string {
    return this.#log;
  }

  /** Rejects when it is refused. */
  async dial(uri: string): Promise<void> {
    this.#command('dial', uri);
    await this.waitForLog(/call established|session closed/i, 'the call to be answered');
    if (!/call established/i.test(this.#log)) throw new Error(`The call was refused: baresip said\n${this.#log}`);
  }

  /** Picks up a call that rings here. */
  async pickUp(): Promise<void> {
    await this.waitForLog(/incoming call/i, 'a call to ring');
    this.#command('accept');
    await this.waitForLog(/call established/i, 'the call to be answered');
  }

  /** Speaks; resolves with how long it takes, at once. */
  async say(text: string, voice: CallerVoice): Promise<number> {
    const { sound } = await callerSpeech(text, voice);
    const narrow = resample(sound.pcm, sound.sampleRateHz, 8_000);
    const pcm = new Int16Array(narrow.length + 8 * pauseMs);
    pcm.set(narrow);
    this.#sounds += 1;
    const file = join(this.#folder, `say-${this.#sounds}.wav`);
    await writeFile(file, encodeWav({ sampleRateHz: 8_000, pcm }));
    this.#command('ausrc', `aufile,${file}`);
    return narrow.length / 8;
  }

  press(key: string): void {
    this.#command('sndcode', key);
  }

  hold(): void {
    this.#command('hold');
  }

  resume(): void {
    this.#command('resume');
  }

  hangUp(): void {
    this.#command('hangup');
  }

  async waitForEnd(timeoutMs = 20_000): Promise<void> {
    await this.waitForLog(/terminated|session closed/i, 'the call to end', timeoutMs);
  }

  /** All that it heard: 8,000 Hz; with Opus 48,000 Hz, two channels in turn. */
  async heard(): Promise<Sound> {
    const files = (await readdir(this.#folder)).filter((file) => file.startsWith('dump-') && file.endsWith('dec.wav'));
    const file = files.sort().at(-1);
    if (file === undefined) throw new Error(`baresip heard nothing: ${this.#log}`);
    // While it records, the header does not say yet how much there is.
    const wav = await readFile(join(this.#folder, file));
    const samples = wav.subarray(wavHeaderBytes);
    return {
      sampleRateHz: wav.readUInt32LE(24),
      pcm: Int16Array.from({ length: samples.length >> 1 }, (_, n) => samples.readInt16LE(2 * n)),
    };
  }

  /** Whether nothing was to be heard in the last `ms`. */
  async silentFor(ms: number): Promise<boolean> {
    const { pcm } = await this.heard();
    const tail = pcm.subarray(Math.max(0, pcm.length - 8 * ms));
    return pcm.length > 8 * ms && audibleSpan(tail, 8_000) === null;
  }

  /** It dies without a word. */
  async kill(): Promise<void> {
    this.#process.kill('SIGKILL');
    await once(this.#process, 'exit');
  }

  async stop(): Promise<void> {
    this.#control.destroy();
    if (this.#process.exitCode === null && this.#process.signalCode === null) {
      this.#process.kill('SIGTERM');
      await once(this.#process, 'exit');
    }
    await rm(this.#folder, { recursive: true, force: true });
  }

  #command(command: string, params = ''): void {
    const json = JSON.stringify({ command, params });
    this.#control.write(`${json.length}:${json},`);
  }

  /** Until it says something of that kind. */
  async waitForLog(pattern: RegExp, what: string, timeoutMs = 15_000): Promise<void> {
    await eventually(() => Promise.resolve(pattern.test(this.#log) ? true : undefined), { timeoutMs, what }).catch(
      (cause: unknown) => {
        throw new Error(`${what}: baresip said\n${this.#log}`, { cause });
      },
    );
  }
}

function configuration(folder: string, sipPort: number, controlPort: number): string {
  const lines = [
    `module_path ${modules}`,
    // What an account may name has to be there before it.
    ...['g711', 'opus', 'srtp', 'aufile', 'aubridge', 'sndfile', 'account', 'menu', 'ctrl_tcp'].map(
      (name) => `module ${name}.so`,
    ),
    `sip_listen 127.0.0.1:${sipPort}`,
    `ctrl_tcp_listen 127.0.0.1:${controlPort}`,
    `audio_source aufile,${join(folder, 'pause.wav')}`,
    // Nobody listens: what is heard goes to a file before it gets there.
    // Whatever the codec, files are at 8,000 Hz.
    'ausrc_srate 8000',
    'ausrc_channels 1',
    'audio_player aubridge,nobody',
    'audio_alert aubridge,nobody',
    `snd_path ${folder}`,
    'jitter_buffer_delay 1-5',
  ];
  return `${lines.join('\n')}\n`;
}

async function open(port: number): Promise<Socket | undefined> {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    socket.on('error', () => undefined);
    return socket;
  } catch {
    return undefined;
  }
}

/** A line stays open longer than what is said on it. */
function followedBySilence({ sampleRateHz, pcm }: Sound): Sound {
  const narrow = resample(pcm, sampleRateHz, 8_000);
  const whole = new Int16Array(narrow.length + 8 * pauseMs);
  whole.set(narrow);
  return { sampleRateHz: 8_000, pcm: whole };
}

const silence = (ms: number): Sound => ({ sampleRateHz: 8_000, pcm: new Int16Array(8 * ms) });
