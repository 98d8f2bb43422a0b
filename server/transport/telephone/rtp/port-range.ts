/** Even ports for RTP, each with the odd one above it for RTCP (RFC 3550 §11). */
export interface PortRange {
  readonly from: number;
  /** Inclusive. */
  readonly to: number;
}

/** Hands out ports in turn, so that packets of a call that is over do not reach the next one. */
export class PortPool {
  readonly #ports: number[];

  constructor({ from, to }: PortRange) {
    this.#ports = [];
    for (let port = from + (from % 2); port < to; port += 2) this.#ports.push(port);
  }

  /** Undefined when all are in use. */
  take(): number | undefined {
    return this.#ports.shift();
  }

  giveBack(port: number): void {
    this.#ports.push(port);
  }
}
