import * as v from 'valibot';
import { ShortText } from './primitives.ts';

/** `POST /v1/businesses/:business/projections`: makes what is derived again from the events, or only compares. */
export const ProjectionRequest = v.object({ mode: v.picklist(['check', 'rebuild']) });
export type ProjectionRequest = v.InferOutput<typeof ProjectionRequest>;

export const ProjectionReport = v.object({
  calls: v.number(),
  events: v.number(),
  /** Rows that the events do not give, or give otherwise. Empty where all is well. */
  differences: v.array(v.object({ table: ShortText, missing: v.number(), unexplained: v.number() })),
  rebuilt: v.boolean(),
});
export type ProjectionReport = v.InferOutput<typeof ProjectionReport>;
