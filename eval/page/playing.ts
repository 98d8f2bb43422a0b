/**
 * How loud each media element plays a track right now. A page silences old speech by muting its element; the
 * track goes on, so the ears must know.
 */
const elements = new Set<HTMLMediaElement>();
const listeners = new Set<() => void>();

export function watchMediaElements(): void {
  for (const property of ['srcObject', 'muted', 'volume'] as const) {
    const original = Object.getOwnPropertyDescriptor(HTMLMediaElement.prototype, property);
    if (original?.set === undefined || original.get === undefined) throw new Error(`No accessor for ${property}.`);
    const { set, get } = original;
    Object.defineProperty(HTMLMediaElement.prototype, property, {
      ...original,
      get,
      set(this: HTMLMediaElement, value: unknown) {
        set.call(this, value);
        if (!elements.has(this)) {
          elements.add(this);
          for (const type of ['playing', 'pause', 'emptied']) this.addEventListener(type, changed);
        }
        changed();
      },
    });
  }
}

export function onPlayingChange(listener: () => void): void {
  listeners.add(listener);
}

/** Plays a track the way a page does. */
export function play(track: MediaStreamTrack): void {
  const element = new Audio();
  element.autoplay = true;
  element.srcObject = new MediaStream([track]);
  // Kept for the page's life, or the browser may collect it and the call falls silent.
  elements.add(element);
}

/** 0 when no element plays the track or each is muted. */
export function volumeOf(track: MediaStreamTrack): number {
  let loudest = 0;
  for (const element of elements) {
    const source = element.srcObject;
    const plays = source instanceof MediaStream && source.getTracks().some((one) => one.id === track.id);
    if (plays && !element.muted && !element.paused) loudest = Math.max(loudest, element.volume);
  }
  return loudest;
}

function changed(): void {
  for (const listener of listeners) listener();
}
