/** Why a CRM did not take something, in words for the owner. */
export class CrmError extends Error {
  override readonly name = 'CrmError';
  /** The HTTP status; null where there was no answer. */
  readonly status: number | null;
  /** The same would happen again: only a person can help. */
  readonly permanent: boolean;
  /** How long the CRM wants to be left alone. */
  readonly retryAfterS: number | null;
  /** Whether the CRM is at fault, and other deliveries had better wait too, or something about this one. */
  readonly concerns: 'crm' | 'delivery';

  constructor(
    message: string,
    details: {
      status?: number | null;
      permanent?: boolean;
      retryAfterS?: number | null;
      concerns?: 'crm' | 'delivery';
      cause?: unknown;
    },
  ) {
    super(message, { cause: details.cause });
    this.status = details.status ?? null;
    this.permanent = details.permanent ?? false;
    this.retryAfterS = details.retryAfterS ?? null;
    this.concerns = details.concerns ?? 'crm';
  }
}
