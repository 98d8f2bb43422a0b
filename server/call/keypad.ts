/** An entry is over when no key comes for this long, or at once with `#`. */
const entryPauseMs = 2_000;
const maxKeys = 20;
/** Where a playbook says nothing of keys: what callers press who are tired of a machine. */
const usualKeys: Readonly<Record<string, string>> = { '0': 'I want to talk to a person' };

/** Makes entries of key presses: what they mean to the conversation, as if it had been typed. */
export class Keypad {
  readonly #onEntry: (text: string) => void;
  readonly #meanings: Readonly<Record<string, string>>;
  #keys = '';
  #timer: NodeJS.Timeout | undefined;

  /** @param meanings of single keys, in a caller's words. */
  constructor(onEntry: (text: string) => void, meanings: Readonly<Record<string, string>> = usualKeys) {
    this.#onEntry = onEntry;
    this.#meanings = meanings;
  }

  press(key: string): void {
    clearTimeout(this.#timer);
    if (key === '#') {
      this.#enter();
      return;
    }
    // A star takes back what was entered, as on most telephones.
    this.#keys = key === '*' ? '' : (this.#keys + key).slice(0, maxKeys);
    this.#timer = setTimeout(() => this.#enter(), entryPauseMs);
  }

  close(): void {
    clearTimeout(this.#timer);
  }

  #enter(): void {
    const keys = this.#keys;
    this.#keys = '';
    if (keys !== '') this.#onEntry(this.#meanings[keys] ?? keys);
  }
}
