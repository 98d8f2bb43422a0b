import type { CrmMessage } from '../../contract/crm-message.ts';
import { nextStepsOf, summaryOf, timeText } from '../business/call-note.ts';

export interface CallNote {
  readonly message: CrmMessage;
  readonly transcriptUrl: string | null;
}

/** The call in a few lines, for whoever opens the contact. */
export function noteText(note: CallNote): string {
  return linesOf(note)
    .map(([title, text]) => `${title}: ${text}`)
    .join('\n');
}

/** The same for CRMs that take HTML. What callers said is text in it, never markup. */
export function noteHtml(note: CallNote): string {
  return linesOf(note)
    .map(([title, text]) => `<p><b>${escapeHtml(title)}:</b> ${escapeHtml(text)}</p>`)
    .join('');
}

/** `48 s`, `3 min 05 s`. */
export function durationText(durationMs: number): string {
  const seconds = Math.round(durationMs / 1_000);
  if (seconds < 60) return `${seconds} s`;
  return `${Math.floor(seconds / 60)} min ${String(seconds % 60).padStart(2, '0')} s`;
}

function linesOf({ message, transcriptUrl }: CallNote): [title: string, text: string][] {
  const { lead, call, appointments } = message.data;
  const [step] = nextStepsOf(message.data);
  const timeZone = appointments.find(({ status }) => status === 'booked')?.timeZone ?? 'UTC';
  const ended = call.endMs === null ? null : `${spell(call.outcome)}, after ${durationText(call.endMs - call.startMs)}`;
  const lines: [string, string | null | undefined][] = [
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
  return lines.flatMap(([title, text]): [string, string][] => (text ? [[title, text]] : []));
}

const spell = (slug: string | null): string => (slug ?? 'unknown').replaceAll('-', ' ');
const capitalise = (text: string): string => text.slice(0, 1).toUpperCase() + text.slice(1);

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escapeHtml = (text: string): string => text.replaceAll(/[&<>"]/g, (character) => entities[character] ?? '');
