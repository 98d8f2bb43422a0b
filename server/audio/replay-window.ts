/** A packet this far behind the newest is refused unseen (RFC 3711 §3.3.2 asks for 64 at least). */
const windowPackets = 128;

/** Knows which packets have come, by their index: nobody can play a packet into a call twice. */
export class ReplayWindow {
  readonly #seen = new Float64Array(windowPackets).fill(-1);
  #newest = -1;

  isNew(index: number): boolean {
    return index > this.#newest - windowPackets && this.#seen[index % windowPackets] !== index;
  }

  add(index: number): void {
    this.#newest = Math.max(this.#newest, index);
    this.#seen[index % windowPackets] = index;
  }
}
