import type { CallNote, NextStep } from '../../contract/call-note.ts';
import type { CrmMessage } from '../../contract/crm-message.ts';

/** What a note is made of. */
export type Noted = Pick<CrmMessage['data'], 'lead' | 'appointments' | 'call'>;

/** The call in short. The same call always gives the same note. */
export function callNote(noted: Noted): CallNote {
  const { stage, score, scoreReasons, answers, disqualifiedBy, objections, askedAbout, tags } = noted.lead;
  return {
    summary: summaryOf(noted),
    qualification: {
      stage,
      score,
      reasons: scoreReasons,
      answers: Object.fromEntries(Object.entries(answers).map(([id, { display }]) => [id, display])),
      disqualifiedBy: disqualifiedBy ?? null,
    },
    objections,
    askedAbout,
    tags,
    nextSteps: nextStepsOf(noted),
  };
}

/** What was agreed to happen next, the soonest first. */
export function nextStepsOf({
  lead: { owner, callBack },
  appointments,
}: Pick<Noted, 'lead' | 'appointments'>): NextStep[] {
  const visits = appointments
    .filter(({ status }) => status === 'booked')
    .sort((a, b) => a.startMs - b.startMs)
    .map(({ serviceName, startMs }) => ({ what: serviceName, dueMs: startMs, owner: owner?.name ?? null }));
  const call = callBack && {
    what: `Call back: ${callBack.reason}`,
    dueMs: callBack.promisedForMs ?? null,
    owner: (callBack.owner ?? owner)?.name ?? null,
  };
  return [...visits, ...(call ? [call] : [])];
}

/** "Ann Miller called by phone. Need: new roof. Asked about warranty. Booked: Free roof inspection, 2035-03-12 09:00 …" */
export function summaryOf(noted: Noted): string {
  const { lead } = noted;
  const answers = Object.entries(lead.answers).map(([id, { display }]) => `${capitalise(spell(id))}: ${display}`);
  const objections = lead.objections.map(({ id, outcome }) => `${spell(id)} (${outcome})`);
  return [
    whoAndHow(noted),
    answers.join('; '),
    lead.askedAbout.length === 0 ? '' : `Asked about ${inWords(lead.askedAbout.map(spell))}`,
    objections.length === 0 ? '' : `Objected: ${objections.join(', ')}`,
    result(noted),
  ]
    .filter((sentence) => sentence !== '')
    .map((sentence) => (/[.!?]$/.test(sentence) ? sentence : `${sentence}.`))
    .join(' ');
}

/** `2035-03-12 09:00 America/Denver`. */
export function timeText(ms: number, timeZone: string): string {
  const text = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'short' }).format(ms);
  return `${text} ${timeZone}`;
}

function whoAndHow({ lead, call: { door, direction } }: Noted): string {
  if (direction === 'outbound') return `${lead.name ?? 'Somebody'} was called`;
  const how = door === 'phone' ? ' by phone' : door === 'browser' ? ' from the website' : '';
  return `${lead.name ?? 'A caller'} called${how}`;
}

function result({ lead, appointments, call: { outcome, endReason } }: Noted): string {
  switch (outcome) {
    case 'appointment-booked':
    case 'appointment-moved':
    case 'appointment-confirmed': {
      const titles = {
        'appointment-booked': 'Booked',
        'appointment-moved': 'Moved',
        'appointment-confirmed': 'Confirmed',
      };
      const booked = appointments.filter(({ status }) => status === 'booked');
      const times = booked.map((each) => `${each.serviceName}, ${timeText(each.startMs, each.timeZone)}`);
      return times.length === 0 ? `${titles[outcome]} an appointment` : `${titles[outcome]}: ${times.join('; ')}`;
    }
    case 'appointment-cancelled':
      return 'Cancelled an appointment';
    case 'transferred':
      return 'Was put through to a person';
    case 'call-back-promised': {
      const { reason, promisedFor, owner } = lead.callBack ?? {};
      const by = owner === undefined ? '' : ` by ${owner.name}`;
      const when = promisedFor === undefined ? '' : `, ${promisedFor}`;
      return `Was promised a call back${by}${when}${reason === undefined ? '' : `: ${reason}`}`;
    }
    case 'qualified':
      return 'Is qualified; nothing is booked yet';
    case 'not-qualified':
      return lead.disqualifiedBy === undefined ? 'Does not qualify' : `Cannot be served: ${lead.disqualifiedBy}`;
    case 'information-given':
      return 'Got the information they wanted';
    case 'not-interested':
      return 'Is not interested';
    case 'do-not-call':
      return 'Does not want to be called again';
    case 'wrong-person':
      return 'Was not the person we look for';
    case 'not-reached':
      return 'Nobody was reached';
    case 'no-speech':
      return 'Nothing was said';
    case 'incomplete':
      return endReason === 'caller-hang-up'
        ? 'Hung up before anything was agreed'
        : 'The call ended before anything was agreed';
    case null:
      return '';
    default:
      return outcome satisfies never;
  }
}

function inWords(items: readonly string[]): string {
  return items.length < 2 ? items.join('') : `${items.slice(0, -1).join(', ')} and ${items.at(-1) ?? ''}`;
}

const spell = (slug: string): string => slug.replaceAll('-', ' ');
const capitalise = (text: string): string => text.slice(0, 1).toUpperCase() + text.slice(1);
