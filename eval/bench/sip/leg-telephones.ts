import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import * as v from 'valibot';
import type { AgreedMedia } from '../../../server/transport/telephone/sdp/answer.ts';

const port = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(65_535));
/** Where the telephones listen; and to where they are to send. */
export const Ports = v.object({ ports: v.pipe(v.array(port), v.maxLength(2_000)) });
export type Ports = v.InferOutput<typeof Ports>;

/** Telephones in a process of their own, so that what they need is not counted: each sends 50 packets a second. */
export class LegTelephones {
  readonly ports: readonly number[];
  readonly #process: ChildProcess;

  private constructor(child: ChildProcess, ports: readonly number[]) {
    this.#process = child;
    this.ports = ports;
  }

  static async start(count: number, codec: AgreedMedia['codec'], encryptedWith: string): Promise<LegTelephones> {
    const program = join(import.meta.dirname, 'leg-telephones-process.ts');
    const child = fork(program, [String(count), codec, encryptedWith], { execArgv: [] });
    const [message] = (await once(child, 'message')) as [unknown];
    return new LegTelephones(child, v.parse(Ports, message).ports);
  }

  sendTo(ports: number[]): void {
    this.#process.send({ ports } satisfies Ports);
  }

  async stop(): Promise<void> {
    if (this.#process.exitCode !== null) return;
    const gone = once(this.#process, 'exit');
    this.#process.kill();
    await gone;
  }
}
