import type { CallerVoice } from '../speech/caller-voice.ts';
import type { Caller } from './caller.ts';
import { Answers, type Persona } from './persona.ts';
import { typeMessage } from './visit.ts';

/** One exchange as the page saw it, milliseconds since the Unix epoch. */
export interface Exchange {
  readonly agentSaid: string;
  readonly callerSaid: string;
  /** The caller's last audible sample; null when it was typed. */
  readonly lastSampleMs: number | null;
  /** First audible sample of the answer; null when the call ended without one. */
  readonly onsetMs: number | null;
}

export interface ConversationOptions {
  readonly typed?: boolean;
  /** More exchanges than this mean that caller and agent go in circles. */
  readonly maxExchanges?: number;
  readonly onExchange?: (exchange: Exchange) => void;
  /** What happens between an agent's turn and the caller's answer. */
  readonly beforeAnswer?: (agentSaid: string) => Promise<void>;
}

const endPollMs = 100;
/** How long a caller with nothing to say waits for more: "Let me look it up" asks nothing, and what follows does. */
const patienceMs = 10_000;

/** A call as its caller takes part in it, whichever way it is connected. */
export interface Partner {
  /** What the agent says until it listens. Null when the call has ended. */
  nextTurn(): Promise<{ text: string; onsetMs: number | null } | null>;
  /** False when the agent says no more within that time, or the call has ended. */
  waitForMore(timeoutMs: number): Promise<boolean>;
  /** Resolves, once it is said, with the last audible sample; null when it was typed. */
  answer(text: string, voice: CallerVoice): Promise<number | null>;
}

/** Talks as the persona until the agent ends the call, or the persona has nothing to say to anything that comes. */
export async function talk(
  partner: Partner,
  persona: Persona,
  options: Omit<ConversationOptions, 'typed'> = {},
): Promise<Exchange[]> {
  const answers = new Answers(persona);
  const exchanges: Exchange[] = [];
  let agentSaid = await partner.nextTurn();
  while (agentSaid !== null) {
    const callerSaid = answers.to(agentSaid.text);
    if (callerSaid === undefined) {
      if (!(await partner.waitForMore(patienceMs))) break;
      const more = await partner.nextTurn();
      agentSaid = more === null ? null : { text: `${agentSaid.text} ${more.text}`, onsetMs: agentSaid.onsetMs };
      continue;
    }
    if (exchanges.length >= (options.maxExchanges ?? 40)) throw new Error(`Going in circles at "${agentSaid.text}".`);
    await options.beforeAnswer?.(agentSaid.text);
    const lastSampleMs = await partner.answer(callerSaid, persona.voice);
    const next = await partner.nextTurn();
    const exchange = { agentSaid: agentSaid.text, callerSaid, lastSampleMs, onsetMs: next?.onsetMs ?? null };
    exchanges.push(exchange);
    options.onExchange?.(exchange);
    agentSaid = next;
  }
  return exchanges;
}

/** The same in a page. */
export async function converse(
  caller: Caller,
  persona: Persona,
  options: ConversationOptions = {},
): Promise<Exchange[]> {
  return await talk(inPage(caller, options.typed ?? false), persona, options);
}

export function inPage(caller: Caller, typed: boolean): Partner {
  const agent = new AgentWords(caller);
  return {
    nextTurn: () => agent.nextTurn(typed),
    waitForMore: (timeoutMs) => agent.waitForMore(timeoutMs),
    answer: async (text, voice) => {
      if (!typed) return (await caller.say(text, { voice })).endMs;
      await typeMessage(caller, text);
      return null;
    },
  };
}

/** The agent's words turn by turn, from the captions. */
export class AgentWords {
  private readonly caller: Caller;
  private read = 0;

  constructor(caller: Caller) {
    this.caller = caller;
  }

  /** Null when the call has ended. */
  async nextTurn(typed: boolean): Promise<{ text: string; onsetMs: number | null } | null> {
    const over = new AbortController();
    const ended = this.ended(over.signal);
    const turn = typed ? this.caller.waitForAgentWords() : this.caller.waitForAgentTurn();
    const heard = await Promise.race([turn, ended]).finally(() => over.abort());
    turn.catch(() => undefined);
    if (heard === null) return null;
    const captions = (await this.spoken()).slice(this.read);
    this.read += captions.length;
    return { text: captions.map(({ text }) => text).join(' '), onsetMs: heard.onsetMs };
  }

  /** False when the agent says no more within that time, or the call has ended. */
  async waitForMore(timeoutMs: number): Promise<boolean> {
    const untilMs = Date.now() + timeoutMs;
    while (Date.now() < untilMs && (await this.caller.countMessages('ended')) === 0) {
      if ((await this.spoken()).length > this.read) return true;
      await new Promise((resolve) => setTimeout(resolve, endPollMs));
    }
    return false;
  }

  private async spoken(): Promise<{ text: string }[]> {
    return (await this.caller.captions()).filter(({ who, text }) => who === 'agent' && text !== '');
  }

  private async ended(signal: AbortSignal): Promise<null> {
    while (!signal.aborted) {
      if ((await this.caller.countMessages('ended')) > 0) return null;
      await new Promise((resolve) => setTimeout(resolve, endPollMs));
    }
    return null;
  }
}
