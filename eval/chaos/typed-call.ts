import { setTimeout as pause } from 'node:timers/promises';
import type { ServerMessage } from '../../contract/signaling.ts';
import { eventually } from '../product/eventually.ts';
import type { Product } from '../product/product.ts';
import { requestSession, SignalingClient } from '../product/signaling-client.ts';

const pollMs = 20;
/** How long a visitor tries to get a call, and to get back into one. */
const startPatienceMs = 60_000;
const resumePatienceMs = 10_000;

type Ended = Extract<ServerMessage, { type: 'ended' }>;

/** A typed call as a page has it: its socket may break, and then it resumes. */
export class TypedCall {
  readonly callId: string;
  readonly #url: string;
  readonly #origin: string;
  readonly #resumeKey: string;
  #client: SignalingClient;
  /** Of the present socket: how many messages have been read. */
  #read = 0;
  readonly #captions = new Set<string>();
  #words: string[] = [];
  #listening = false;
  #waitMs = 0;
  #gone = false;
  ended: Ended | null = null;
  /** The latest time that the page was told to be booked. */
  bookedMs: number | null = null;

  private constructor(
    client: SignalingClient,
    url: string,
    origin: string,
    welcome: { callId: string; resumeKey: string },
  ) {
    this.#client = client;
    this.#url = url;
    this.#origin = origin;
    this.callId = welcome.callId;
    this.#resumeKey = welcome.resumeKey;
  }

  /** As a visitor does who tries again until somebody answers. */
  static async start(product: Product): Promise<TypedCall> {
    const origin = new URL(product.siteUrl).origin;
    return await eventually(
      async () => {
        const answer = await requestSession(product, { mode: 'text', consentVersion: product.consentVersion });
        if (answer.status !== 'created') throw new Error(answer.problem.error.message);
        const { token, signalingUrl } = answer.session;
        const client = await SignalingClient.connect(signalingUrl, origin);
        client.send({ type: 'hello', token, mode: 'text' });
        const welcome = await client.next('welcome', { timeoutMs: 5_000 });
        return new TypedCall(client, signalingUrl, origin, welcome);
      },
      { timeoutMs: startPatienceMs, what: 'a call to begin' },
    );
  }

  /** What the agent says until it listens. Null: it says nothing in that time, or the call is over. */
  async nextWords(timeoutMs: number): Promise<string | null> {
    const giveUpMs = Date.now() + timeoutMs;
    while (Date.now() < giveUpMs) {
      this.#look();
      if (this.#words.length > 0 && (this.#listening || this.ended !== null)) return this.#words.splice(0).join(' ');
      if (this.over) return null;
      if (!(await this.#stillThere())) return null;
      await pause(pollMs);
    }
    return null;
  }

  /** The agent has ended it, or the node has lost it. */
  get over(): boolean {
    return this.ended !== null || this.#gone;
  }

  say(text: string): void {
    this.#listening = false;
    this.#client.send({ type: 'say', text });
  }

  async hangUp(): Promise<void> {
    this.#client.send({ type: 'hang-up' });
    await this.nextWords(1_000);
  }

  /** The page's network is away for so long. */
  drop(forMs: number): void {
    this.#waitMs = forMs;
    this.#client.cut();
  }

  close(): void {
    this.#client.close();
  }

  #look(): void {
    const { messages } = this.#client;
    for (const message of messages.slice(this.#read)) this.#take(message);
    this.#read = messages.length;
  }

  #take(message: ServerMessage): void {
    switch (message.type) {
      case 'caption':
        if (message.who !== 'agent' || message.text === '' || this.#captions.has(message.id)) return;
        this.#captions.add(message.id);
        this.#words.push(message.text);
        return;
      case 'agent-state':
        this.#listening = message.state === 'listening';
        return;
      case 'booked':
        this.bookedMs = message.startMs;
        return;
      case 'ended':
        this.ended = message;
        return;
      default:
    }
  }

  /** A socket that broke is replaced, as the widget does it. False: the call is over. */
  async #stillThere(): Promise<boolean> {
    if (this.#client.isOpen) return true;
    this.#look();
    if (this.ended !== null) return true;
    await pause(this.#waitMs);
    this.#waitMs = 0;
    const giveUpMs = Date.now() + resumePatienceMs;
    while (Date.now() < giveUpMs) {
      const client = await SignalingClient.connect(this.#url, this.#origin).catch(() => null);
      if (client !== null) {
        client.send({ type: 'resume', callId: this.callId, resumeKey: this.#resumeKey });
        const back = await client.next('welcome', { timeoutMs: 3_000 }).catch(() => null);
        if (back !== null) {
          this.#client = client;
          this.#read = 0;
          return true;
        }
        client.close();
        if (client.messages.some(({ type }) => type === 'problem')) break;
      }
      await pause(200);
    }
    this.#gone = true;
    return false;
  }
}
