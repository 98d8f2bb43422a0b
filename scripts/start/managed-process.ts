import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { SetUpError } from '../setup/set-up-error.mjs';

export interface ManagedProcessOptions {
  /** As a person calls it: "media node". */
  readonly name: string;
  /** The program and its arguments, for the Node that runs this. */
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** Everything the program prints. */
  readonly logFile: string;
  /** Answers true once the program serves. Asked every 25 ms. */
  readonly isReady: (signal: AbortSignal) => Promise<boolean>;
  readonly startTimeoutMs?: number;
  /** Hears, in one line each, about deaths and restarts. */
  readonly onNotice: (line: string) => void;
}

const readyPollMs = 25;
/** What was asked while the program came up may never be answered: it is asked again. */
const readyAnswerMs = 1_000;
const defaultStartTimeoutMs = 30_000;
/** After SIGTERM. Ctrl-C ends everything within two seconds. */
const stopGraceMs = 1_500;
const minBackOffMs = 250;
const maxBackOffMs = 10_000;
/** A program that lived this long starts over with the shortest back-off. */
const steadyMs = 30_000;
const leash = new URL('./leash.ts', import.meta.url).href;

/** A program that ended, or did not serve in time, while it was being started. */
export class StartError extends SetUpError {
  constructor(name: string, what: string, logFile: string) {
    const tail = readTail(logFile, 12);
    super(`The ${name} ${what}.${tail ? `\n${tail}` : ''}\nIts whole log: ${logFile}`);
    this.name = 'StartError';
  }
}

/**
 * One long-running program: started in a process group of its own, restarted with back-off when it
 * dies by itself, and ended together with every process that it started.
 */
export class ManagedProcess {
  readonly name: string;
  readonly #options: ManagedProcessOptions;
  #child: ChildProcess | undefined;
  #exited: Promise<void> = Promise.resolve();
  /** Settled when the program's present life, or the one about to begin, serves. */
  #serving = unobserved();
  #isServing = false;
  #wanted = false;
  #waiting = new AbortController();
  #restarts = 0;

  constructor(options: ManagedProcessOptions) {
    this.#options = options;
    this.name = options.name;
  }

  /** Undefined while it is down. */
  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** How often it was restarted after dying by itself. */
  get restarts(): number {
    return this.#restarts;
  }

  /** Resolves when the program serves; rejects with a {@link StartError}, and then does not try again. */
  start(): Promise<void> {
    if (!this.#wanted) {
      this.#wanted = true;
      this.#expectLife();
      void this.#run();
    }
    return this.#serving.promise;
  }

  /** Resolves when the program serves; after its death, when it serves again. */
  whenReady(): Promise<void> {
    return this.#serving.promise;
  }

  /** Sends a signal to the program and all that it started. If they die of it, they are restarted. */
  kill(signal: NodeJS.Signals): void {
    const pid = this.#child?.pid;
    if (pid === undefined) return;
    // Who asks for readiness from now on means the next life.
    if (this.#isServing && signal !== 'SIGSTOP' && signal !== 'SIGCONT') this.#expectLife();
    signalGroup(pid, signal);
  }

  /** Ends the program and all that it started, by force after 1.5 s. It stays down until `start()`. */
  async stop(): Promise<void> {
    this.#wanted = false;
    this.#waiting.abort();
    this.#serving.reject(new Error(`The ${this.name} was stopped.`));
    const pid = this.#child?.pid;
    if (pid === undefined) return;
    signalGroup(pid, 'SIGTERM');
    const force = setTimeout(() => signalGroup(pid, 'SIGKILL'), stopGraceMs);
    await this.#exited;
    clearTimeout(force);
  }

  #expectLife(): void {
    this.#serving = unobserved();
    this.#isServing = false;
  }

  #serve(): void {
    this.#isServing = true;
    this.#serving.resolve();
  }

  /** From `start()` to `stop()`. */
  async #run(): Promise<void> {
    try {
      await this.#launch();
    } catch (error) {
      this.#wanted = false;
      this.#serving.reject(error);
      return;
    }
    this.#serve();
    let backOffMs = minBackOffMs;
    while (this.#wanted) {
      const bornMs = performance.now();
      const child = this.#child;
      await this.#exited;
      if (!this.#wanted) return;
      if (this.#isServing) this.#expectLife();
      if (performance.now() - bornMs >= steadyMs) backOffMs = minBackOffMs;
      this.#options.onNotice(`The ${this.name} stopped (${describeExit(child)}). Restarting it.`);
      while (this.#wanted && !(await this.#relaunch(backOffMs))) backOffMs = Math.min(backOffMs * 2, maxBackOffMs);
    }
  }

  async #relaunch(backOffMs: number): Promise<boolean> {
    this.#waiting = new AbortController();
    await delay(backOffMs, undefined, { signal: this.#waiting.signal }).catch(() => {});
    if (!this.#wanted) return false;
    try {
      await this.#launch();
    } catch (error) {
      if (this.#wanted) this.#options.onNotice(error instanceof Error ? error.message : String(error));
      return false;
    }
    this.#restarts += 1;
    this.#serve();
    this.#options.onNotice(`The ${this.name} is back.`);
    return true;
  }

  async #launch(): Promise<void> {
    const { args, env, cwd, logFile, name, startTimeoutMs = defaultStartTimeoutMs } = this.#options;
    const log = openSync(logFile, 'a');
    const child = spawn(process.execPath, ['--import', leash, ...args], {
      cwd,
      env,
      // Its own group: one signal reaches its own children, and the terminal's Ctrl-C reaches only us.
      detached: true,
      stdio: ['ignore', log, log, 'ipc'],
    });
    closeSync(log);
    this.#child = child;
    this.#exited = new Promise((resolve) => {
      const done = (): void => {
        if (child.pid !== undefined) signalGroup(child.pid, 'SIGKILL');
        if (this.#child === child) this.#child = undefined;
        resolve();
      };
      child.once('exit', done);
      child.once('error', done);
    });

    const deadline = AbortSignal.timeout(startTimeoutMs);
    const gone = new AbortController();
    void this.#exited.then(() => gone.abort());
    const signal = AbortSignal.any([deadline, gone.signal]);
    while (!signal.aborted) {
      if (await this.#options.isReady(AbortSignal.any([signal, AbortSignal.timeout(readyAnswerMs)]))) return;
      await delay(readyPollMs, undefined, { signal }).catch(() => {});
    }
    if (gone.signal.aborted) throw new StartError(name, `ended while starting (${describeExit(child)})`, logFile);
    if (child.pid !== undefined) signalGroup(child.pid, 'SIGKILL');
    await this.#exited;
    throw new StartError(name, `did not answer within ${startTimeoutMs / 1_000} s`, logFile);
  }
}

/** A promise whose rejection need not be watched by anyone. */
function unobserved(): PromiseWithResolvers<void> {
  const made = Promise.withResolvers<void>();
  made.promise.catch(() => {});
  return made;
}

function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch {
    // ESRCH: nothing of the group is left.
  }
}

function describeExit(child: ChildProcess | undefined): string {
  if (child?.signalCode) return child.signalCode;
  return `exit code ${child?.exitCode ?? 'unknown'}`;
}

function readTail(file: string, lines: number): string {
  try {
    return readFileSync(file, 'utf8').trimEnd().split('\n').slice(-lines).join('\n');
  } catch {
    return '';
  }
}
