import type { JoinClaims } from '../../contract/session.ts';
import type { MediaWorkers } from '../transport/browser/media-workers.ts';
import type { SignalingSocket } from '../transport/browser/signaling-socket.ts';
import { BrowserPersonLine } from './browser-person-line.ts';
import type { DialPerson } from './person-line.ts';
import { afterOnThisMachine } from './silence-timer.ts';

/** Calls that wait for somebody of the business to take them on a page. */
export class JoinDesk {
  readonly #workers: MediaWorkers;
  readonly #waiting = new Map<string, { readonly business: string; readonly line: BrowserPersonLine }>();

  constructor(workers: MediaWorkers) {
    this.#workers = workers;
  }

  readonly dialPerson: DialPerson = ({ briefing, ringMs }, { business, callId, agentName, law }) => {
    const line = new BrowserPersonLine({
      callId,
      briefing,
      agentName,
      ringMs,
      law,
      workers: this.#workers,
      after: afterOnThisMachine,
      onOver: () => {
        if (this.#waiting.get(callId)?.line === line) this.#waiting.delete(callId);
      },
    });
    this.#waiting.set(callId, { business, line });
    return line;
  };

  /** Somebody with a checked token. Rejects when their media cannot be made. */
  async admit(socket: SignalingSocket, { call, sub }: JoinClaims): Promise<void> {
    const waiting = this.#waiting.get(call);
    if (waiting?.business === sub && (await waiting.line.join(socket))) return;
    socket.refuse('call-ended', 'This call waits for nobody.', 'Somebody else has taken it, or it is over.');
  }
}
