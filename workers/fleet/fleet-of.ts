import type { Env } from '../env.ts';
import type { Fleet } from './fleet.ts';

/** The one fleet. */
export function fleetOf(env: Env): DurableObjectStub<Fleet> {
  return env.FLEET.getByName('fleet');
}
