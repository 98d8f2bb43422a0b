import { setTimeout as pause } from 'node:timers/promises';
import type { Cut, LinkRequest } from './link.ts';
import type { LinkName } from './plan.ts';

interface Cutting {
  readonly cut: Cut;
  readonly over: Promise<void>;
}

const changePaths = /^\/v1\/node\/(?:bookings|appointments\/(?:move|cancel|confirm))$/;

/** Whether a request changes something on the other side; of a node's, whether it changes the calendar. */
export function isChange(link: LinkName, { method, path }: Pick<LinkRequest, 'method' | 'path'>): boolean {
  if (link === 'node') return changePaths.test(path);
  return ['POST', 'PUT', 'PATCH', 'DELETE'].includes(method) && !path.endsWith('/search');
}

/** Which links are cut, and how. */
export class Network {
  readonly #cuts = new Map<LinkName, Cutting>();
  readonly #answersToLose = new Map<LinkName, { readonly of: 'all' | 'changes'; left: number }>();

  fate(link: LinkName, request: LinkRequest): Cutting | null {
    const cutting = this.#cuts.get(link);
    if (cutting !== undefined) return cutting;
    const losing = this.#answersToLose.get(link);
    if (losing === undefined || losing.left === 0) return null;
    if (losing.of === 'changes' && !isChange(link, request)) return null;
    losing.left -= 1;
    return { cut: 'answer-lost', over: Promise.resolve() };
  }

  /** Resolves when it is whole again. */
  async cut(link: LinkName, cut: Cut, forMs: number): Promise<void> {
    const over = pause(forMs);
    const cutting = { cut, over };
    this.#cuts.set(link, cutting);
    await over;
    if (this.#cuts.get(link) === cutting) this.#cuts.delete(link);
  }

  loseAnswers(link: LinkName, of: 'all' | 'changes', count: number): void {
    this.#answersToLose.set(link, { of, left: count });
  }

  mend(): void {
    this.#cuts.clear();
    this.#answersToLose.clear();
  }
}
