import { appendFile, mkdir, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import * as v from 'valibot';
import { cardOf, type Inbox, InboxEntry } from './inbox-entry.ts';

/** The CRM's memory: a JSON-lines file, one webhook a line, in the order of arrival. */
export class LeadInbox {
  readonly #file: string;
  readonly #entries = new Map<string, InboxEntry>();
  #writing: Promise<unknown> = Promise.resolve();

  private constructor(file: string) {
    this.#file = file;
  }

  static async open(file: string): Promise<LeadInbox> {
    const inbox = new LeadInbox(file);
    await mkdir(dirname(file), { recursive: true });
    const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return '';
      throw error;
    });
    for (const line of text.split('\n')) {
      const entry = v.safeParse(v.pipe(v.string(), v.parseJson(), InboxEntry), line);
      // A killed server may have left half a line; its sender was never told "received" and sends it again.
      if (entry.success) inbox.#entries.set(entry.output.webhookId, entry.output);
    }
    // What follows half a line must not become part of it.
    if (text !== '' && !text.endsWith('\n')) await appendFile(file, '\n');
    return inbox;
  }

  /** Keeps a webhook, once. True once it is on the disk; false where it was there already. */
  add(entry: InboxEntry): Promise<boolean> {
    const written = this.#writing.then(async () => {
      if (this.#entries.has(entry.webhookId)) return false;
      await appendFile(this.#file, `${JSON.stringify(entry)}\n`);
      this.#entries.set(entry.webhookId, entry);
      return true;
    });
    this.#writing = written.catch(() => {});
    return written;
  }

  list(): Inbox {
    const byCard = Map.groupBy(this.#entries.values(), ({ message }) => cardOf(message).id);
    const leads = [...byCard.values()].map((entries) => ({
      latest: entries.reduce((best, entry) => (sentMs(entry) >= sentMs(best) ? entry : best)),
      deliveries: entries.length,
    }));
    return { leads: leads.sort((a, b) => cardOf(b.latest.message).atMs - cardOf(a.latest.message).atMs) };
  }
}

/** A retried webhook may overtake a newer one: the sender's time decides, not the arrival. */
const sentMs = ({ message }: InboxEntry): number => Date.parse(message.timestamp);
