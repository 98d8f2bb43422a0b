/** An element of one of a JSON object's arrays. */
export interface ArrayItem {
  /** The array's key. */
  readonly key: string;
  readonly json: string;
}

/** An answer longer than this is no answer for a call. */
const maxLength = 16_000;

/**
 * Reads `{"a":[{…},{…}],"b":[…]}` as it comes and gives each object in an array as soon as it is closed, so that the
 * first sentence can be spoken while the next is being written. Each character is looked at once.
 */
export class ArrayItems {
  #text = '';
  #at = 0;
  #depth = 0;
  #inString = false;
  #escaped = false;
  #stringStart = 0;
  #lastString = '';
  #key = '';
  #itemStart = -1;
  #closed = false;

  /** The object has been closed: nothing more will come. */
  get whole(): boolean {
    return this.#closed;
  }

  /** Key of the array that is being read, or was read last. */
  get key(): string {
    return this.#key;
  }

  /** The items that are whole with this piece. Throws a RangeError when the answer is endless. */
  push(piece: string): ArrayItem[] {
    this.#text += piece;
    if (this.#text.length > maxLength) throw new RangeError(`The answer is longer than ${maxLength} characters`);
    const items: ArrayItem[] = [];
    for (; this.#at < this.#text.length && !this.#closed; this.#at++) {
      const item = this.#read(this.#text[this.#at] ?? '');
      if (item !== undefined) items.push(item);
    }
    return items;
  }

  #read(sign: string): ArrayItem | undefined {
    if (this.#inString) {
      if (this.#escaped) this.#escaped = false;
      else if (sign === '\\') this.#escaped = true;
      else if (sign === '"') {
        this.#inString = false;
        this.#lastString = this.#text.slice(this.#stringStart, this.#at);
      }
      return undefined;
    }
    switch (sign) {
      case '"':
        // Before the object there is nothing to read: some servers put a fence or a greeting there.
        if (this.#depth === 0) return undefined;
        this.#inString = true;
        this.#stringStart = this.#at + 1;
        return undefined;
      case ':':
        if (this.#depth === 1) this.#key = this.#lastString;
        return undefined;
      case '{':
      case '[':
        if (this.#depth === 0 && sign === '[') return undefined;
        if (this.#depth === 2 && sign === '{') this.#itemStart = this.#at;
        this.#depth += 1;
        return undefined;
      case '}':
      case ']':
        if (this.#depth === 0) return undefined;
        this.#depth -= 1;
        this.#closed = this.#depth === 0;
        return this.#depth === 2 ? this.#item() : undefined;
      default:
        return undefined;
    }
  }

  #item(): ArrayItem | undefined {
    const start = this.#itemStart;
    this.#itemStart = -1;
    return start < 0 ? undefined : { key: this.#key, json: this.#text.slice(start, this.#at + 1) };
  }
}
