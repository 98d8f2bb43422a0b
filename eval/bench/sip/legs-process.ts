import { once } from 'node:events';
import { sampleRateHz } from '../../../server/audio/frame.ts';
import { Pacer } from '../../../server/agent/speak/pacer.ts';
import type { LineEar } from '../../../server/audio/line-ear.ts';
import { PortPool } from '../../../server/transport/telephone/rtp/port-range.ts';
import { RtpLeg } from '../../../server/transport/telephone/rtp/rtp-leg.ts';
import type { AgentLegsState } from './legs.ts';

/**
 * The agent's side of many calls, with nothing that listens or speaks behind it: from the wire to samples at 16 kHz, and
 * back. Started by `legs.ts`, with the port of the first far end and how many there are.
 */

const [firstFarPort = 0, legs = 0] = process.argv.slice(2).map(Number);
const ports = new PortPool({ from: 42_000, to: 43_999 });
const state = { heardSamples: 0, faults: 0 };
const pacer = new Pacer(20, () => performance.now());
/** Not silence: what is cheap to handle must not be measured. */
const voice = Int16Array.from({ length: (20 * sampleRateHz) / 1_000 }, (_, n) => 8_000 * Math.sin(n / 3));
const onFault = (): void => void (state.faults += 1);

/** Nobody listens: what makes a telephone's band fit for recognition, and takes our echo out of it, is a speech engine's work. */
const idleEar: LineEar = { said: () => undefined, heard: (samples) => new Int16Array(2 * samples.length) };

const open: RtpLeg[] = [];
for (let index = 0; index < legs; index += 1) {
  const leg = await RtpLeg.open({
    host: '127.0.0.1',
    ports,
    now: Date.now,
    onFault,
    ear: () => idleEar,
    listener: { audio: (samples) => void (state.heardSamples += samples.length), keyPressed: () => undefined },
  });
  if (!leg) throw new Error('Every port from 42,000 to 43,999 is in use.');
  leg.agree({
    codec: 'PCMU',
    payloadType: 0,
    eventPayloadType: 101,
    remote: { address: '127.0.0.1', port: firstFarPort + index },
    direction: 'sendrecv',
  });
  pacer.add(() => leg.play(voice), onFault);
  open.push(leg);
}

const tell = (): void => {
  const message: AgentLegsState = {
    ports: open.map(({ port }) => port),
    ...state,
    packetsReceived: open.reduce((sum, { quality }) => sum + quality.packetsReceived, 0),
    packetsLost: open.reduce((sum, { quality }) => sum + quality.packetsLost, 0),
  };
  process.send?.(message);
};
process.on('message', tell);
tell();
await once(process, 'disconnect');
process.exit(0);
