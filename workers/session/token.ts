import { SignJWT } from 'jose';
import type { StreamClaims } from '../../contract/carrier-stream.ts';
import type { JoinClaims, SessionClaims } from '../../contract/session.ts';

/** Long enough to open a socket, too short to pass around. */
export const tokenLifetimeS = 60;

/** The token of a session, of a person's, or of a carrier's stream: JWS compact, HS256. `key` is used as its UTF-8 bytes. */
export async function signToken(claims: SessionClaims | JoinClaims | StreamClaims, key: string): Promise<string> {
  return new SignJWT({ ...claims })
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
    .sign(new TextEncoder().encode(key));
}
