/** How well the line carried a call. */
export interface LineQuality {
  readonly packetsReceived: number;
  readonly packetsLost: number;
  readonly jitterMs: number;
  /** Where the other side sends reports. */
  readonly roundTripMs: number | undefined;
  /** Of what we sent, 0 to 100, by the last report of the other side. */
  readonly theirLossPct: number | undefined;
}
