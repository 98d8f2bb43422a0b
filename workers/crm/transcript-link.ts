import type { Settings } from '../settings.ts';
import { capability } from '../privacy/capability.ts';

/** A link to what was said on a call, for whoever may open the CRM. */
export async function transcriptUrl(
  { MASTER_KEY, PUBLIC_URL }: Settings,
  business: string,
  callId: string,
): Promise<string> {
  const key = await transcriptKey(MASTER_KEY, business, callId);
  return `${PUBLIC_URL}/v1/transcripts/${business}/${callId}?key=${key}`;
}

export const transcriptKey = async (masterKey: string, business: string, callId: string): Promise<string> =>
  capability(masterKey, `transcript ${business} ${callId}`);
