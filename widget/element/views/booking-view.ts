import { html, nothing, type TemplateResult } from 'lit';
import type { Booking } from '../../call/call-state.ts';
import { appointmentTime } from '../appointment-time.ts';
import { calendar } from '../icons.ts';
import type { View } from './view.ts';

/** A booked appointment: what, when in the business's zone, and the invitation. */
export function bookingView(booking: Booking, { strings, language, origin }: View): TemplateResult {
  const time = appointmentTime(booking, language);
  const address = calendarAddress(booking.icsUrl, origin);
  return html`<section class="booking" part="booking">
    <span class="badge">${calendar}</span>
    <div>
      <p class="service">${booking.serviceName}</p>
      <p>${time.date}</p>
      <p>${time.hours}</p>
      ${time.visitorHours === null ? nothing : html`<p class="small">${strings.yourTime(time.visitorHours)}</p>`}
      ${address === null ? nothing : html`<a href=${address} download="appointment.ics">${strings.addToCalendar}</a>`}
    </div>
  </section>`;
}

/** Only the web's own schemes: the address comes from outside. */
function calendarAddress(icsUrl: string, origin: string): string | null {
  const url = URL.parse(icsUrl, origin);
  return url?.protocol === 'https:' || url?.protocol === 'http:' ? url.href : null;
}
