import * as v from 'valibot';
import { Slug, Uuid } from '../../../contract/primitives.ts';

/** A message of the queue `parley-hooks`: send this delivery. A newer `ticket` makes older messages void. */
export const HookTask = v.object({ business: Slug, deliveryId: Uuid, ticket: v.number() });
export type HookTask = v.InferOutput<typeof HookTask>;
