import * as v from 'valibot';
import { Slug, Uuid } from '../../contract/primitives.ts';

/** A message of the queue `parley-scheduling`: do this job once. A newer `ticket` makes older messages void. */
export const SchedulingTask = v.object({ business: Slug, jobId: Uuid, ticket: v.number() });
export type SchedulingTask = v.InferOutput<typeof SchedulingTask>;
