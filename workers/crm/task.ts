import * as v from 'valibot';
import { Slug, Uuid } from '../../contract/primitives.ts';

/**
 * A message of the queues `parley-crm` and `parley-crm-dead`: send this delivery. What is sent stays
 * in the business's storage. A newer `ticket` makes older messages of the same delivery void.
 */
export const CrmTask = v.object({ business: Slug, deliveryId: Uuid, ticket: v.number() });
export type CrmTask = v.InferOutput<typeof CrmTask>;
