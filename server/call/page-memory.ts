import type { ServerMessage } from '../../contract/signaling.ts';

/** A page that comes back sees this many of the last sentences. */
const maxCaptions = 20;

/** What a page that was away must be told again: finished captions and bookings, in order. */
export class PageMemory {
  readonly #messages: ServerMessage[] = [];

  note(message: ServerMessage): void {
    if (message.type !== 'booked' && !(message.type === 'caption' && message.final)) return;
    this.#messages.push(message);
    const captions = this.#messages.filter(({ type }) => type === 'caption');
    if (captions.length > maxCaptions)
      this.#messages.splice(
        this.#messages.findIndex(({ type }) => type === 'caption'),
        1,
      );
  }

  get messages(): readonly ServerMessage[] {
    return this.#messages;
  }
}
