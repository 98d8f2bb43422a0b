import type { ParleyBookedEvent } from './parley-booked.ts';
import type { ParleyCallEndEvent } from './parley-call-end.ts';
import type { ParleyCallStartEvent } from './parley-call-start.ts';
import type { ParleyErrorEvent } from './parley-error.ts';
import type { ParleyOpenEvent } from './parley-open.ts';

/** Everything that `<parley-call>` tells its page. All bubble, and cross shadow roots. */
export interface ParleyEvents {
  'parley-open': ParleyOpenEvent;
  'parley-call-start': ParleyCallStartEvent;
  'parley-booked': ParleyBookedEvent;
  'parley-call-end': ParleyCallEndEvent;
  'parley-error': ParleyErrorEvent;
}

declare global {
  interface HTMLElementEventMap extends ParleyEvents {}
}
