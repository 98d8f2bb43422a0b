import type { SchedulingRules, Slot } from '../../contract/scheduling.ts';

export type Service = SchedulingRules['services'][number];

/** Time that is not free: an appointment, a hold, or an entry of a calendar elsewhere. */
export interface Taken extends Slot {
  /** Null for an entry of a calendar elsewhere. */
  readonly service: string | null;
  /** Whose time it is, by id. Null: nobody's in particular; of an entry elsewhere, everybody's. */
  readonly staff: string | null;
}

const minuteMs = 60_000;

export const beforeMs = (service: Service): number => (service.bufferBeforeMin ?? service.bufferMin) * minuteMs;
export const afterMs = (service: Service): number => (service.bufferAfterMin ?? service.bufferMin) * minuteMs;

/**
 * Whether one more appointment fits beside `busy`, which are the same service's. Two that share a
 * place must have the longer of the buffers between them, so each holds its place until that has passed.
 */
export function fits(service: Service, slot: Slot, busy: readonly Slot[]): boolean {
  const bufferMs = Math.max(beforeMs(service), afterMs(service));
  const near = busy.filter((other) => other.startMs < slot.endMs + bufferMs && slot.startMs < other.endMs + bufferMs);
  // The number held at once can only rise where one begins.
  const beginnings = [slot.startMs, ...near.map((other) => other.startMs).filter((ms) => ms > slot.startMs)];
  return beginnings.every(
    (ms) => near.filter((other) => other.startMs <= ms && ms < other.endMs + bufferMs).length < service.capacity,
  );
}
