import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { frameSamples } from '../audio/frame.ts';
import { Timeline } from './timeline.ts';

const startMs = 1_000_000;
const framesOf = (count: number, value: number): Int16Array => new Int16Array(count * frameSamples).fill(value);

/** A call on a clock of its own: what came out, frame by frame, as [caller, agent] levels. */
function call() {
  const out: [number, number][] = [];
  const timeline = new Timeline(startMs, (stereo) =>
    out.push([stereo[frameSamples] ?? 0, stereo[frameSamples + 1] ?? 0]),
  );
  let nowMs = startMs;
  /** Rounds of 20 ms, in each of which the two may say something. */
  const rounds = (
    count: number,
    say: (round: number) => { caller?: Int16Array; agent?: Int16Array } = () => ({}),
  ): void => {
    for (let round = 0; round < count; round += 1) {
      nowMs += 20;
      const { caller, agent } = say(round);
      if (caller) timeline.caller(caller);
      if (agent) timeline.agent(agent);
      timeline.tick(nowMs);
    }
  };
  return {
    timeline,
    out,
    rounds,
    sleep: (ms: number) => void (nowMs += ms),
    now: () => nowMs,
    end: () => {
      timeline.end(nowMs);
      timeline.drain(100_000);
    },
    callers: () => out.map(([caller]) => caller),
    agents: () => out.map(([, agent]) => agent),
  };
}

const spans = (levels: readonly number[]): [number, number][] =>
  levels.flatMap((level, at) => (level !== 0 && levels[at - 1] !== level ? [[at, level] as [number, number]] : []));

describe('a timeline', () => {
  test('puts both sides where they were said, and silence between', () => {
    const { rounds, end, out } = call();
    rounds(50, () => ({ agent: framesOf(1, 7) }));
    rounds(50);
    rounds(50, () => ({ caller: framesOf(1, 5) }));
    rounds(10, () => ({ caller: framesOf(1, 6), agent: framesOf(1, 8) }));
    end();
    expect(out).toEqual([
      ...Array.from({ length: 50 }, () => [0, 7]),
      ...Array.from({ length: 50 }, () => [0, 0]),
      ...Array.from({ length: 50 }, () => [5, 0]),
      ...Array.from({ length: 10 }, () => [6, 8]),
    ]);
  });

  test('keeps what came late in one go, in its place', () => {
    const { rounds, end, callers } = call();
    rounds(10, () => ({ caller: framesOf(1, 1) }));
    rounds(30);
    // The network held half a second back.
    rounds(1, () => ({ caller: framesOf(31, 2) }));
    rounds(10, () => ({ caller: framesOf(1, 3) }));
    end();
    expect(callers()).toEqual([
      ...Array<number>(10).fill(1),
      ...Array<number>(31).fill(2),
      ...Array<number>(10).fill(3),
    ]);
  });

  test('after a stall of the whole process both sides go on together', () => {
    const { rounds, end, sleep, out } = call();
    rounds(10, () => ({ caller: framesOf(1, 1), agent: framesOf(1, 1) }));
    sleep(2_000);
    rounds(10, () => ({ caller: framesOf(1, 2), agent: framesOf(1, 2) }));
    end();
    expect(spans(out.map(([caller]) => caller))[1]).toEqual(spans(out.map(([, agent]) => agent))[1]);
    expect(out.length * 20).toBe(2_400);
  });

  test('a clock that is fast by one in a thousand does not carry the caller away', () => {
    const { rounds, callers } = call();
    let said = 0;
    const marks: number[] = [];
    rounds(60_000, (round) => {
      said += frameSamples * 1.001;
      const due = Math.floor(said);
      said -= due;
      const frame = new Int16Array(due);
      if (round % 10_000 === 9_999) {
        frame.fill(9);
        marks.push(round);
      }
      return { caller: frame };
    });
    const heard = callers().flatMap((level, at) => (level === 9 ? [at] : []));
    expect(heard.length).toBeGreaterThan(3);
    for (const at of heard) expect(Math.min(...marks.map((mark) => Math.abs(mark - at)))).toBeLessThan(17);
  });

  test('waits for the words of whoever speaks, and mutes what is not to be kept', () => {
    const { timeline, rounds, now, out, end, callers, agents } = call();
    const speaking = () => ({ caller: framesOf(1, 5), agent: framesOf(1, 7) });
    rounds(200, speaking);
    const fromMs = now();
    timeline.hold(fromMs);
    rounds(500, speaking);
    expect(out.length).toBeLessThanOrEqual(200);
    timeline.mute(fromMs, now());
    timeline.letGo();
    rounds(200, speaking);
    end();
    const muted = callers().flatMap((level, at) => (level === 0 ? [at] : []));
    // 300 ms before and after.
    expect([muted[0], muted.at(-1), muted.length]).toEqual([185, 715, 531]);
    expect(agents().every((level) => level === 7)).toBe(true);
    expect(out.length).toBe(900);
  });

  test('waits no longer than a minute, and then mutes', () => {
    const { timeline, rounds, now, out, callers } = call();
    rounds(100, () => ({ caller: framesOf(1, 5) }));
    timeline.hold(now());
    rounds(3_900, () => ({ caller: framesOf(1, 5) }));
    expect(out.length).toBeGreaterThan(3_000);
    expect(callers().slice(100, 3_000)).toEqual(Array(2_900).fill(0));
  });

  test('a caller who is cut off in mid-word was not understood: that is muted', () => {
    const { timeline, rounds, now, end, callers } = call();
    rounds(100, () => ({ caller: framesOf(1, 5) }));
    timeline.hold(now());
    rounds(50, () => ({ caller: framesOf(1, 5) }));
    end();
    expect(callers().slice(0, 85)).toEqual(Array(85).fill(5));
    expect(callers().slice(85)).toEqual(Array(65).fill(0));
  });

  test('is as long as the call, whatever the network does', () => {
    const round = fc.record({
      pieces: fc.array(fc.integer({ min: 0, max: 1_500 }), { maxLength: 3 }),
      stallMs: fc.constantFrom(0, 0, 0, 0, 15, 900),
    });
    fc.assert(
      fc.property(fc.array(round, { maxLength: 200 }), (plan) => {
        const { rounds, sleep, end, now, out } = call();
        for (const { pieces, stallMs } of plan) {
          sleep(stallMs);
          rounds(1, () => ({ caller: new Int16Array(pieces.reduce((sum, length) => sum + length, 0)) }));
        }
        end();
        expect(Math.abs(out.length * 20 - (now() - startMs))).toBeLessThanOrEqual(260);
      }),
      { numRuns: 100 },
    );
  });
});
