import type { CallerVoice } from '../speech/caller-voice.ts';

/** What a case tests, and so how it is judged. */
export type CaseKind = 'complete' | 'pause' | 'backchannel' | 'noise' | 'interruption';

/** Sounds that are no words. */
export type Noise = 'cough' | 'knock' | 'hiss' | 'babble';

export type CasePart =
  | { readonly say: string }
  | { readonly pauseMs: number }
  | { readonly noise: Noise; readonly lengthMs: number; readonly levelDbfs: number };

export interface TurnCase {
  readonly id: string;
  readonly kind: CaseKind;
  /** For the report: "phone", "and", "uh huh". */
  readonly about: string;
  readonly voice: CallerVoice;
  /** Lines that bring the dialogue to the question that is open. */
  readonly before: readonly string[];
  /** What the caller hears the agent answer while the parts are said, and how far into it they begin. */
  readonly over?: { readonly asked: string; readonly afterMs: number };
  readonly parts: readonly CasePart[];
  /** Level of the room's steady noise. */
  readonly roomDbfs: number;
}
