import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import * as v from 'valibot';
import { ProviderFailure } from '../../agent/provider-failure.ts';
import { EngineAnswer, type EngineRequest, type EngineSettings } from './messages.ts';

const program = fileURLToPath(new URL('engine-process.ts', import.meta.url));
/** The largest models take some ten seconds from a slow disk. */
const startWithinMs = 60_000;

type Answered = Exclude<EngineRequest, { do: 'feed' | 'discard' }>;
/** A request before it has its number. */
type Question = Answered extends infer R ? (R extends Answered ? Omit<R, 'id'> : never) : never;

/** One model in a process of its own, which is started again when it ended. */
export class SherpaEngine {
  readonly #settings: EngineSettings;
  readonly #waiting = new Map<number, PromiseWithResolvers<EngineAnswer>>();
  #child: ChildProcess | undefined;
  #lastId = 0;
  /** Counts the processes: what one of them has heard, the next one has not. */
  generation = 0;

  private constructor(settings: EngineSettings) {
    this.#settings = settings;
  }

  /** Rejects when the library or the model cannot be loaded. */
  static async start(settings: EngineSettings): Promise<SherpaEngine> {
    const engine = new SherpaEngine(settings);
    await engine.#spawn();
    return engine;
  }

  /** Without an answer. Lost while the process is away, which the next question says. */
  tell(message: Exclude<EngineRequest, Answered>): void {
    if (this.#child?.connected === true) this.#child.send(message);
  }

  async ask(question: Question): Promise<EngineAnswer> {
    if (!this.#child) {
      // Back for later questions; this one is the next engine's.
      void this.#spawn().catch(() => undefined);
      throw new ProviderFailure('The local speech engine is being started again');
    }
    this.#lastId += 1;
    const id = this.#lastId;
    const answer = Promise.withResolvers<EngineAnswer>();
    this.#waiting.set(id, answer);
    this.#child.send({ ...question, id });
    return answer.promise;
  }

  async #spawn(): Promise<void> {
    const child = fork(program, [JSON.stringify(this.#settings)], { serialization: 'advanced' });
    this.#child = child;
    this.generation += 1;
    const ready = Promise.withResolvers<void>();
    const timer = setTimeout(() => child.kill('SIGKILL'), startWithinMs);
    child.on('message', (message) => {
      const answer = v.parse(EngineAnswer, message);
      if (answer.type === 'ready') ready.resolve();
      else if (answer.id !== undefined) this.#settle(answer.id, answer);
      else if (answer.type === 'failed') ready.reject(new Error(answer.message));
    });
    child.on('error', ready.reject);
    child.on('exit', (code, signal) => {
      const cause = new ProviderFailure(
        `The local speech engine ended (${signal ?? code}). If it does so at once, its model is damaged: remove it and fetch it again with npm run models`,
      );
      if (this.#child === child) this.#child = undefined;
      for (const { reject } of this.#waiting.values()) reject(cause);
      this.#waiting.clear();
      ready.reject(cause);
    });
    try {
      await ready.promise;
    } catch (error) {
      child.kill();
      throw error;
    } finally {
      clearTimeout(timer);
    }
  }

  #settle(id: number, answer: EngineAnswer): void {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (answer.type === 'failed') waiting?.reject(new ProviderFailure(answer.message));
    else waiting?.resolve(answer);
  }
}
