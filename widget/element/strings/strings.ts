import type { MicrophoneFault } from '../../call/call-state.ts';
import type { en } from './en.ts';

/** A text with what to do about it. */
export interface Advice {
  readonly title: string;
  readonly text: string;
}

/** Every language has exactly what English has: the same keys, the same parameters. */
export type Strings = Widen<typeof en>;

type Widen<Table> = {
  readonly [Key in keyof Table]: Table[Key] extends string
    ? string
    : Table[Key] extends (...parameters: infer Parameters) => string
      ? (...parameters: Parameters) => string
      : Widen<Table[Key]>;
};

export type MicrophoneAdvice = Readonly<Record<MicrophoneFault, Advice>>;
