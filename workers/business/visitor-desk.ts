import type { SessionRequest, WidgetConfig } from '../../contract/session.ts';
import { fail, type Answer } from '../answer.ts';
import type { Placement, PlaceRequest } from '../fleet/fleet.ts';
import type { MediaNode } from '../session/placement.ts';
import { admitVisitor } from './admit-visitor.ts';
import type { Alarm } from './alarm.ts';
import { readConfig } from './config.ts';
import { foreignOrigin, unknownBusiness } from './faults.ts';
import type { OpenedSession, Visitor } from './sessions.ts';
import { widgetConfig } from './widget.ts';

/** `originAllowed` tells the route whether the page may read the answer. */
export type PublicAnswer<T> = Answer<T> & { readonly originAllowed: boolean };

export interface VisitorDeskContext {
  readonly storage: DurableObjectStorage;
  readonly alarm: Alarm;
  readonly exists: () => boolean;
  readonly now: () => number;
  readonly place: (request: PlaceRequest) => Promise<Placement | null>;
  /** For when the fleet knows none. */
  readonly nodes: () => readonly MediaNode[];
}

/** What pages with the widget ask of a business. */
export class VisitorDesk {
  readonly #context: VisitorDeskContext;

  constructor(context: VisitorDeskContext) {
    this.#context = context;
  }

  widget(origin: string | null, wanted?: string): PublicAnswer<WidgetConfig> {
    const { storage, exists } = this.#context;
    const originAllowed = this.allows(origin);
    if (!exists()) return { ...fail(unknownBusiness), originAllowed };
    if (origin !== null && !originAllowed) return { ...fail(foreignOrigin), originAllowed };
    return { ...widgetConfig(storage.sql, wanted), originAllowed };
  }

  /** Whether a page may read answers that concern this business. */
  allows(origin: string | null): boolean {
    const { storage, exists } = this.#context;
    return exists() && origin !== null && readConfig(storage.sql).origins.includes(origin);
  }

  async openSession(request: SessionRequest, visitor: Visitor): Promise<PublicAnswer<OpenedSession>> {
    const { exists, now } = this.#context;
    const originAllowed = this.allows(visitor.origin);
    if (!exists()) return { ...fail(unknownBusiness), originAllowed };
    if (!originAllowed) return { ...fail(foreignOrigin), originAllowed };
    return { ...(await admitVisitor({ ...this.#context, nowMs: now() }, request, visitor)), originAllowed };
  }
}
