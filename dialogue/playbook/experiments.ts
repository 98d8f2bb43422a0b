import type { Bundle } from './bundle.ts';
import { applyPatch, variantOf } from './patch.ts';

/** The bundle as callers of one arm meet it; every decision in such a call names the arm. */
export function applyArm(bundle: Bundle, experiment: string, arm: string): Bundle {
  return variantOf(bundle, `arm ${experiment}/${arm}`, () => {
    const patch = bundle.experiments.find(({ id }) => id === experiment)?.arms.find(({ id }) => id === arm)?.patch;
    if (patch === undefined)
      throw new Error(`The playbook ${bundle.hash} has no arm "${arm}" in an experiment "${experiment}".`);
    return { ...applyPatch(bundle, patch), arm: { id: experiment, arm } };
  });
}

/**
 * The variant that a call gets. A call takes part in one experiment, so that their effects stay apart; each gets
 * the same number of calls, and its arms share them by weight.
 *
 * @param draw from 0 up to 1, the same for the same call.
 */
export function assignArm(bundle: Bundle, draw: number): Bundle {
  const place = draw * bundle.experiments.length;
  const experiment = bundle.experiments[Math.floor(place)];
  if (experiment === undefined) return bundle;
  const total = experiment.arms.reduce((sum, { weight }) => sum + weight, 0);
  let rest = (place - Math.floor(place)) * total;
  for (const { id, weight } of experiment.arms) {
    if (rest < weight) return applyArm(bundle, experiment.id, id);
    rest -= weight;
  }
  return bundle;
}
