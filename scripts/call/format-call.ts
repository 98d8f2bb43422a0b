import { DateTime } from 'luxon';
import type { EngineUsage } from '../../contract/call-event.ts';
import type { CallNote } from '../../contract/call-note.ts';
import type { CallRecord } from '../../contract/call-record.ts';
import type { Lead } from '../../contract/lead.ts';
import { conversationLines } from './conversation-lines.ts';
import { formatDuration, type Layout, printable, spell, type Tone, wrap } from './layout.ts';

/** A call as a person would want to read it. Ends with a line break. */
export function formatCall(record: CallRecord, layout: Layout): string {
  const sections = [
    headerLines(record, layout),
    titled('In short', record.note ? noteLines(record.note, record, layout) : [], layout),
    titled('Conversation', conversationLines(record, layout), layout),
    titled('Latency', latencyLines(record), layout),
    titled('Paid engines', usageLines(record), layout),
    titled('Lead', record.lead ? leadLines(record.lead) : [], layout),
    titled('Appointments', appointmentLines(record), layout),
    titled('CRM', deliveryLines(record, layout), layout),
  ];
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}

function headerLines(record: CallRecord, { paint, timeZone }: Layout): string[] {
  const { summary, consent, business, recording } = record;
  const purpose = record.events.flatMap(({ fact }) => (fact.type === 'call-start' ? [fact.purpose] : []))[0];
  const zone = zoneOf(record, timeZone);
  const start = DateTime.fromMillis(summary.startMs, { zone });
  const outcome = summary.outcome
    ? paint(outcomeTone(summary.outcome), spell(summary.outcome))
    : paint('yellow', 'going on');
  const length = summary.endMs === null ? 'not ended' : formatDuration(summary.endMs - summary.startMs);
  const ended = summary.endReason ? ` · ended: ${spell(summary.endReason)}` : '';
  return [
    `${paint('bold', `Call ${summary.callId}`)}  ${outcome}`,
    `  When       ${start.toFormat('cccc d LLLL yyyy, HH:mm:ss', { locale: 'en' })} (${zone}) · ${length}${ended}`,
    `  Door       ${summary.door}, ${summary.mode} · ${business}`,
    ...(purpose === undefined ? [] : [`  Purpose    ${spell(purpose)}`]),
    `  Playbook   ${summary.playbook.slice(0, 12)}`,
    consent
      ? `  Consent    version ${printable(consent.version)}, ${DateTime.fromMillis(consent.acceptedAtMs, { zone }).toFormat('HH:mm:ss')}, on ${printable(consent.origin)}`
      : `  Consent    ${paint('red', 'none recorded')}`,
    ...(recording === undefined ? [] : [`  Recording  ${recordingLine(recording)}`]),
  ];
}

/** The business's own zone is known from its appointments. */
const zoneOf = ({ appointments }: CallRecord, otherwise: string): string => appointments[0]?.timeZone ?? otherwise;

function noteLines({ summary, nextSteps }: CallNote, record: CallRecord, { width, timeZone }: Layout): string[] {
  const zone = zoneOf(record, timeZone);
  const steps = nextSteps.map(({ what, dueMs, owner }) => {
    const due =
      dueMs === null
        ? ''
        : `, ${DateTime.fromMillis(dueMs, { zone }).toFormat('d LLLL yyyy, HH:mm', { locale: 'en' })}`;
    return `  next: ${printable(what)}${due}${owner === null ? '' : `, ${printable(owner)}`}`;
  });
  return [...wrap(printable(summary), width - 2).map((line) => `  ${line}`), ...steps];
}

function recordingLine({ durationMs, bytes, complete }: NonNullable<CallRecord['recording']>): string {
  const whole = complete ? '' : ' · its end is not there (yet)';
  return `${formatDuration(durationMs)}, ${Math.ceil(bytes / 1_000)} kB${whole} · save it with --recording FILE`;
}

const goodOutcomes = new Set([
  'appointment-booked',
  'appointment-moved',
  'appointment-confirmed',
  'transferred',
  'call-back-promised',
  'qualified',
]);

function outcomeTone(outcome: string): Tone {
  if (goodOutcomes.has(outcome)) return 'green';
  return outcome === 'incomplete' || outcome === 'no-speech' ? 'red' : 'yellow';
}

function latencyLines(record: CallRecord): string[] {
  const totalsMs = record.events
    .flatMap(({ fact }) => (fact.type === 'turn-latency' ? [fact.totalMs] : []))
    .sort((a, b) => a - b);
  if (totalsMs.length === 0) return [];
  return [
    `  ${totalsMs.length} ${totalsMs.length === 1 ? 'reply' : 'replies'}: median ${Math.round(quantile(totalsMs, 0.5))} ms, p95 ${Math.round(quantile(totalsMs, 0.95))} ms`,
  ];
}

