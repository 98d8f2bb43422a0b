import { Agent, request } from 'node:http';
import type { CallEvent } from '../../../contract/call-event.ts';
import type { Bundle } from '../../../dialogue/playbook/bundle.ts';
import type { Stack } from '../../../scripts/start/stack.ts';

const maxConnections = 64;

/** Asks the control plane as media nodes, staff and other systems do, over connections that stay. */
export class ControlPlaneClient {
  readonly #url: string;
  readonly #nodeKey: string;
  readonly #staffKey: string;
  readonly #agent = new Agent({ keepAlive: true, maxSockets: maxConnections });

  constructor({ urls, secrets }: Pick<Stack, 'urls' | 'secrets'>) {
    this.#url = urls.control;
    this.#nodeKey = secrets.NODE_KEY;
    this.#staffKey = secrets.STAFF_KEY;
  }

  async setUp(business: string, bundle?: Bundle): Promise<void> {
    await this.asStaff('PUT', `/v1/businesses/${business}`, { origins: [], crm: null });
    if (bundle) await this.asStaff('PUT', `/v1/businesses/${business}/playbook`, bundle);
  }

  async sendEvents(business: string, callId: string, events: readonly CallEvent[]): Promise<void> {
    await this.ask(`/v1/node/calls/${callId}/events`, { business, events });
  }

  /** As a media node. */
  async ask(path: string, body: unknown): Promise<unknown> {
    return await this.#json('POST', path, body, this.#nodeKey);
  }

  async asStaff(method: 'POST' | 'PUT', path: string, body: unknown): Promise<unknown> {
    return await this.#json(method, path, body, this.#staffKey);
  }

  async #json(method: string, path: string, body: unknown, key: string): Promise<unknown> {
    const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
    const { status, text } = await this.send(method, path, headers, JSON.stringify(body));
    if (status >= 300) throw new Error(`${method} ${path} answered ${status}: ${text.slice(0, 300)}`);
    const answer: unknown = text === '' ? undefined : JSON.parse(text);
    return answer;
  }

  send(
    method: string,
    path: string,
    headers: Record<string, string>,
    body: string,
  ): Promise<{ status: number; text: string }> {
    return new Promise((resolve, reject) => {
      const sent = request(this.#url + path, { method, agent: this.#agent, headers }, (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => (text += chunk));
        response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
        response.on('error', reject);
      });
      sent.on('error', reject);
      sent.end(body);
    });
  }
}
