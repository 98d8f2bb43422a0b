import type { ProblemCode } from '../../contract/problem.ts';

/** Why there is no call. `problem` comes from the host with its own words; the others are worded by the widget. */
export type Failure =
  | { readonly kind: 'problem'; readonly code: ProblemCode; readonly message: string; readonly action: string }
  /** No answer from the host: offline, wrong address, or down. */
  | { readonly kind: 'unreachable' }
  /** The host answered something that is not what the contract says. */
  | { readonly kind: 'bad-answer' }
  /** The browser cannot do WebRTC audio. */
  | { readonly kind: 'media-failed' };

export const failureCode = (failure: Failure): string => (failure.kind === 'problem' ? failure.code : failure.kind);
