import type { EngineUsage } from '../../contract/call-event.ts';

/** Told what engines do in one call, for its record. */
export interface EngineWatch {
  /** A part of the call did less than it should: another engine had to take over. */
  degraded(component: string, cause: unknown): void;
  /** Something that is paid for. */
  used(usage: EngineUsage): void;
}
