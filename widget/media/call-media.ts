import type { MediaOffer, ServerMessage } from '../../contract/signaling.ts';
import { type Direction, IceRepair } from './ice-repair.ts';
import { LevelMeter } from './level-meter.ts';
import type { CreateMediaLink, MediaLink, MediaLinkOptions } from './media-link.ts';
import { type PlayoutCounters, readStats } from './media-stats.ts';
import { Playback } from './playback.ts';
import { TransportPair } from './transport-pair.ts';

const STATS_EVERY_MS = 5_000;

/** The media of one voice call: microphone, transports, playback and their repair. */
export class CallMedia implements MediaLink {
  readonly #options: MediaLinkOptions;
  readonly #playback: Playback;
  readonly #meter: LevelMeter;
  #pair: TransportPair | null = null;
  #counters: PlayoutCounters | null = null;
  #closed = false;
  /** Counts the builds, so that one overtaken by a later one goes unnoticed. */
  #build = 0;
  #cancelStats: () => void = () => {};
  readonly #repair: IceRepair;

  constructor(options: MediaLinkOptions) {
    this.#options = options;
    this.#playback = new Playback(options.audio, options.clock, (blocked) => options.onSoundBlocked(blocked));
    this.#meter = new LevelMeter(options.track);
    this.#repair = new IceRepair(
      options.clock,
      (direction) => options.send({ type: 'restart-ice', direction }),
      () => options.onUnanswered(),
    );
    options.track.addEventListener('ended', () => {
      if (!this.#closed) options.onMicrophoneEnded();
    });
    this.#scheduleStats();
  }

  async build(offer: MediaOffer): Promise<void> {
    // A resumed connection repeats the offer of transports that are still in use.
    if (this.#pair?.offer.send.id === offer.send.id) {
      this.#pair.resume();
      return;
    }
    const build = ++this.#build;
    const current = (): boolean => !this.#closed && build === this.#build;
    this.#pair?.close();
    this.#pair = null;
    this.#repair.reset();
    try {
      const pair = await TransportPair.create({
        offer,
        track: this.#options.track,
        playback: this.#playback,
        send: (message) => this.#options.send(message),
        onState: (direction, state) => this.#onState(pair, direction, state),
      });
      if (!current()) return;
      this.#pair = pair;
      await pair.start();
    } catch (cause) {
      if (current()) this.#options.onFailure(cause);
    }
  }

  receive(message: ServerMessage): void {
    switch (message.type) {
      case 'produced':
        this.#pair?.produced(message.producerId);
        return;
      case 'consumed':
        this.#run(this.#pair?.consumed(message));
        return;
      case 'ice-restarted':
        this.#repair.answered(message.direction);
        this.#run(this.#pair?.iceRestarted(message.direction, message.iceParameters));
        return;
      case 'media-restart':
        void this.build(message.media);
        return;
      case 'flush':
        this.#playback.flush();
        return;
      case 'agent-state':
        if (message.state === 'speaking') this.#playback.agentSpeaks();
        return;
      default:
    }
  }

  /** The track stays open: the node keeps its steady packets, and they are silent. */
  setMuted(muted: boolean): void {
    this.#options.track.enabled = !muted;
  }

  unblockSound(): void {
    this.#playback.play();
  }

  microphoneLevel(): number {
    return this.#meter.level();
  }

  close(): void {
    this.#closed = true;
    this.#cancelStats();
    this.#repair.reset();
    this.#pair?.close();
    this.#playback.close();
    this.#meter.close();
    this.#options.track.stop();
  }

  #onState(pair: TransportPair, direction: Direction, state: string): void {
    if (pair !== this.#pair || this.#closed) return;
    if (state === 'connected') {
      this.#repair.connected(direction);
      if (pair.connected) {
        this.#options.onState('up');
        this.#options.send({ type: 'ready' });
      }
    } else if (state === 'disconnected' || state === 'failed') {
      this.#options.onState('down');
      this.#repair.start(direction);
    }
  }

  #scheduleStats(): void {
    this.#cancelStats = this.#options.clock.after(STATS_EVERY_MS, () => {
      this.#run(this.#reportStats());
      this.#scheduleStats();
    });
  }

  async #reportStats(): Promise<void> {
    const report = await this.#pair?.stats();
    if (report === null || report === undefined || this.#closed) return;
    const { stats, counters } = readStats(report.values(), this.#counters);
    this.#counters = counters;
    if (stats !== null) this.#options.send({ type: 'media-stats', ...stats });
  }

  /** A media step that fails after the start is repaired by ICE or by the node's restart; the console keeps the cause. */
  #run(step: Promise<unknown> | undefined): void {
    step?.catch((cause: unknown) => {
      if (!this.#closed) console.warn('parley: a media step failed', cause);
    });
  }
}

export const createMediaLink: CreateMediaLink = (options) => new CallMedia(options);
