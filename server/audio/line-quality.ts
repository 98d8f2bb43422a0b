/** How well the line carried a call. */
export interface LineQuality {
  readonly packetsReceived: number;
  readonly packetsLost: number;
  readonly jitterMs: number;
  /** Where the other side sends reports. */
  readonly roundTripMs: number | undefined;
  /** Of what we sent, 0 to 100, by the last report of the other side. */
  readonly theirLossPct: number | undefined;
  /** The longest stretch without any sound from the other side: digital silence, or no packets. Unknown: undefined. */
  readonly soundlessMs?: number | undefined;
  /** How the voice travelled, at the end. */
  readonly codec?: 'opus' | 'PCMU' | 'PCMA' | undefined;
  readonly encrypted?: boolean | undefined;
}
