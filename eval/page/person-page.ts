/** The least page with which somebody of the business can take a call over. */
import { samplesToBase64 } from './base64.ts';
import { Ears } from './ears.ts';
import { Mouth } from './mouth.ts';
import { NodeLink } from './node-link.ts';
import { openAudio } from './open-audio.ts';
import type { PersonApi, PersonSetup } from './person-api.ts';
import { watchMediaElements } from './playing.ts';

declare const personSetup: PersonSetup;

class PersonPage implements PersonApi {
  private mouth: Mouth | undefined;
  private ears: Ears | undefined;
  private link: NodeLink | undefined;
  private seen: ReturnType<PersonApi['packets']> = { sent: [], came: [] };

  async join({ token, signalingUrl }: { token: string; signalingUrl: string }): Promise<string> {
    const context = await openAudio(personSetup.workletSource);
    const [mouth, ears] = [new Mouth(context), new Ears(context, { keepSound: true, quantaPerReport: 8 })];
    const { seen } = this;
    const link = await NodeLink.open(signalingUrl, () => undefined, {
      sent: (payload) => seen.sent.push(base64Of(payload)),
      came: (payload) => seen.came.push(base64Of(payload)),
    });
    Object.assign(this, { mouth, ears, link });
    const [welcomed, briefed] = [link.next('welcome'), link.next('briefing')];
    link.send({ type: 'hello', token, mode: 'voice' });
    const { media } = await welcomed;
    if (media === undefined) throw new Error('The node offered no media.');
    await link.talk(media, mouth.stream, (track) => ears.listenTo(track));
    return (await briefed).text;
  }

  accept(): void {
    this.link?.send({ type: 'accept' });
  }

  async say(base64: string): Promise<{ startMs: number; endMs: number }> {
    if (!this.mouth) throw new Error('Join first.');
    return await this.mouth.sayBase64(base64);
  }

  recording(fromMs: number, toMs: number): string {
    return samplesToBase64(this.ears?.recording(fromMs, toMs) ?? new Int16Array());
  }

  packets(): ReturnType<PersonApi['packets']> {
    const { sent, came } = this.seen;
    return { sent: sent.splice(0), came: came.splice(0) };
  }

  hangUp(): void {
    this.link?.send({ type: 'hang-up' });
  }
}

function base64Of(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes));
}

watchMediaElements();
globalThis.parleyPerson = new PersonPage();
