/**
 * A Durable Object has one alarm. It is only ever moved nearer: when it rings, whoever rings it says
 * when it is needed next. So a sign of life, which puts a deadline off, costs no write.
 */
export class Alarm {
  readonly #storage: DurableObjectStorage;
  #setForMs: number | null = null;

  constructor(storage: DurableObjectStorage) {
    this.#storage = storage;
  }

  /** To be awaited before anything else. */
  async load(): Promise<void> {
    this.#setForMs = await this.#storage.getAlarm();
  }

  /**
   * Asks to ring at `dueMs` or before. Call it in the same turn as the writes that need it, then both
   * are stored or neither.
   */
  async needBy(dueMs: number | null): Promise<void> {
    if (dueMs === null || (this.#setForMs !== null && this.#setForMs <= dueMs)) return;
    this.#setForMs = dueMs;
    await this.#storage.setAlarm(dueMs);
  }

  /** It has rung, and stands no longer. */
  rang(): void {
    this.#setForMs = null;
  }
}
