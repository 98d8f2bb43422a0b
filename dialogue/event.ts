import type { HandoverFailure } from '../contract/handover.ts';
import type { ConsultedMeaning, ConsultedModel } from '../contract/consultation.ts';
import type { Hypothesis } from '../contract/session.ts';
import type { CallPurpose } from '../contract/purpose.ts';
import type {
  Appointment,
  BookingAnswer,
  CancelAnswer,
  ConfirmAnswer,
  MoveAnswer,
  Slot,
} from '../contract/scheduling.ts';

/**
 * Everything that can happen to a conversation. Time comes in with each event; ids are made from the
 * turn, so the same events always give the same call.
 */
export type DialogueEvent =
  | {
      readonly type: 'call-start';
      readonly nowMs: number;
      /** The caller's IANA zone, where the door knows it. */
      readonly callerTimeZone?: string;
      /** E.164, where the door knows it. */
      readonly callerNumber?: string;
      /** Who is known to call from there, where the business wants them greeted by name. */
      readonly callerName?: string;
      /** The page has already told the visitor that this is an AI and written down. */
      readonly disclosed: boolean;
      /** A language model can be asked on this call. */
      readonly languageModel?: boolean;
      /** A typed call: silences are longer, and nobody is "heard". */
      readonly typed?: boolean;
      /** What is heard has passed through a telephone line: 300 to 3,400 Hz. */
      readonly narrowband?: boolean;
      /** The caller can press keys; they arrive as typed text. */
      readonly keypad?: boolean;
      /** Absent: somebody calls us, and may become a lead. */
      readonly purpose?: CallPurpose;
    }
  | {
      readonly type: 'caller-said';
      readonly nowMs: number;
      readonly text: string;
      readonly confidence: number;
      readonly alternatives: readonly Hypothesis[];
      readonly typed: boolean;
    }
  /** Nobody has spoken for `silentMs` since the agent finished. */
  | { readonly type: 'caller-silent'; readonly nowMs: number; readonly silentMs: number }
  /** What the caller heard of the agent's last turn; `text` is a prefix of it after a barge-in. */
  | { readonly type: 'agent-heard'; readonly nowMs: number; readonly text: string; readonly interrupted: boolean }
  | {
      readonly type: 'slots-found';
      readonly nowMs: number;
      readonly requestId: string;
      readonly slots: readonly Slot[];
      /** Why they may be out of date. For the record: the caller hears nothing of it. */
      readonly degraded?: string;
    }
  | {
      readonly type: 'booking-answered';
      readonly nowMs: number;
      readonly requestId: string;
      readonly answer: BookingAnswer;
    }
  | {
      readonly type: 'appointments-found';
      readonly nowMs: number;
      readonly requestId: string;
      readonly appointments: readonly Appointment[];
    }
  | { readonly type: 'move-answered'; readonly nowMs: number; readonly requestId: string; readonly answer: MoveAnswer }
  | {
      readonly type: 'cancel-answered';
      readonly nowMs: number;
      readonly requestId: string;
      readonly answer: CancelAnswer;
    }
  | {
      readonly type: 'confirm-answered';
      readonly nowMs: number;
      readonly requestId: string;
      readonly answer: ConfirmAnswer;
    }
  | {
      readonly type: 'transfer-answered';
      readonly nowMs: number;
      readonly requestId: string;
      /**
       * `accepted`: the person is there, and has the call once the agent has said so. `passed-on`: the trunk has taken the
       * call to them. `nobody-free`: there is no way to call anybody.
       */
      readonly answer: 'accepted' | 'passed-on' | 'nobody-free' | HandoverFailure;
    }
  /** A person is called: how far that is. */
  | {
      readonly type: 'transfer-progress';
      readonly nowMs: number;
      readonly requestId: string;
      readonly stage: 'calling' | 'ringing' | 'answered';
    }
  /** A person who had taken the call has hung up, or was lost before the two could talk. */
  | { readonly type: 'person-left'; readonly nowMs: number; readonly requestId: string; readonly talked: boolean }
  | { readonly type: 'call-back-recorded'; readonly nowMs: number; readonly requestId: string }
  /** The tool behind `requestId` did not answer: calendar or control plane down, or too slow. */
  | { readonly type: 'tool-failed'; readonly nowMs: number; readonly requestId: string; readonly cause: string }
  /** What the caller meant, as a language model reads it. */
  | {
      readonly type: 'consulted-meaning';
      readonly nowMs: number;
      readonly requestId: string;
      readonly model: ConsultedModel;
      readonly meaning: ConsultedMeaning;
    }
  /** A sentence that a language model would like to say. */
  | {
      readonly type: 'consulted-sentence';
      readonly nowMs: number;
      readonly requestId: string;
      readonly model: ConsultedModel;
      readonly text: string;
      readonly cites: readonly string[];
    }
  /** The model has said everything that it wanted to say. */
  | {
      readonly type: 'consulted';
      readonly nowMs: number;
      readonly requestId: string;
      readonly model: ConsultedModel;
    }
  /** It was too slow, or could not be reached, or answered nonsense. */
  | { readonly type: 'consult-failed'; readonly nowMs: number; readonly requestId: string; readonly cause: string }
  | { readonly type: 'call-end'; readonly nowMs: number };
