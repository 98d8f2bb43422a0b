import type { Region } from '../../contract/fleet.ts';
import type { SessionClaims, SessionRequest } from '../../contract/session.ts';
import { nextInTurn, type MediaNode } from '../session/placement.ts';
import { tokenLifetimeS } from '../session/token.ts';
import type { Essentials } from './playbooks.ts';
import { seal } from '../privacy/vault.ts';
import { noProjection } from './call-projection.ts';

/** What the route knows of a visitor beside the request's body. */
export interface Visitor {
  readonly origin: string;
  readonly userAgent: string;
  /** Null where it cannot be known. */
  readonly clientAddress: string | null;
  /** The continent, where it is known. */
  readonly region: Region | undefined;
}

export interface OpenedSession {
  readonly claims: SessionClaims;
  readonly signalingUrl: string;
}

export interface SessionDraft {
  readonly request: SessionRequest;
  readonly visitor: Visitor;
  /** In the visitor's locale. */
  readonly playbook: Essentials;
  readonly disclosureSha256: string;
  readonly node: MediaNode;
  readonly callId: string;
  readonly nowMs: number;
}

/** Of nodes that are only configured, the one whose turn it is. */
export function configuredNode(sql: SqlStorage, nodes: readonly MediaNode[]): MediaNode | null {
  const lastUsedMs = new Map(
    nodes.flatMap(({ name }): [string, number][] => {
      const { used } = sql
        .exec<{ used: number | null }>('SELECT MAX(start_ms) AS used FROM calls WHERE node = ?', name)
        .one();
      return used === null ? [] : [[name, used]];
    }),
  );
  return nextInTurn(nodes, lastUsedMs);
}

/** Writes the consent and the call that it is for. Runs inside a transaction. */
export function openSession(sql: SqlStorage, draft: SessionDraft): OpenedSession {
  const { request, visitor, playbook, node, callId, nowMs } = draft;
  sql.exec(
    `INSERT INTO consents (call_id, version, text, text_sha256, accepted_ms, origin, user_agent, page_url, time_zone)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    callId,
    playbook.disclosure.version,
    playbook.disclosure.text,
    draft.disclosureSha256,
    nowMs,
    visitor.origin,
    seal(sql, 'consents.user_agent', { call_id: callId }, visitor.userAgent.slice(0, 500)),
    seal(sql, 'consents.page_url', { call_id: callId }, request.pageUrl ?? null),
    request.timeZone ?? null,
  );
  sql.exec(
    "INSERT INTO calls (call_id, door, mode, playbook, node, start_ms, projection, region) VALUES (?, 'browser', ?, ?, ?, ?, ?, ?)",
    callId,
    request.mode,
    playbook.hash,
    node.name,
    nowMs,
    noProjection,
    visitor.region ?? null,
  );
  const issuedAtS = Math.floor(nowMs / 1_000);
  const claims: SessionClaims = {
    jti: callId,
    sub: request.business,
    aud: node.name,
    iat: issuedAtS,
    exp: issuedAtS + tokenLifetimeS,
    playbook: playbook.hash,
    mode: request.mode,
    consentVersion: playbook.disclosure.version,
    consentAtMs: nowMs,
    origin: visitor.origin,
    ...(request.pageUrl === undefined ? {} : { pageUrl: request.pageUrl }),
    ...(request.timeZone === undefined ? {} : { timeZone: request.timeZone }),
    ...(request.locale === undefined ? {} : { locale: playbook.locale }),
  };
  return { claims, signalingUrl: node.signalingUrl };
}
