import * as v from 'valibot';
import { Session } from '../../contract/session.ts';
import { Ears } from './ears.ts';
import type { LoadSetup, LoadTurn } from './load-api.ts';
import { Mouth } from './mouth.ts';
import { NodeLink } from './node-link.ts';

/** Reports of 85 ms: what was heard is stamped on the audio thread, so rare reports cost no accuracy. */
const quantaPerReport = 32;

/** The agent is over when it has been silent this long. */
const agentSilenceMs = 400;

/** One visitor without a user interface: signaling and media as the widget does them, then talk in a loop. */
export class LoadCall {
  private readonly setup: LoadSetup;
  private readonly mouth: Mouth;
  private readonly ears: Ears;
  private link: NodeLink | undefined;
  private state = 'thinking';
  private ended = false;
  private callId = '';

  constructor(context: AudioContext, setup: LoadSetup) {
    this.setup = setup;
    this.mouth = new Mouth(context);
    this.ears = new Ears(context, { keepSound: false, quantaPerReport });
  }

  /** Until the agent has greeted. */
  async start(): Promise<void> {
    const session = await this.openSession();
    this.callId = session.callId;
    const link = await NodeLink.open(session.signalingUrl, (message) => {
      if (message.type === 'agent-state') this.state = message.state;
      if (message.type === 'ended') this.ended = true;
    });
    this.link = link;
    const welcomed = link.next('welcome');
    link.send({ type: 'hello', token: session.token, mode: 'voice' });
    const { media } = await welcomed;
    if (media === undefined) throw new Error('The node offered no media.');
    await link.talk(media, this.mouth.stream, (track) => this.ears.listenTo(track));
    await this.agentSilent(0);
  }

  /** Says a sentence and waits for the answer, for ever; ends when the call does. */
  async talk(first: number, onTurn: (turn: LoadTurn) => void): Promise<void> {
    for (let index = first; !this.ended; index += 1) {
      const sentence = this.setup.sentences[index % this.setup.sentences.length];
      if (sentence === undefined) throw new Error('No sentences to say.');
      const { startMs } = await this.mouth.sayBase64(sentence.base64);
      const lastSampleMs = startMs + sentence.audibleToMs;
      const onsetMs = await this.ears.until(() => this.ears.onsetAfter(lastSampleMs), 15_000, 'an answer');
      onTurn({ callId: this.callId, atMs: lastSampleMs, totalMs: onsetMs - lastSampleMs });
      await this.agentSilent(onsetMs);
    }
  }

  stop(): void {
    this.ended = true;
    this.link?.send({ type: 'hang-up' });
    this.link?.close();
  }

  private async agentSilent(fromMs: number): Promise<void> {
    const { ears } = this;
    const isSilent = (): boolean => ears.lastAudibleMs > fromMs && Date.now() - ears.lastAudibleMs >= agentSilenceMs;
    await ears.until(
      () => (this.state === 'listening' && isSilent() ? true : undefined),
      60_000,
      'the agent to finish',
    );
  }

  private async openSession(): Promise<Session> {
    const response = await fetch(`${this.setup.controlUrl}/v1/sessions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        business: this.setup.business,
        mode: 'voice',
        consent: { accepted: true, version: this.setup.consentVersion },
      }),
    });
    if (!response.ok) throw new Error(`No session: ${response.status} ${await response.text()}`);
    return v.parse(Session, await response.json());
  }
}
