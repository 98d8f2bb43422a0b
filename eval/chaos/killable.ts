import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

const startTimeoutMs = 20_000;
const pollMs = 50;

/** A server of somebody else's that dies and comes back on the same port, with what it has on disk. */
export class Killable {
  readonly #name: string;
  readonly #command: readonly [string, ...string[]];
  readonly #port: number;
  #process: ChildProcess | undefined;

  constructor(name: string, port: number, command: readonly [string, ...string[]]) {
    this.#name = name;
    this.#port = port;
    this.#command = command;
  }

  /** Resolves when it takes connections. */
  async start(): Promise<void> {
    if (this.#process !== undefined) return;
    const [program, ...args] = this.#command;
    const child = spawn(program, args, { stdio: ['ignore', 'ignore', 'inherit'] });
    this.#process = child;
    let failure: unknown;
    child.on('error', (error) => (failure = error));
    const giveUpMs = Date.now() + startTimeoutMs;
    while (!(await this.#answers())) {
      if (this.#process !== child) return;
      if (failure !== undefined || child.exitCode !== null || Date.now() > giveUpMs)
        throw new Error(`The ${this.#name} did not start: ${program}`, { cause: failure });
      await pause(pollMs);
    }
  }

  /** At once, with whatever it was doing. */
  async kill(): Promise<void> {
    const child = this.#process;
    this.#process = undefined;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    child.kill('SIGKILL');
    await exited;
  }

  #answers(): Promise<boolean> {
    return new Promise((resolve) => {
      const socket = connect(this.#port, '127.0.0.1');
      socket.on('connect', () => {
        socket.destroy();
        resolve(true);
      });
      socket.on('error', () => resolve(false));
    });
  }
}
