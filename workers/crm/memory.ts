import type { CrmObject, Past } from './crm.ts';

export type Begun =
  | { readonly status: 'go'; readonly past: Past }
  /** Exactly this was written before. */
  | { readonly status: 'done'; readonly id: string }
  /** Another delivery is making the same contact just now. */
  | { readonly status: 'held' };

/** What a business remembers of what it has in its CRM. Kept in its storage; survives everything. */
export interface CrmMemory {
  /** The id of what one of these keys stands for. */
  recall(object: CrmObject, keys: readonly string[]): Promise<string | null>;
  /** To be called before a write: whoever asks again learns that one may have happened. */
  begin(object: CrmObject, keys: readonly string[], fingerprint: string | null): Promise<Begun>;
  /** The write is known to have happened, under this id. */
  end(object: CrmObject, keys: readonly string[], id: string, fingerprint: string | null): Promise<void>;
}
