import { createHash } from 'node:crypto';
import type { Bundle } from '../../dialogue/playbook/bundle.ts';
import { assignArm } from '../../dialogue/playbook/experiments.ts';
import { applyLocale } from '../../dialogue/playbook/localize.ts';

/**
 * The bundle of one call: the same for the same call, on whichever node it goes on. Experiments try words of the
 * playbook's own language; a call in another takes part in none.
 */
export function bundleOfCall(published: Bundle, callId: string, locale = published.locale): Bundle {
  const localized = applyLocale(published, locale);
  if (localized !== published) return localized;
  return assignArm(published, createHash('sha256').update(callId).digest().readUInt32BE() / 2 ** 32);
}
