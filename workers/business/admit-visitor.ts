import type { SessionRequest } from '../../contract/session.ts';
import { fail, succeed, type Answer } from '../answer.ts';
import type { Placement, PlaceRequest } from '../fleet/fleet.ts';
import { sha256Hex } from '../session/digest.ts';
import type { MediaNode } from '../session/placement.ts';
import type { Alarm } from './alarm.ts';
import { nextSilenceMs } from './call-watch.ts';
import { readConfig } from './config.ts';
import * as faults from './faults.ts';
import { activePlaybook, inLocale } from './playbooks.ts';
import { admitSession } from './session-rate.ts';
import { configuredNode, openSession, type OpenedSession, type Visitor } from './sessions.ts';

interface Reception {
  readonly storage: DurableObjectStorage;
  readonly alarm: Alarm;
  readonly nowMs: number;
  readonly place: (request: PlaceRequest) => Promise<Placement | null>;
  /** For when the fleet knows none. */
  readonly nodes: () => readonly MediaNode[];
}

/** A session for a visitor of one of the business's pages, or why there is none. */
export async function admitVisitor(
  { storage, alarm, nowMs, place, nodes }: Reception,
  request: SessionRequest,
  visitor: Visitor,
): Promise<Answer<OpenedSession>> {
  const { sql } = storage;
  const active = activePlaybook(sql);
  if (active === null) return fail(faults.noPlaybook);
  const playbook = inLocale(active, request.locale);
  const disclosureSha256 = await sha256Hex(playbook.disclosure.text);
  const admitted = admitSession(sql, visitor.clientAddress, readConfig(sql), nowMs);
  if (!admitted.ok) return admitted;
  if (request.consent.version !== playbook.disclosure.version) return fail(faults.staleConsent);
  const node =
    (await place({ business: request.business, playbook: playbook.hash, region: visitor.region })) ??
    configuredNode(sql, nodes());
  if (node === null) return fail(faults.noMediaNode);
  const callId = crypto.randomUUID();
  const session = storage.transactionSync(() =>
    openSession(sql, { request, visitor, playbook, disclosureSha256, node, callId, nowMs }),
  );
  await alarm.needBy(nextSilenceMs(sql));
  return succeed(session);
}
