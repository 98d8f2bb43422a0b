import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import * as v from 'valibot';

const answerMs = 30_000;

/** A part of the bench that has a process of its own, so that it can be pinned and measured by itself. */
export class BenchChild<Schema extends v.GenericSchema> {
  readonly pid: number;
  readonly #process: ChildProcess;
  readonly #schema: Schema;

  private constructor(child: ChildProcess, pid: number, schema: Schema) {
    this.#process = child;
    this.pid = pid;
    this.#schema = schema;
  }

  /** Resolves with the first thing that it tells: it is ready. */
  static async start<Schema extends v.GenericSchema>(
    file: string,
    args: readonly number[],
    schema: Schema,
  ): Promise<{ child: BenchChild<Schema>; state: v.InferOutput<Schema> }> {
    const started = fork(join(import.meta.dirname, file), args.map(String), { execArgv: ['--expose-gc'] });
    if (started.pid === undefined) throw new Error(`Could not start ${file}.`);
    const child = new BenchChild(started, started.pid, schema);
    return { child, state: await child.#next() };
  }

  tell(message: string | number[]): void {
    this.#process.send(message);
  }

  async ask(message: string): Promise<v.InferOutput<Schema>> {
    const answer = this.#next();
    this.tell(message);
    return await answer;
  }

  async stop(): Promise<void> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    const over = once(this.#process, 'exit');
    this.#process.disconnect();
    await over;
  }

  async #next(): Promise<v.InferOutput<Schema>> {
    const over = new AbortController();
    const signal = AbortSignal.any([over.signal, AbortSignal.timeout(answerMs)]);
    const died = once(this.#process, 'exit', { signal }).then(() => {
      throw new Error('A process of the bench died.');
    });
    died.catch(() => undefined);
    const told = once(this.#process, 'message', { signal });
    const [message]: unknown[] = await Promise.race([told, died]).finally(() => over.abort());
    return v.parse(this.#schema, message);
  }
}
