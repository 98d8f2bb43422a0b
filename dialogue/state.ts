import type { ConsultedTurn } from '../contract/consultation.ts';
import type { Lead } from '../contract/lead.ts';
import type { Appointment, Slot, SlotPreference } from '../contract/scheduling.ts';
import type { Outcome } from '../contract/act.ts';
import type { CallPurpose } from '../contract/purpose.ts';
import type { Bundle } from './playbook/bundle.ts';

/** What the agent is waiting for. */
export type Focus =
  | { readonly kind: 'none' }
  | { readonly kind: 'question'; readonly id: string }
  | { readonly kind: 'name' }
  /** `repair` is what was read back and is wrong somewhere. */
  | { readonly kind: 'contact'; readonly by: 'phone' | 'email'; readonly repair?: string }
  | { readonly kind: 'confirm-phone'; readonly phone: string }
  | ({ readonly kind: 'number-piece' } & NumberInPieces)
  | ({ readonly kind: 'confirm-piece'; readonly piece: string } & NumberInPieces)
  | { readonly kind: 'confirm-email'; readonly email: string }
  | { readonly kind: 'want-appointment' }
  | { readonly kind: 'preference' }
  | { readonly kind: 'slot' }
  | { readonly kind: 'confirm-slot'; readonly slot: Slot }
  /** `reason` is why it is offered, for the record. */
  | { readonly kind: 'offer-call-back'; readonly reason?: string }
  | { readonly kind: 'offer-fact'; readonly id: string }
  /** We called: is this the person, and is it a good time? */
  | { readonly kind: 'identify' }
  | { readonly kind: 'good-time' }
  /** Of an appointment that exists. */
  | { readonly kind: 'which-appointment' }
  | { readonly kind: 'keep-appointment' }
  | { readonly kind: 'change-how' }
  | { readonly kind: 'confirm-cancel' }
  | { readonly kind: 'anything-else' };

/** A phone number taken a few digits at a time: for lines on which a whole one is rarely heard right. */
export interface NumberInPieces {
  /** The caller agreed to these. */
  readonly confirmed: string;
  /** What the caller said no to, for the piece that is open. */
  readonly wrong: readonly string[];
  /** How often the open piece was not got. */
  readonly failures: number;
}

type ChangeTool = 'find-appointment' | 'move-appointment' | 'cancel-appointment' | 'confirm-appointment';
type CallBackStage = 'none' | 'wanted' | 'requested' | 'recorded' | 'impossible';

export interface Dictation {
  readonly digits: string;
  readonly email: string;
}

export interface Expecting {
  readonly kind: 'yes-no' | 'choice' | 'open' | 'dictation' | 'none';
  /** The question's name, as in an `ask` act's `about`. */
  readonly question?: string;
  /** So many digits, and nothing else, or so many put right. */
  readonly digits?: number;
  /** What those digits do not begin with. */
  readonly exceptDigits?: readonly string[];
}

/** What the caller's line can and cannot do. */
export interface Line {
  /** Telephone bandwidth: digits are hard to hear, so they are taken in pieces. */
  readonly narrowband: boolean;
  /** The caller can press keys. */
  readonly keypad: boolean;
}

export interface AppointmentState {
  readonly wish: 'unknown' | 'wanted' | 'declined' | 'impossible';
  readonly preference: SlotPreference;
  readonly offered: readonly Slot[];
  readonly chosen: Slot | null;
  readonly confirmed: boolean;
  readonly booked: Appointment | null;
}

/** What the caller wants of an appointment that exists, and how far that is. */
export interface ChangeState {
  readonly wish: 'none' | 'move' | 'cancel' | 'check';
  /** Numbers and addresses that were looked up. */
  readonly searched: readonly string[];
  /** Several were found: one is to be chosen. */
  readonly found: readonly Appointment[];
  /** The one it is about. Its details are for whoever gave its number or address, or was called about it. */
  readonly appointment: Appointment | null;
  /** Its time was told in this call. */
  readonly told: boolean;
  /** A yes to "shall I cancel it?", or to "will you be there?". */
  readonly agreed: boolean;
  readonly result: 'none' | 'moved' | 'cancelled' | 'confirmed' | 'kept' | 'impossible';
}

/** Whether a person has the call, and who was asked. */
export interface HandoverState {
  readonly stage: 'none' | 'asked' | 'calling' | 'ringing' | 'answered' | 'talking' | 'over';
  /** By id; the last one is, or was, being called. */
  readonly tried: readonly string[];
  /** How often the caller was told to wait for the last one. */
  readonly waits: number;
}

/** We called somebody: how far we are in reaching them. */
export interface OutboundState {
  readonly rightPerson: boolean;
  readonly goodTime: 'unknown' | 'yes' | 'no';
}

