import type { SchedulingRules, Slot } from '../../contract/scheduling.ts';

export type Service = SchedulingRules['services'][number];

const minuteMs = 60_000;

/**
 * Whether one more appointment fits beside `busy`, which are the same service's. Two that share a
 * place must have `bufferMin` between them, so each holds its place until its buffer has passed.
 */
export function fits(service: Service, slot: Slot, busy: readonly Slot[]): boolean {
  const bufferMs = service.bufferMin * minuteMs;
  const near = busy.filter((other) => other.startMs < slot.endMs + bufferMs && slot.startMs < other.endMs + bufferMs);
  // The number held at once can only rise where one begins.
  const beginnings = [slot.startMs, ...near.map((other) => other.startMs).filter((ms) => ms > slot.startMs)];
  return beginnings.every(
    (ms) => near.filter((other) => other.startMs <= ms && ms < other.endMs + bufferMs).length < service.capacity,
  );
}
