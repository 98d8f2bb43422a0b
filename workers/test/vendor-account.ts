import * as v from 'valibot';

/** A CRM as eval/vendors plays it, outside of workerd. */
const control = 'https://vendors.test';

const State = v.object({
  requests: v.array(v.string()),
  violations: v.array(v.string()),
  objects: v.array(
    v.object({
      id: v.string(),
      type: v.string(),
      fields: v.record(v.string(), v.unknown()),
      links: v.array(v.string()),
    }),
  ),
});
export type VendorState = v.InferOutput<typeof State>;

/** Whether the vendor's own description is at hand, to check requests by. */
export async function isDescribed(vendor: string): Promise<boolean> {
  const answer = await fetch(`${control}/vendors/${vendor}`);
  return v.parse(v.boolean(), await answer.json());
}

export interface VendorFault {
  readonly on: string;
  readonly times?: number;
  readonly outcome:
    | { readonly type: 'lost' | 'dropped' }
    | {
        readonly type: 'answer';
        readonly status: number;
        readonly headers?: Record<string, string>;
        readonly body?: unknown;
      };
}

/** An account of its own for a test, which takes its name for a token. */
export async function vendorAccount(behaviour: Behaviour = {}) {
  const token = `token-${crypto.randomUUID()}`;
  const url = `${control}/accounts/${token}`;
  const behave = async (next: Behaviour): Promise<void> => {
    await fetch(url, { method: 'PUT', body: JSON.stringify(next) });
  };
  await behave(behaviour);
  return {
    token,
    behave,
    add: async (type: string, fields: Record<string, unknown>): Promise<void> => {
      await fetch(url, { method: 'POST', body: JSON.stringify({ type, fields }) });
    },
    read: async (): Promise<VendorState> => v.parse(State, await (await fetch(url)).json()),
  };
}

interface Behaviour {
  readonly faults?: readonly VendorFault[];
  readonly searchLags?: boolean;
  readonly accessToken?: string;
  readonly refreshToken?: string;
}