/** What providers were asked for, by task and model; several facts add up. */
function usageLines({ events }: CallRecord): string[] {
  const used = events.flatMap(({ fact }) => (fact.type === 'usage' ? fact.used : []));
  const groups = Map.groupBy(used, ({ task, engine, model }) => `${task}: ${engine} ${model}`);
  return [...groups].map(([title, entries]) => {
    const sum = (amountOf: (entry: EngineUsage) => number | undefined): number =>
      entries.reduce((total, entry) => total + (amountOf(entry) ?? 0), 0);
    const amounts = [
      [sum(({ requests }) => requests), 'requests'],
      [Math.round(sum(({ audioMs }) => audioMs) / 100) / 10, 's of sound'],
      [sum(({ characters }) => characters), 'characters'],
      [sum(({ inputTokens }) => inputTokens), 'tokens in'],
      [sum(({ outputTokens }) => outputTokens), 'tokens out'],
    ] as const;
    const costUsd = sum((entry) => entry.costUsd);
    const told = [
      ...amounts.filter(([amount]) => amount > 0).map(([amount, unit]) => `${amount} ${unit}`),
      ...(costUsd > 0 ? [`$${costUsd.toFixed(4)}`] : []),
    ];
    return `  ${printable(title)} · ${told.join(' · ')}`;
  });
}

/** Nearest rank, on sorted values. */
function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0;
}

function leadLines(lead: Lead): string[] {
  const contact = [lead.name, lead.phone, lead.email].flatMap((value) => (value ? [printable(value)] : []));
  return [
    `  ${contact.join(' · ') || 'no contact details'}`,
    `  ${spell(lead.stage)}, score ${lead.score} of 100`,
    ...lead.scoreReasons.map(({ points, reason }) => `    ${formatPoints(points).padStart(4)}  ${printable(reason)}`),
    ...Object.entries(lead.answers).map(
      ([question, answer]) =>
        `  ${spell(question)}: ${printable(answer.display)}${answer.confirmed ? ' (confirmed)' : ''}`,
    ),
    ...lead.objections.map(({ id, outcome }) => `  objection ${spell(id)}: ${outcome}`),
    ...(lead.askedAbout.length > 0 ? [`  asked about: ${lead.askedAbout.map(spell).join(', ')}`] : []),
    ...(lead.disqualifiedBy ? [`  cannot be served: ${printable(lead.disqualifiedBy)}`] : []),
    ...(lead.owner ? [`  taken care of by ${printable(lead.owner.name)}`] : []),
    ...(lead.callBack ? [`  call back: ${printable(callBackText(lead.callBack))}`] : []),
    ...(lead.tags.length > 0 ? [`  tags: ${lead.tags.join(', ')}`] : []),
  ];
}

function callBackText({ reason, promisedFor, owner }: NonNullable<Lead['callBack']>): string {
  return [reason, promisedFor, owner?.name].filter((part) => part !== undefined).join(', ');
}

function formatPoints(points: number): string {
  return points > 0 ? `+${points}` : String(points);
}

function appointmentLines({ appointments }: CallRecord): string[] {
  return appointments.flatMap((appointment) => {
    const start = DateTime.fromMillis(appointment.startMs, { zone: appointment.timeZone });
    const end = DateTime.fromMillis(appointment.endMs, { zone: appointment.timeZone });
    const cancelled = appointment.status === 'cancelled' ? ' (cancelled)' : '';
    return [
      `  ${start.toFormat('cccc d LLLL yyyy, HH:mm', { locale: 'en' })}-${end.toFormat('HH:mm')} ${start.toFormat('ZZZZ', { locale: 'en-US' })} (${appointment.timeZone})${cancelled}`,
      `  ${printable(appointment.serviceName)} for ${printable(appointment.attendee.name)} · ${appointment.icsUrl}`,
    ];
  });
}

function deliveryLines({ deliveries }: CallRecord, { paint }: Layout): string[] {
  const tones = { delivered: 'green', queued: 'yellow', retrying: 'yellow', dead: 'red' } as const;
  return deliveries.map((delivery) => {
    const tries = `${delivery.attempts} ${delivery.attempts === 1 ? 'attempt' : 'attempts'}`;
    const took =
      delivery.deliveredAtMs === null
        ? ''
        : `, ${((delivery.deliveredAtMs - delivery.createdAtMs) / 1_000).toFixed(1)} s after it was due`;
    const last = delivery.status === 'delivered' ? '' : lastAnswer(delivery.lastStatus, delivery.lastError);
    return `  ${delivery.type.padEnd(16)}${paint(tones[delivery.status], delivery.status.padEnd(10))}${tries}${took}${last}`;
  });
}

function lastAnswer(status: number | null, error: string | null): string {
  const parts = [...(status === null ? [] : [`status ${status}`]), ...(error ? [printable(error)] : [])];
  return parts.length > 0 ? `, last answer: ${parts.join(', ')}` : '';
}

function titled(title: string, lines: readonly string[], { paint }: Layout): string[] {
  return lines.length === 0 ? [] : [paint('bold', title), ...lines];
}
