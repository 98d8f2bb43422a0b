import type { CrmMessage } from '../../contract/crm-message.ts';
import { nextStepsOf, summaryOf, timeText } from '../business/call-note.ts';

export interface CallNote {
  readonly message: CrmMessage;
  readonly transcriptUrl: string | null;
}

/** The call in a few lines, for whoever opens the contact. */
export const noteText = (note: CallNote): string => textOf(linesOf(note));

/** The same for CRMs that take HTML. */
export const noteHtml = (note: CallNote): string => htmlOf(linesOf(note));

/** A line of a note; without a text it is left out. */
export type NoteLine = readonly [title: string, text: string | null | undefined];

export const textOf = (lines: readonly NoteLine[]): string =>
  lines.flatMap(([title, text]) => (text ? [`${title}: ${text}`] : [])).join('\n');

/** What people said is text in it, never markup. */
export const htmlOf = (lines: readonly NoteLine[]): string =>
  lines.flatMap(([title, text]) => (text ? [`<p><b>${escapeHtml(title)}:</b> ${escapeHtml(text)}</p>`] : [])).join('');

/** `48 s`, `3 min 05 s`. */
export function durationText(durationMs: number): string {
  const seconds = Math.round(durationMs / 1_000);
  if (seconds < 60) return `${seconds} s`;
  return `${Math.floor(seconds / 60)} min ${String(seconds % 60).padStart(2, '0')} s`;
}

function linesOf({ message, transcriptUrl }: CallNote): NoteLine[] {
  const { lead, call, appointments } = message.data;
  const [step] = nextStepsOf(message.data);
  const timeZone = appointments.find(({ status }) => status === 'booked')?.timeZone ?? 'UTC';
  const ended = call.endMs === null ? null : `${spell(call.outcome)}, after ${durationText(call.endMs - call.startMs)}`;
  return [
    ['Summary', call.endMs === null ? null : summaryOf(message.data)],
    ['Outcome', ended],
    [
      'Next step',
      step === undefined
        ? null
        : [step.what, step.dueMs === null ? '' : timeText(step.dueMs, timeZone)].filter(Boolean).join(', '),
    ],
    ['Owner', (lead.callBack?.owner ?? lead.owner)?.name],
    ['Stage', `${spell(lead.stage)}, score ${lead.score} of 100`],
    ['Score', lead.scoreReasons.map(({ points, reason }) => `${points < 0 ? '' : '+'}${points} ${reason}`).join('; ')],
    ['Cannot be served', lead.disqualifiedBy],
    ...Object.entries(lead.answers).map(([id, { display }]): [string, string] => [capitalise(spell(id)), display]),
    ['Objections', lead.objections.map(({ id, outcome }) => `${spell(id)} (${outcome})`).join(', ')],
    ['Asked about', lead.askedAbout.map(spell).join(', ')],
    ['Tags', lead.tags.map(spell).join(', ')],
    ['Transcript', transcriptUrl],
  ];
}

const spell = (slug: string | null): string => (slug ?? 'unknown').replaceAll('-', ' ');
const capitalise = (text: string): string => text.slice(0, 1).toUpperCase() + text.slice(1);

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escapeHtml = (text: string): string => text.replaceAll(/[&<>"]/g, (character) => entities[character] ?? '');
