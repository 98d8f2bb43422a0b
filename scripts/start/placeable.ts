import { setTimeout as delay } from 'node:timers/promises';
import * as v from 'valibot';

const timeoutMs = 5_000;
const pollMs = 25;
const Health = v.object({ inFleet: v.boolean() });

/** True as soon as calls can be placed on the media node; false when its fleet has not heard it in time. */
export async function isPlaceable(mediaNodeUrl: string, stop: AbortSignal | undefined): Promise<boolean> {
  const signal = AbortSignal.any([AbortSignal.timeout(timeoutMs), ...(stop ? [stop] : [])]);
  while (!signal.aborted) {
    try {
      const response = await fetch(`${mediaNodeUrl}/healthz`, { signal });
      if (v.parse(Health, await response.json()).inFleet) return true;
      await delay(pollMs, undefined, { signal });
    } catch {
      // It serves, or has just served: what is wrong with it now is told by who keeps it alive.
      await delay(pollMs);
    }
  }
  return false;
}