/** What is kept so that a language model can be asked, and what it has been asked. */
export interface ConsultState {
  /** The last turns, oldest first, without numbers and addresses. */
  readonly turns: readonly ConsultedTurn[];
  readonly pending: PendingConsult | null;
}

export interface PendingConsult {
  readonly requestId: string;
  readonly text: string;
  readonly typed: boolean;
  readonly confidence: number;
  /** The guard's name for the last piece that was spoken. */
  readonly lastPiece?: string;
  /** Facts whose approved lines were said in place of a refused sentence, or stated by one that passed. */
  readonly cited: readonly string[];
  /** Sentences so far. */
  readonly spoken: number;
}

/** A call's memory. Plain JSON: it can be stored, sent and compared. */
export interface State {
  /** The bundle this call is pinned to. */
  readonly playbook: string;
  readonly turn: number;
  readonly callerTimeZone?: string;
  readonly callerNumber?: string;
  /** Nobody is heard: both sides write. */
  readonly typed: boolean;
  readonly line: Line;
  readonly purpose: CallPurpose;
  readonly outbound: OutboundState;
  readonly focus: Focus;
  readonly expecting: Expecting;
  /** False when the caller talked over the open question before hearing it. */
  readonly focusHeard: boolean;
  readonly lead: Lead;
  /** By focus name: how often it was asked and heard. */
  readonly asked: Readonly<Record<string, number>>;
  /** By focus name: how often the reply held no answer. */
  readonly missed: Readonly<Record<string, number>>;
  /** Steps of the flow that were given up. */
  readonly skipped: readonly string[];
  readonly callerHasSpoken: boolean;
  readonly misunderstoodInARow: number;
  readonly silencesInARow: number;
  /** Digits or e-mail words heard so far of something said in pieces. */
  readonly dictation: Dictation;
  readonly phoneConfirmed: boolean;
  readonly emailConfirmed: boolean;
  readonly appointment: AppointmentState;
  readonly change: ChangeState;
  readonly callBack: {
    readonly stage: CallBackStage;
    readonly reason: string;
    readonly promisedForMs?: number;
    /** As the agent speaks of them. */
    readonly by?: string;
  };
  /** The rules that brought in a person, or noted that one is needed; the newest last. */
  readonly escalations: readonly { readonly rule: string; readonly to?: string }[];
  /** Why the call is being transferred. */
  readonly transferReason: string;
  /** Nobody took the call when it was to be transferred: not tried again. */
  readonly nobodyFree: boolean;
  readonly handover: HandoverState;
  /** Unhappy replies in a row. */
  readonly unhappyInARow: number;
  /** The tool call that has not been answered. */
  readonly waitingFor: {
    readonly requestId: string;
    readonly tool: 'find-slots' | 'book' | 'promise-call-back' | 'transfer' | 'join' | ChangeTool;
  } | null;
  /** The caller wants to be left alone: answer, but don't sell. */
  readonly noSelling: boolean;
  /** What was last spoken of: the fact that was told, and the question it answered. */
  readonly context: { readonly fact: string | null; readonly question: string };
  /** The last act that was heard, for "say that again" and for barge-in. */
  readonly lastSaid: { readonly sentences: readonly string[]; readonly questionAt: number };
  /** Only where a language model can be asked. */
  readonly consult?: ConsultState;
  readonly ended: Outcome | null;
}

export function initialState(bundle: Bundle): State {
  return {
    playbook: bundle.hash,
    turn: 0,
    typed: false,
    line: { narrowband: false, keypad: false },
    purpose: { kind: 'inbound' },
    outbound: { rightPerson: false, goodTime: 'unknown' },
    focus: { kind: 'none' },
    expecting: { kind: 'none' },
    focusHeard: true,
    lead: {
      answers: {},
      score: 0,
      scoreReasons: [],
      stage: 'new',
      objections: [],
      askedAbout: [],
      tags: [],
    },
    asked: {},
    missed: {},
    skipped: [],
    callerHasSpoken: false,
    misunderstoodInARow: 0,
    silencesInARow: 0,
    dictation: { digits: '', email: '' },
    phoneConfirmed: false,
    emailConfirmed: false,
    appointment: { wish: 'unknown', preference: {}, offered: [], chosen: null, confirmed: false, booked: null },
    change: {
      wish: 'none',
      searched: [],
      found: [],
      appointment: null,
      told: false,
      agreed: false,
      result: 'none',
    },
    callBack: { stage: 'none', reason: '' },
    escalations: [],
    transferReason: '',
    nobodyFree: false,
    handover: { stage: 'none', tried: [], waits: 0 },
    unhappyInARow: 0,
    waitingFor: null,
    noSelling: false,
    context: { fact: null, question: '' },
    lastSaid: { sentences: [], questionAt: -1 },
    ended: null,
  };
}
