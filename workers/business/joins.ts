import type { JoinClaims } from '../../contract/session.ts';
import { tokenLifetimeS } from '../session/token.ts';

export interface JoinDraft {
  readonly business: string;
  readonly callId: string;
  readonly node: string;
  readonly nowMs: number;
}

/** What lets somebody of the business take a call over in a browser. */
export function joinClaims({ business, callId, node, nowMs }: JoinDraft): JoinClaims {
  const issuedAtS = Math.floor(nowMs / 1_000);
  return {
    role: 'person',
    jti: crypto.randomUUID(),
    sub: business,
    aud: node,
    iat: issuedAtS,
    exp: issuedAtS + tokenLifetimeS,
    call: callId,
  };
}

/** The media node that has a call; null where there is no such call, or it is over. */
export function nodeOfOpenCall(sql: SqlStorage, callId: string): string | null {
  const [row] = sql
    .exec<{ node: string }>('SELECT node FROM calls WHERE call_id = ? AND end_ms IS NULL AND closed_ms IS NULL', callId)
    .toArray();
  return row?.node ?? null;
}
