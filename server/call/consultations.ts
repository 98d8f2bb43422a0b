import type { Act } from '../../contract/act.ts';
import type { ConsultedModel } from '../../contract/consultation.ts';
import type { DialogueEvent } from '../../dialogue/event.ts';
import type { CircuitBreaker } from '../agent/circuit-breaker.ts';
import type { Consultant, ConsultantAnswer } from '../agent/consult/consultant.ts';
import type { EngineWatch } from '../agent/engine-watch.ts';
import { ProviderFailure } from '../agent/provider-failure.ts';

/** The caller waits this long for the first sentence. With what follows the local reply is out within 1.2 s. */
const firstSentenceMs = 1_100;
/** … for each further one, while the one before is being spoken. */
const nextSentenceMs = 2_000;

/** A language model that calls may consult. */
export interface LanguageModel {
  readonly consultant: Consultant;
  /** The engine's, shared by all calls. */
  readonly breaker: CircuitBreaker;
  /** In US dollars for a million tokens. Unknown: the record has tokens, but no cost. */
  readonly price?: { readonly inputUsd: number; readonly outputUsd: number } | undefined;
}

export interface ConsultationsOptions extends LanguageModel {
  readonly watch: EngineWatch;
  readonly now: () => number;
}

interface Tokens {
  readonly inputTokens: number;
  readonly outputTokens: number;
}

type ConsultAct = Extract<Act, { type: 'consult' }>;

/** Where the dialogue stands with an answer, after an event of it. */
export type ConsultStanding = 'silent' | 'speaking' | 'settled';

/** Asks the language model for one call, one question at a time, and never lets the caller wait for it. */
export class Consultations {
  readonly #options: ConsultationsOptions;
  #open: AbortController | undefined;

  constructor(options: ConsultationsOptions) {
    this.#options = options;
  }

  /**
   * Tells the answer as it comes; in the end `consulted` or `consult-failed`, unless the dialogue has settled the
   * matter before. Never rejects.
   */
  async ask(act: ConsultAct, tell: (event: DialogueEvent) => ConsultStanding): Promise<void> {
    this.stop();
    const controller = new AbortController();
    this.#open = controller;
    const { breaker, watch, consultant } = this.#options;
    const fail = (cause: string): void => {
      tell({ type: 'consult-failed', nowMs: this.#options.now(), requestId: act.requestId, cause });
    };
    if (!breaker.tryPass()) return fail('The language model is left alone for a while, after it failed');
    const { engine, model } = consultant;
    const usage = { task: 'language' as const, engine, model };
    // At once, so that a request is counted however the call ends.
    watch.used({ ...usage, requests: 1 });
    try {
      const tokens = await this.#listen(act, controller, tell);
      breaker.succeeded();
      // A vendor that is cut off does not tell them.
      if (tokens) watch.used({ ...usage, requests: 0, ...tokens, ...this.#costOf(tokens) });
    } catch (error) {
      // Nobody waits for it any more: that says nothing about the engine.
      if (controller.signal.reason === stopped) return;
      breaker.failed(error);
      watch.degraded('language model', error);
      fail(error instanceof Error ? error.message : String(error));
    } finally {
      controller.abort(stopped);
    }
  }

  /** The caller goes on, or the call is over. */
  stop(): void {
    this.#open?.abort(stopped);
    this.#open = undefined;
  }

  #costOf(tokens: Tokens): { costUsd?: number } {
    const { price } = this.#options;
    if (price === undefined) return {};
    return { costUsd: (tokens.inputTokens * price.inputUsd + tokens.outputTokens * price.outputUsd) / 1_000_000 };
  }

  async #listen(
    act: ConsultAct,
    controller: AbortController,
    tell: (event: DialogueEvent) => ConsultStanding,
  ): Promise<Tokens | undefined> {
    const { consultant, now } = this.#options;
    const askedAtMs = now();
    const model = (): ConsultedModel => ({
      id: consultant.model,
      prompt: consultant.prompt,
      afterMs: now() - askedAtMs,
    });
    const deadline = new Deadline(controller);
    deadline.set(firstSentenceMs);
    let standing: ConsultStanding = 'silent';
    let tokens: Tokens | undefined;
    const answers = consultant.consult(act.consultation, controller.signal)[Symbol.asyncIterator]();
    try {
      for (;;) {
        const next = await Promise.race([answers.next(), deadline.passed]);
        if (next.done) break;
        if (next.value.type === 'usage') {
          const { inputTokens, outputTokens } = next.value;
          tokens = { inputTokens, outputTokens };
        } else if (standing !== 'settled') {
          standing = tell(eventOf(act.requestId, now(), model(), next.value));
          if (standing !== 'silent') deadline.set(nextSentenceMs);
        }
      }
    } catch (error) {
      // Only the bill was waited for.
      if (standing === 'settled' && controller.signal.reason !== stopped) return tokens;
      throw error;
    } finally {
      deadline.clear();
    }
    if (standing !== 'settled') tell({ type: 'consulted', nowMs: now(), requestId: act.requestId, model: model() });
    return tokens;
  }
}

const stopped = new Error('Nobody waits for the answer');

function eventOf(
  requestId: string,
  nowMs: number,
  model: ConsultedModel,
  answer: Exclude<ConsultantAnswer, { type: 'usage' }>,
): DialogueEvent {
  switch (answer.type) {
    case 'meaning':
      return { type: 'consulted-meaning', nowMs, requestId, model, meaning: answer.meaning };
    case 'sentence':
      return { type: 'consulted-sentence', nowMs, requestId, model, ...answer.sentence };
    default:
      return answer satisfies never;
  }
}

/** Ends waiting, also for an engine that does not heed its signal. */
class Deadline {
  readonly passed: Promise<never>;
  readonly #controller: AbortController;
  #timer: NodeJS.Timeout | undefined;

  constructor(controller: AbortController) {
    this.#controller = controller;
    const { promise, reject } = Promise.withResolvers<never>();
    this.passed = promise;
    // It may pass while nobody listens.
    promise.catch(() => undefined);
    controller.signal.addEventListener('abort', () => reject(controller.signal.reason), { once: true });
  }

  set(afterMs: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#controller.abort(new ProviderFailure(`The language model took longer than ${afterMs} ms`));
    }, afterMs);
  }

  clear(): void {
    clearTimeout(this.#timer);
  }
}
