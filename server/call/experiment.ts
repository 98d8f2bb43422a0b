import { createHash } from 'node:crypto';
import type { Bundle } from '../../dialogue/playbook/bundle.ts';
import { assignArm } from '../../dialogue/playbook/experiments.ts';

/** The bundle of one call: the same for the same call, on whichever node it goes on. */
export function bundleOfCall(published: Bundle, callId: string): Bundle {
  return assignArm(published, createHash('sha256').update(callId).digest().readUInt32BE() / 2 ** 32);
}
