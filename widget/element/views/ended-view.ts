import { html, nothing, type TemplateResult } from 'lit';
import type { Ended } from '../../call/call-state.ts';
import { check, warning } from '../icons.ts';
import type { Strings } from '../strings/strings.ts';
import { bookingView } from './booking-view.ts';
import type { View } from './view.ts';

/** After the call: how it ended, what was booked, what happens next. */
export function endedView(view: View): TemplateResult {
  const { state, strings, actions } = view;
  const { ended, bookings, config } = state;
  if (ended === null) return html``;
  const broken = ended.reason === 'connection-lost' || ended.reason === 'interrupted';
  const next = ended.next.length > 0 ? ended.next : [strings.ended.nothingNext(config?.businessName ?? '')];
  return html`<div class="screen ended">
    <span class=${broken ? 'badge alarm' : 'badge good'}>${broken ? warning : check}</span>
    <h2 tabindex="-1" data-focus>
      ${broken || bookings.length === 0 ? titleOf(ended, strings) : strings.ended.booked}
    </h2>
    ${broken ? html`<p>${strings.ended.lostText}</p>` : nothing}
    ${bookings.map((booking) => bookingView(booking, view))}
    <h3>${strings.ended.next}</h3>
    <ul class="next">
      ${next.map((sentence) => html`<li>${sentence}</li>`)}
    </ul>
    <div class="actions row">
      <button class="secondary" part="secondary" type="button" @click=${() => actions.start(state.mode)}>
        ${strings.ended.again}
      </button>
      <button class="primary" part="primary" type="button" @click=${() => actions.dismiss()}>${strings.close}</button>
    </div>
  </div>`;
}

function titleOf({ reason }: Ended, { ended }: Strings): string {
  switch (reason) {
    case 'agent-goodbye':
    case 'caller-hang-up':
    case 'transferred':
    // Of calls that we place: no page sees one.
    case 'not-answered':
      return ended.goodbye;
    case 'caller-silent':
      return ended.silent;
    case 'connection-lost':
      return ended.lost;
    case 'interrupted':
    case 'shut-down':
      return ended.interrupted;
    case 'time-limit':
      return ended.timeLimit;
    default:
      return reason satisfies never;
  }
}
