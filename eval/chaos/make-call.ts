import { setTimeout as pause } from 'node:timers/promises';
import { Answers } from '../caller/persona.ts';
import type { CalendarWord, Testimony } from './evidence.ts';
import { personaOf } from './person.ts';
import type { Person, PlannedCall, PlannedFault } from './plan.ts';
import { TypedCall } from './typed-call.ts';
import type { World } from './world.ts';

/** A tool that does not answer keeps the agent for some seconds. */
const patienceMs = 12_000;
const maxTurns = 40;

/** One call, as its caller makes and remembers it. */
export async function makeCall(
  world: World,
  person: Person,
  planned: PlannedCall,
  faults: readonly PlannedFault[],
): Promise<Testimony> {
  const call = await TypedCall.start(world.product);
  const answers = new Answers(personaOf(person, planned));
  const said: string[] = [];
  const accepted: string[] = [];
  const told: CalendarWord[] = [];
  let waiting: string | null = null;
  let bookedMs: number | null = null;
  let words = '';
  for (let turn = 0; turn < maxTurns;) {
    const next = await call.nextWords(patienceMs);
    if (next === null) break;
    if (waiting !== null) accepted.push(waiting);
    waiting = null;
    if (call.bookedMs !== bookedMs) told.push({ atMs: performance.now(), startMs: (bookedMs = call.bookedMs) });
    if (/appointment is cancelled/i.test(next)) told.push({ atMs: performance.now(), startMs: null });
    words = `${words} ${next}`;
    if (call.over) break;
    if (planned.leavesAfter !== null && turn >= planned.leavesAfter) break;
    const reply = answers.to(words);
    // "Let me look": what follows asks.
    if (reply === undefined) continue;
    words = '';
    await pause(planned.thinksMs[turn % planned.thinksMs.length]);
    call.say(reply);
    said.push(reply);
    waiting = reply;
    for (const { afterMs, fault } of faults.filter((one) => one.turn === turn)) {
      await pause(afterMs);
      world.strike(fault, call);
    }
    turn += 1;
  }
  if (!call.over) await call.hangUp();
  call.close();
  const { callId, ended } = call;
  return {
    callId,
    email: person.email,
    said,
    accepted,
    told,
    ended: ended === null ? null : { reason: ended.reason, outcome: ended.outcome },
  };
}
