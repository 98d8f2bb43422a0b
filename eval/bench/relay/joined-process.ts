import { once } from 'node:events';
import { Pacer } from '../../../server/agent/speak/pacer.ts';
import { FrameQueue } from '../../../server/audio/frame-queue.ts';
import type { LineEar } from '../../../server/audio/line-ear.ts';
import { PlainEar } from '../../../server/audio/plain-ear.ts';
import { PortPool } from '../../../server/transport/telephone/rtp/port-range.ts';
import { RtpLeg } from '../../../server/transport/telephone/rtp/rtp-leg.ts';
import type { JoinedState } from './relay.ts';

/**
 * The node's side of many calls that were handed over: two legs each, wired as a hand-over wires them. Started by
 * `relay.ts`, with the port of the first telephone and how many calls there are; told whether to relay.
 */

const [firstPhonePort = 0, calls = 0] = process.argv.slice(2).map(Number);
const ports = new PortPool({ from: 42_000, to: 43_999 });
const pacer = new Pacer(20, () => performance.now());
let faults = 0;
const onFault = (): void => void (faults += 1);

interface Side {
  readonly leg: RtpLeg;
  /** What this side said, for the other. */
  readonly said: FrameQueue;
}

async function openSide(phonePort: number, ear?: () => LineEar): Promise<Side> {
  const said = new FrameQueue();
  const leg = await RtpLeg.open({
    host: '127.0.0.1',
    ports,
    now: Date.now,
    onFault,
    ...(ear ? { ear } : {}),
    listener: { audio: (samples) => said.push(samples), keyPressed: () => undefined },
  });
  if (!leg) throw new Error('Every port from 42,000 to 43,999 is in use.');
  leg.agree({
    codec: 'PCMU',
    payloadType: 0,
    eventPayloadType: 101,
    remote: { address: '127.0.0.1', port: phonePort },
    direction: 'sendrecv',
  });
  return { leg, said };
}

const joined: { readonly caller: Side; readonly person: Side }[] = [];
for (let call = 0; call < calls; call += 1) {
  // The agent listens to a caller, but only people to a person.
  const caller = await openSide(firstPhonePort + 2 * call);
  const person = await openSide(firstPhonePort + 2 * call + 1, () => new PlainEar());
  pacer.add(() => caller.leg.play(person.said.take()), onFault);
  pacer.add(() => person.leg.play(caller.said.take()), onFault);
  joined.push({ caller, person });
}

const tell = (): void => {
  const message: JoinedState = {
    ports: joined.flatMap(({ caller, person }) => [caller.leg.port, person.leg.port]),
    faults,
  };
  process.send?.(message);
};
process.on('message', (how: 'relay' | 'samples') => {
  for (const { caller, person } of joined) {
    caller.leg.relayTo(how === 'relay' ? person.leg : undefined);
    person.leg.relayTo(how === 'relay' ? caller.leg : undefined);
  }
  tell();
});
tell();
await once(process, 'disconnect');
process.exit(0);
