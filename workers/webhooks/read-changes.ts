import type { InboxMessage } from './inbox.ts';
import type { PersonChange } from './person-change.ts';
import { readHubSpot } from './read-hubspot.ts';
import { readPipedrive } from './read-pipedrive.ts';
import { readSalesforce } from './read-salesforce.ts';
import { readStandard } from './read-standard.ts';

/** What a webhook says of people. Throws where it is not what its sender documents. */
export function readChanges({
  source,
  body,
  receivedMs,
}: Pick<InboxMessage, 'source' | 'body' | 'receivedMs'>): PersonChange[] {
  if (source === 'salesforce') return readSalesforce(body, receivedMs);
  const json: unknown = JSON.parse(body);
  switch (source) {
    case 'standard':
      return readStandard(json);
    case 'hubspot':
      return readHubSpot(json);
    case 'pipedrive':
      return readPipedrive(json);
    case 'calcom':
      return [];
    default:
      return source satisfies never;
  }
}
