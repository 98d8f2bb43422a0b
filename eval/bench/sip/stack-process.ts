import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseMessage } from '../../../server/transport/telephone/message/parse-message.ts';
import { Telephone } from '../../../server/transport/telephone/telephone.ts';
import type { StackRequest, StackState } from './stack.ts';

/** The SIP stack by itself: whoever calls from the loopback is answered at once. Started by `stack.ts`. */

const parseRounds = 20;
const parsesPerRound = 2_000;
const invite = readFileSync(join(import.meta.dirname, 'trunk-invite.sip'));
const state = { begun: 0, ended: 0, faults: 0 };

const telephone = await Telephone.open({
  host: '127.0.0.1',
  port: 0,
  announcedAddress: '127.0.0.1',
  trunks: [{ name: 'load', addresses: ['127.0.0.1'] }],
  limits: { perBusiness: 1, perBusinessADay: 1 },
  now: Date.now,
  vacancy: () => 'free',
  onFault: () => (state.faults += 1),
  onCall: (leg) => {
    state.begun += 1;
    const nothing = (): void => undefined;
    leg.listen({ media: nothing, confirmed: nothing, keyPressed: nothing, ended: () => (state.ended += 1) });
    leg.ring();
    // Where its audio would go does not matter: the load is about signaling.
    leg.answer({ address: '127.0.0.1', port: 40_000, sessionId: String(state.begun) });
  },
});

process.on('message', (request: StackRequest) => tell(request === 'parse' ? medianParseUs() : undefined));
process.on('disconnect', () => process.exit(0));
tell(undefined);

/** Processor time, the median of rounds: collections fall into some of them. */
function medianParseUs(): number | undefined {
  const roundsUs = Array.from({ length: parseRounds }, () => {
    const from = process.threadCpuUsage();
    for (let count = 0; count < parsesPerRound; count += 1) {
      if (!parseMessage(invite).ok) throw new Error('The sample INVITE is not one.');
    }
    const { user, system } = process.threadCpuUsage(from);
    return (user + system) / parsesPerRound;
  });
  return roundsUs.toSorted((a, b) => a - b)[parseRounds / 2];
}

function tell(parseUs: number | undefined): void {
  globalThis.gc?.();
  const message: StackState = { ...state, port: telephone.port, heapBytes: process.memoryUsage().heapUsed, parseUs };
  process.send?.(message);
}
