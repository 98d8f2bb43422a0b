import * as v from 'valibot';

/** `GET /v1/businesses/:business/crm/:kind/preview/:callId`: in the order of writing. Staff only. */
export const CrmPreview = v.object({
  /** None for a caller who left neither an address nor a number. */
  writes: v.array(
    v.object({
      object: v.picklist(['contact', 'deal', 'call', 'note', 'task']),
      /** By the CRM's own field names. Ids of what is made along the way are left out. */
      body: v.record(v.string(), v.unknown()),
    }),
  ),
});
export type CrmPreview = v.InferOutput<typeof CrmPreview>;
