import { html, nothing, type TemplateResult } from 'lit';
import { cardOf, type Inbox, type InboxMessage } from '../../server/inbox-entry.ts';
import { leadView } from './lead-view.ts';
import { dateTime, sentence } from './words.ts';

type InboxLead = Inbox['leads'][number];

/** Leads on the left, the chosen one on the right. */
export function inboxView(inbox: Inbox, selected: string | null, select: (id: string) => void): TemplateResult {
  const chosen = inbox.leads.find(({ latest }) => cardOf(latest.message).id === selected) ?? inbox.leads[0];
  if (chosen === undefined) return empty();
  return html`<nav aria-label="Leads">
      <ul>
        ${inbox.leads.map((lead) => row(lead, lead === chosen, select))}
      </ul>
    </nav>
    ${leadView(chosen)}`;
}

function row({ latest: { message } }: InboxLead, chosen: boolean, select: (id: string) => void): TemplateResult {
  const { id, atMs } = cardOf(message);
  return html`<li>
    <button type="button" aria-current=${chosen ? 'true' : nothing} @click=${() => select(id)}>
      ${summary(message)}
      <time>${dateTime(atMs)}</time>
    </button>
  </li>`;
}

function summary(message: InboxMessage): TemplateResult {
  if (message.type === 'appointment.changed') {
    const { attendee, status } = message.data.appointment;
    return html`<b>${attendee.name}</b> <span class="what">${sentence(status)} by staff</span>`;
  }
  const { lead, call } = message.data;
  return html`<b>${lead.name ?? 'No name given'}</b>
    <span class="score">${lead.score}</span>
    <span class="what">${sentence(call.outcome ?? lead.stage)}</span>`;
}

const empty = (): TemplateResult =>
  html`<section class="empty">
    <svg viewBox="0 0 120 96" aria-hidden="true">
      <path class="tray" d="M14 52 30 18h60l16 34v32a6 6 0 0 1-6 6H20a6 6 0 0 1-6-6V52Z" />
      <path class="tray" d="M14 52h26l6 12h28l6-12h26" />
    </svg>
    <h2>No leads yet</h2>
    <p>
      Open the <a href="./">website</a>, press “Talk to sales” and have a short conversation. The lead appears here as
      soon as the signed webhook arrives.
    </p>
  </section>`;
