import type { CallOrderRequest, CallRefusal, OutboundRules, PlacedCall } from '../../../contract/outbound.ts';
import { defaultOutboundRules } from '../../../contract/outbound.ts';
import { fail, succeed, type Answer, type Fault } from '../../answer.ts';
import { businessId } from '../../business/config.ts';
import * as faults from '../../business/faults.ts';
import { activePlaybook, hasPlaybook, type Essentials } from '../../business/playbooks.ts';
import { configuredNode } from '../../business/sessions.ts';
import type { MediaNode } from '../../session/placement.ts';
import { beginAttempt, settleAttempts } from './attempts.ts';
import {
  addOrder,
  dueOrders,
  findOrder,
  nextOrderMs,
  openCalls,
  postpone,
  refuse,
  requestOf,
  requestText,
  type OrderRow,
} from './orders.ts';
import { permit } from './permit.ts';
import { purposeOf } from './purpose.ts';

/** The longest that an order waits for its moment. */
const maxWaitMs = 7 * 86_400_000;
/** While no media node takes calls, a dial waits for so long. */
const noNodeMs = 15_000;
/** A node that gets a dial later than this has been held up: the call-watch has given it up by then. */
const staleMs = 20_000;

export interface DeskContext {
  readonly publicUrl: string;
  readonly nodes: readonly MediaNode[];
  readonly nowMs: number;
}

/** A dial, and the node that is to make it. */
export interface Dial {
  readonly call: PlacedCall;
  readonly node: MediaNode;
}

export function rulesOf(playbook: Pick<Essentials, 'outbound' | 'scheduling'> | null): OutboundRules {
  const rules = playbook?.outbound ?? defaultOutboundRules;
  return { ...rules, notOn: [...rules.notOn, ...(playbook?.scheduling.closedOn ?? [])] };
}

/**
 * Takes an order, or says which rule is against it and until when. The same key again answers what the first did.
 * Runs inside a transaction.
 */
export function takeOrder(
  sql: SqlStorage,
  request: CallOrderRequest,
  idempotencyKey: string,
  { nowMs, publicUrl }: Omit<DeskContext, 'nodes'>,
): Answer<{ order: OrderRow; isNew: boolean }> {
  const known = findOrder(sql, 'idempotency_key', idempotencyKey);
  if (known !== null) {
    return requestText(sql, known) === JSON.stringify(request)
      ? succeed({ order: known, isNew: false })
      : fail(otherOrder);
  }
  const playbook = activePlaybook(sql);
  if (playbook === null) return fail(faults.noPlaybook);
  const fault = unknownParts(sql, request, playbook);
  if (fault !== null) return fail(fault);
  const purpose = purposeOf(sql, request, { nowMs, publicUrl });
  if ('rule' in purpose) return fail(refused(purpose, 'Order a call for an appointment that is still to come.'));
  const fromMs = Math.max(nowMs, request.notBeforeMs ?? 0);
  const untilMs = Math.min(request.notAfterMs ?? Number.POSITIVE_INFINITY, nowMs + maxWaitMs);
  if (untilMs < fromMs) return fail(noWindow);
  const permitted = permit(sql, {
    to: request.to,
    rules: rulesOf(playbook),
    timeZone: playbook.scheduling.timeZone,
    fromMs,
    untilMs,
  });
  if (!permitted.ok) return fail(refused(permitted.refusal));
  const id = crypto.randomUUID();
  addOrder(sql, { id, idempotencyKey, request, nowMs, untilMs, nextMs: permitted.atMs });
  const order = findOrder(sql, 'id', id);
  if (order === null) throw new Error('The order that was just stored is not there.');
  return succeed({ order, isNew: true });
}

/**
 * The dials that are due, each checked against every rule once more, and each with its attempt and call written down
 * before any node hears of it. Runs inside a transaction.
 */
export function takeDials(sql: SqlStorage, context: DeskContext): Dial[] {
  const { nowMs, nodes } = context;
  const playbook = activePlaybook(sql);
  if (playbook === null) return [];
  const rules = rulesOf(playbook);
  const dials: Dial[] = [];
  for (const order of dueOrders(sql, nowMs)) {
    if (openCalls(sql) >= rules.concurrent) break;
    const request = requestOf(sql, order);
    const { timeZone } = playbook.scheduling;
    const permitted = permit(sql, { to: request.to, rules, timeZone, fromMs: nowMs, untilMs: order.until_ms });
    const purpose = purposeOf(sql, request, context);
    if (order.until_ms < nowMs) refuse(sql, order.id, windowOver);
    else if (!permitted.ok) refuse(sql, order.id, permitted.refusal);
    else if ('rule' in purpose) refuse(sql, order.id, purpose);
    else if (permitted.atMs > nowMs) postpone(sql, order.id, permitted.atMs);
    else {
      const node = configuredNode(sql, nodes);
      if (node === null) {
        postpone(sql, order.id, nowMs + noNodeMs);
        continue;
      }
      const hash = request.playbook ?? playbook.hash;
      const callId = crypto.randomUUID();
      beginAttempt(sql, { orderId: order.id, callId, to: request.to, node: node.name, playbook: hash, nowMs });
      dials.push({
        node,
        call: {
          orderId: order.id,
          callId,
          business: businessId(sql),
          playbook: hash,
          to: request.to,
          purpose,
          ringMs: rules.ringS * 1_000,
          leaveMessage: rules.leaveMessage,
          expiresAtMs: nowMs + staleMs,
        },
      });
    }
  }
  return dials;
}

/** Settles what is over. @returns when orders want attention next. */
export function settle(sql: SqlStorage, nowMs: number): number | null {
  const rules = rulesOf(activePlaybook(sql));
  settleAttempts(sql, rules, nowMs);
  return nextOrderMs(sql, rules);
}

function unknownParts(sql: SqlStorage, request: CallOrderRequest, playbook: Essentials): Fault | null {
  if (request.playbook !== undefined && !hasPlaybook(sql, request.playbook)) return faults.unknownPlaybook;
  if (request.purpose !== 'outreach') return null;
  const reasons = playbook.outreach ?? [];
  if (reasons.includes(request.reason)) return null;
  return {
    status: 404,
    code: 'not-found',
    message: `The playbook has no reason '${request.reason}' to call somebody.`,
    action:
      reasons.length === 0 ? 'Add one to its scenarios.outreach, and publish it.' : `It has: ${reasons.join(', ')}.`,
    field: 'reason',
  };
}

function refused(refusal: CallRefusal, action = whatToDo(refusal)): Fault {
  return { status: 403, code: 'call-refused', message: refusal.message, action, refusal };
}

function whatToDo({ rule, allowedFromMs }: CallRefusal): string {
  if (rule === 'do-not-call') return 'Call nobody who asked not to be called. Staff may take the number off the list.';
  if (allowedFromMs === null) return 'Check the number, and the calling hours in the playbook.';
  return `It is allowed from ${new Date(allowedFromMs).toISOString()} on: leave notAfterMs out, or set it later.`;
}

const windowOver: CallRefusal = {
  rule: 'window-over',
  message: 'Its time was over before it could be dialled.',
  allowedFromMs: null,
};

const noWindow: Fault = {
  status: 400,
  code: 'bad-request',
  message: 'The time to call in ends before it begins.',
  action: 'Set notAfterMs later than now and notBeforeMs; a week ahead is the most.',
  field: 'notAfterMs',
};

const otherOrder: Fault = {
  status: 409,
  code: 'conflict',
  message: 'This Idempotency-Key stands for another order.',
  action: 'Use a key of its own for each order.',
};
