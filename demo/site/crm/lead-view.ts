import { html, nothing, type TemplateResult } from 'lit';
import type { AppointmentMessage, CrmMessage } from '../../../contract/crm-message.ts';
import type { Inbox, InboxEntry } from '../../server/inbox-entry.ts';
import { dateTime, offset, sentence } from './words.ts';

type Data = CrmMessage['data'];

/** Everything one call left in the CRM, or an appointment without one. */
export function leadView({ latest, deliveries }: Inbox['leads'][number]): TemplateResult {
  const { message } = latest;
  return message.type === 'appointment.changed'
    ? staffView(message.data, verified(latest, deliveries))
    : callView(message.data, verified(latest, deliveries));
}

function staffView({ appointment: booked }: AppointmentMessage['data'], proof: TemplateResult): TemplateResult {
  return html`<article aria-label="Lead">
    <div class="head">
      <div>
        <h2>${booked.attendee.name}</h2>
        <p class="contact">${contact(booked.attendee)}</p>
      </div>
    </div>
    ${proof} ${appointment(booked)}
    <p class="soft">Booked by staff, without a call.</p>
  </article>`;
}

function verified({ message, webhookId, receivedAtMs }: InboxEntry, deliveries: number): TemplateResult {
  return html`<p class="verified">
    <svg viewBox="0 0 16 16" aria-hidden="true"><path d="m3.5 8.5 3 3 6-7" /></svg>
    Signature verified · ${message.type} · received ${dateTime(receivedAtMs)} · ${deliveries}
    ${deliveries === 1 ? 'delivery' : 'deliveries'} · <code>${webhookId}</code>
  </p>`;
}

function callView({ lead, call, appointments }: Data, proof: TemplateResult): TemplateResult {
  return html`<article aria-label="Lead">
    <div class="head">
      <div>
        <h2>${lead.name ?? 'No name given'}</h2>
        <p class="contact">${contact(lead)}</p>
        <ul class="tags">
          <li class="stage">${sentence(lead.stage)}</li>
          ${lead.tags.map((tag) => html`<li>${tag}</li>`)}
        </ul>
      </div>
      <p class="big-score"><b>${lead.score}</b><span>of 100</span></p>
    </div>

    ${proof} ${appointments.map(appointment)}
    <div class="columns">
      <section>
        <h3>Answers</h3>
        ${answers(lead)}
      </section>
      <section>
        <h3>Why this score</h3>
        <ul class="reasons">
          ${lead.scoreReasons.map(
            ({ points, reason }) => html`<li><b>${points > 0 ? `+${points}` : points}</b> ${reason}</li>`,
          )}
        </ul>
        ${lead.scoreReasons.length === 0 ? html`<p class="soft">Nothing has counted yet.</p>` : nothing} ${extras(lead)}
      </section>
    </div>

    <h3>Conversation</h3>
    <p class="soft">
      ${dateTime(call.startMs)}${call.endMs === null ? ', still going on' : ` · ${offset(call.endMs - call.startMs)} long`}
      ${call.outcome === null ? nothing : ` · ${sentence(call.outcome)}`}
      ${call.endReason === null ? nothing : ` · ${sentence(call.endReason)}`}
    </p>
    <ol class="transcript">
      ${call.transcript.map(
        ({ who, atMs, text }) =>
          html`<li class=${who}>
            <time>${offset(atMs - call.startMs)}</time>
            <span><b>${who === 'agent' ? 'Agent' : 'Caller'}</b> ${text}</span>
          </li>`,
      )}
    </ol>
  </article>`;
}

function contact({ phone, email }: Pick<Data['lead'], 'phone' | 'email'>): TemplateResult {
  if (phone === undefined && email === undefined) return html`<span class="soft">No phone or e-mail given</span>`;
  return html`${phone === undefined ? nothing : html`<a href=${`tel:${phone}`}>${phone}</a>`}
  ${email === undefined ? nothing : html`<a href=${`mailto:${email}`}>${email}</a>`}`;
}

function appointment({ serviceName, startMs, timeZone, status, icsUrl }: Data['appointments'][number]): TemplateResult {
  return html`<p class="appointment">
    <b>${sentence(serviceName)}</b> ${dateTime(startMs, timeZone)} (${timeZone})
    ${status === 'cancelled' ? html`<em>Cancelled</em>` : nothing}
    ${/^https?:/.test(icsUrl) ? html`<a href=${icsUrl}>Calendar file</a>` : nothing}
  </p>`;
}

function answers({ answers }: Data['lead']): TemplateResult {
  const entries = Object.entries(answers);
  if (entries.length === 0) return html`<p class="soft">The caller answered none of the questions.</p>`;
  return html`<dl>
    ${entries.map(
      ([question, { display, confirmed, confidence }]) =>
        html`<div>
          <dt>${sentence(question)}</dt>
          <dd>
            ${display} <span class="soft">${confirmed ? 'confirmed' : `${Math.round(confidence * 100)} % sure`}</span>
          </dd>
        </div>`,
    )}
  </dl>`;
}

function extras({ objections, callBack, askedAbout }: Data['lead']): TemplateResult {
  return html`<ul class="reasons">
    ${callBack === undefined ? nothing : html`<li>Call back promised: ${callBack.reason}</li>`}
    ${objections.map(({ id, outcome }) => html`<li>Objection “${sentence(id)}”: ${outcome}</li>`)}
    ${askedAbout.length === 0 ? nothing : html`<li>Asked about ${askedAbout.map(sentence).join(', ')}</li>`}
  </ul>`;
}
