import type { Scenario } from '../scenario.ts';

/** What a caller in a browser can do with the demo's playbook, at any date: a booking, a correction, an objection, a person. */
const usual = new Set(['roof-terse-new-roof', 'roof-changes-time', 'roof-hostile-price', 'roof-person-at-once']);

/** Whether a scenario asks for nothing that a call in the browser does not have. */
function isPossible({ playbook, typed, world, mishears, caller, purpose, existing, narrowband }: Scenario): boolean {
  const ordinary =
    (world.calendar ?? 'free') === 'free' &&
    (world.booking ?? 'works') === 'works' &&
    (world.callBack ?? 'works') === 'works' &&
    (world.people ?? 'busy') !== 'free';
  const arranged = purpose.kind !== 'inbound' || existing !== undefined || narrowband;
  return (
    !arranged &&
    playbook === 'roofing' &&
    !typed &&
    ordinary &&
    mishears === undefined &&
    caller.callsFrom === undefined
  );
}

/** Those to be spoken: the usual ones, or all possible ones whose name begins so. `only`: one beginning, or a list with commas. */
export function spokenSubset(all: readonly Scenario[], only: string): Scenario[] {
  const possible = all.filter(isPossible);
  return only === ''
    ? possible.filter(({ id }) => usual.has(id))
    : possible.filter(({ id }) => only.split(',').some((beginning) => id.startsWith(beginning)));
}
