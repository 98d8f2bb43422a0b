import type { CallMode } from '../../../contract/session.ts';
import type { CallState } from '../../call/call-state.ts';
import type { Strings } from '../strings/strings.ts';

/** What a visitor can do in the panel. */
export interface PanelActions {
  start(mode: CallMode): void;
  /** Fetches the disclosure again. */
  reload(): void;
  say(text: string): void;
  /** The visitor is writing. */
  typing(): void;
  toggleMute(): void;
  hangUp(): void;
  unblockSound(): void;
  dismiss(): void;
}

/** Everything a view draws from. Views are functions of it and keep nothing. */
export interface View {
  readonly state: CallState;
  readonly strings: Strings;
  readonly language: string;
  readonly actions: PanelActions;
  /** Origin of the host, for addresses relative to it. */
  readonly origin: string;
}
