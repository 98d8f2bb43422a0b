import { createWorker } from 'mediasoup';
import type { Router, WebRtcServer, Worker } from 'mediasoup/types';
import type { Log } from '../../observe/log.ts';

/** Where browsers send their media. */
export interface RtcAddress {
  /** The address to bind, as `127.0.0.1` or `0.0.0.0`. */
  readonly listenAddress: string;
  /** UDP and TCP port of the first worker; the next one takes the next port. */
  readonly port: number;
  /** What the browser is told to reach, when it differs from the bound address (NAT). */
  readonly announcedAddress: string;
}

/** One mediasoup process with its port, and the router that all its calls share. */
export interface MediaRoom {
  readonly router: Router;
  readonly server: WebRtcServer;
  /** Of the worker process. */
  readonly pid: number;
  /** Called once if the worker dies. Returns a function that unsubscribes. */
  onDeath(listener: () => void): () => void;
}

/** Browsers must speak all of them (RFC 7874 §3). G.711 is for whoever talks with a telephone. */
const mediaCodecs = [
  { kind: 'audio', mimeType: 'audio/opus', clockRate: 48_000, channels: 2 },
  { kind: 'audio', mimeType: 'audio/PCMU', clockRate: 8_000 },
  { kind: 'audio', mimeType: 'audio/PCMA', clockRate: 8_000 },
] as const;
const restartDelayMs = 200;

/** Keeps the mediasoup workers alive: one that dies is replaced, and its calls are told. */
export class MediaWorkers {
  readonly #address: RtcAddress;
  readonly #log: Log;
  readonly #rooms: (Promise<MediaRoom> | undefined)[];
  #next = 0;
  #closed = false;
  readonly #workers = new Set<Worker>();

  private constructor(address: RtcAddress, count: number, log: Log) {
    this.#address = address;
    this.#log = log;
    this.#rooms = Array.from({ length: count });
  }

  static async start(address: RtcAddress, count: number, log: Log): Promise<MediaWorkers> {
    const workers = new MediaWorkers(address, count, log);
    await Promise.all(workers.#rooms.map((_, index) => workers.#room(index)));
    return workers;
  }

  /** The next worker's room, round robin. Waits while a dead one is being replaced. */
  room(): Promise<MediaRoom> {
    this.#next = (this.#next + 1) % this.#rooms.length;
    return this.#room(this.#next);
  }

  close(): void {
    this.#closed = true;
    for (const worker of this.#workers) worker.close();
  }

  #room(index: number): Promise<MediaRoom> {
    const known = this.#rooms[index];
    if (known) return known;
    const room = this.#open(index);
    this.#rooms[index] = room;
    room.catch(() => {
      this.#rooms[index] = undefined;
    });
    return room;
  }

  async #open(index: number): Promise<MediaRoom> {
    const worker = await createWorker({ logLevel: 'error' });
    this.#workers.add(worker);
    try {
      const listeners = new Set<() => void>();
      worker.once('died', (error) => {
        this.#workers.delete(worker);
        this.#rooms[index] = undefined;
        if (this.#closed) return;
        this.#log.error('A media worker died and is being replaced', { worker: index, error });
        for (const listener of listeners) listener();
        setTimeout(() => this.#replace(index), restartDelayMs);
      });
      const listenInfo = {
        ip: this.#address.listenAddress,
        announcedAddress: this.#address.announcedAddress,
        port: this.#address.port + index,
      };
      const server = await worker.createWebRtcServer({
        listenInfos: [
          { ...listenInfo, protocol: 'udp' },
          { ...listenInfo, protocol: 'tcp' },
        ],
      });
      const router = await worker.createRouter({ mediaCodecs: [...mediaCodecs] });
      const onDeath = (listener: () => void) => {
        listeners.add(listener);
        return () => listeners.delete(listener);
      };
      return { router, server, pid: worker.pid, onDeath };
    } catch (cause) {
      worker.close();
      this.#workers.delete(worker);
      const port = this.#address.port + index;
      throw new Error(
        `Cannot open media port ${port} on ${this.#address.listenAddress}. Is another program using it? Set PARLEY_RTC_PORT to a free one.`,
        { cause },
      );
    }
  }

  #replace(index: number): void {
    if (this.#closed) return;
    this.#room(index).catch((error: unknown) => {
      this.#log.error('A media worker could not be replaced; trying again', { worker: index, error });
      setTimeout(() => this.#replace(index), restartDelayMs * 5);
    });
  }
}
