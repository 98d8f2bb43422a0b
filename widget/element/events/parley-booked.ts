import type { Booking } from '../../call/call-state.ts';

/** An appointment was booked. May come more than once in a call, each time for another appointment. */
export type ParleyBookedEvent = CustomEvent<Booking>;
