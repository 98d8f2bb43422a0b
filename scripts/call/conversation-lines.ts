import type { CallFact } from '../../contract/call-event.ts';
import type { CallRecord } from '../../contract/call-record.ts';
import type { DecisionRecord } from '../../contract/decision.ts';
import { formatOffset, type Layout, printable, spell, wrap } from './layout.ts';

type Fact<T extends CallFact['type']> = Extract<CallFact, { type: T }>;

/** Time and speaker stand left of what was said. */
const indent = 18;
/** Below this a caller's words are marked as doubtful. */
const doubtfulBelow = 0.6;

/** The conversation in the order it was heard, with the reason and the latency under each reply. */
export function conversationLines(record: CallRecord, layout: Layout): string[] {
  const facts = record.events.map((event) => event.fact);
  const decisions = groupByTurn(facts.filter((fact) => fact.type === 'decision').map((fact) => fact.record));
  const latencies = groupByTurn(facts.filter((fact) => fact.type === 'turn-latency'));
  const spokenTurns = new Set(facts.filter((fact) => fact.type === 'agent-turn').map((fact) => fact.turn));
  const startMs = record.summary.startMs;

  const parts: { atMs: number; lines: string[] }[] = [];
  const explained = new Set<number>();
  for (const { fact, atMs } of record.events) {
    switch (fact.type) {
      case 'caller-turn':
        parts.push({ atMs: fact.startMs, lines: callerLines(fact, startMs, layout) });
        break;
      case 'agent-turn': {
        // One turn may be several stretches of speech; it was decided once.
        const first = !explained.has(fact.turn);
        explained.add(fact.turn);
        const why = first ? (decisions.get(fact.turn) ?? []).flatMap((decision) => reasonLines(decision, layout)) : [];
        const times = first ? (latencies.get(fact.turn) ?? []).flatMap((latency) => latencyLines(latency, layout)) : [];
        parts.push({ atMs: fact.startMs, lines: [...agentLines(fact, startMs, layout), ...why, ...times] });
        break;
      }
      case 'decision':
        if (!spokenTurns.has(fact.record.turn)) parts.push({ atMs, lines: reasonLines(fact.record, layout) });
        break;
      default: {
        const note = noteOf(fact);
        if (note) parts.push({ atMs, lines: [noteLine(atMs - startMs, note, layout)] });
      }
    }
  }
  return parts.sort((a, b) => a.atMs - b.atMs).flatMap((part) => part.lines);
}

function callerLines(fact: Fact<'caller-turn'>, startMs: number, layout: Layout): string[] {
  const mark = fact.typed
    ? ' (typed)'
    : fact.confidence < doubtfulBelow
      ? ` (unsure: ${Math.round(fact.confidence * 100)} %)`
      : '';
  return speech(fact.startMs - startMs, 'Caller', 'cyan', printable(fact.text) + mark, layout);
}

function agentLines(fact: Fact<'agent-turn'>, startMs: number, layout: Layout): string[] {
  if (!fact.interrupted) return speech(fact.startMs - startMs, 'Agent', 'bold', printable(fact.text), layout);
  const heard = printable(fact.heardText);
  return speech(
    fact.startMs - startMs,
    'Agent',
    'bold',
    heard ? `${heard} — interrupted` : '— interrupted before a word',
    layout,
  );
}

function speech(offsetMs: number, who: string, tone: 'bold' | 'cyan', text: string, layout: Layout): string[] {
  const [first = '', ...rest] = wrap(text, layout.width - indent);
  const head = `${formatOffset(offsetMs).padStart(8)}  ${layout.paint(tone, who.padEnd(indent - 10))}`;
  return [`${head}${first}`, ...rest.map((line) => ' '.repeat(indent) + line)];
}

function reasonLines({ chosen, understood, cites, model }: DecisionRecord, layout: Layout): string[] {
  const best = understood.intents[0];
  const parts = [
    `${spell(chosen.act)}: ${printable(chosen.reason)}`,
    `rule ${chosen.rule}`,
    ...(best ? [`intent ${best.id} ${Math.round(best.confidence * 100)} %`] : []),
    ...(model ? [modelPart(model)] : []),
    ...(cites.length > 0 ? [`facts ${cites.join(', ')}`] : []),
  ];
  return aside(parts.join(' · '), layout);
}

function modelPart({ id, prompt, afterMs, verdict }: NonNullable<DecisionRecord['model']>): string {
  const asked = `model ${printable(id)}, prompt ${prompt}, after ${Math.round(afterMs)} ms`;
  if (!verdict) return asked;
  return `${asked}, guard ${verdict.ok ? 'passed' : `refused (${verdict.reasons.join(', ')})`}: "${printable(verdict.text)}"`;
}

function latencyLines({ totalMs, stagesMs, playoutMs }: Fact<'turn-latency'>, layout: Layout): string[] {
  const stages = { ...stagesMs, ...(playoutMs === undefined ? {} : { playout: playoutMs }) };
  const each = Object.entries(stages).map(([stage, ms]) => `${stage} ${Math.round(ms)}`);
  return aside(`${Math.round(totalMs)} ms: ${each.join(' + ')}`, layout);
}

/** Under what was said, further in, and less loud. */
function aside(text: string, { paint, width }: Layout): string[] {
  return wrap(text, width - indent - 2).map((line) => ' '.repeat(indent + 2) + paint('dim', line));
}

function noteLine(offsetMs: number, note: string, layout: Layout): string {
  return `${formatOffset(offsetMs).padStart(8)}  ${layout.paint('yellow', `* ${note}`)}`;
}

function noteOf(fact: Exclude<CallFact, { type: 'caller-turn' | 'agent-turn' | 'decision' }>): string | undefined {
  switch (fact.type) {
    case 'ringing':
      return 'it rings';
    case 'answered-by':
      return `answered by a ${fact.who === 'screening' ? 'call screening' : fact.who} (${printable(fact.why)})`;
    case 'disposition':
      return `${spell(fact.disposition)}${fact.status === undefined ? '' : ` (${fact.status})`}`;
    case 'media-connected':
      return 'audio connected';
    case 'media-restarted':
      return `audio restarted: ${printable(fact.cause)}`;
    case 'recording-start':
      return 'recorded from here on';
    case 'redacted':
      return `not kept: ${fact.kinds.map(spell).join(', ')}`;
    case 'degraded':
      return `${printable(fact.component)} degraded: ${printable(fact.cause)}`;
    case 'appointment-booked':
      return 'appointment booked';
    case 'appointment-moved':
      return 'appointment moved';
    case 'appointment-cancelled':
      return 'appointment cancelled';
    case 'appointment-confirmed':
      return 'appointment confirmed by the customer';
    case 'transfer':
      return `transfer to ${printable(fact.to.name)}: ${spell(fact.answer)} (${printable(fact.reason)})`;
    case 'handover-start':
      return `calling ${printable(fact.to.name)} (${fact.way})`;
    case 'handover-ringing':
      return `${fact.person}: ringing`;
    case 'handover-answered':
      return `${fact.person} picked up, and hears what it is about`;
    case 'handover-joined':
      return `caller and ${fact.person} talk, after ${Math.round(fact.waitedMs / 1_000)} s; nothing of it is written down`;
    case 'handover-end':
      return handoverNote(fact);
    case 'call-back-promised':
      return `call-back promised${fact.owner === undefined ? '' : ` by ${printable(fact.owner.name)}`}: ${printable(fact.reason)}`;
    case 'line-quality':
      return lineNote(fact);
    case 'call-end':
      return `call ended: ${spell(fact.reason)}`;
    case 'call-start':
    case 'lead':
    case 'turn-latency':
    case 'usage':
      return undefined;
    default:
      return fact satisfies never;
  }
}

function groupByTurn<T extends { turn: number }>(items: readonly T[]): Map<number, T[]> {
  return Map.groupBy(items, (item) => item.turn);
}

function handoverNote({ person, result, talkedMs, leftBy }: Extract<CallFact, { type: 'handover-end' }>): string {
  const talked = talkedMs === undefined ? '' : `, ${Math.round(talkedMs / 1_000)} s`;
  return `${person}: ${spell(result)}${talked}${leftBy === undefined ? '' : `, ${leftBy} left`}`;
}

/** A caller who listens is silent for so long without their line being dead. */
const deadAirMs = 10_000;

/** As "line: PCMU, 0.4 % lost, jitter 6 ms, round trip 41 ms". */
function lineNote(fact: Extract<CallFact, { type: 'line-quality' }>): string {
  const { packetsReceived, packetsLost, jitterMs, roundTripMs, soundlessMs = 0, codec, encrypted } = fact;
  const lostPct = (100 * packetsLost) / Math.max(1, packetsReceived + packetsLost);
  const roundTrip = roundTripMs === undefined ? '' : `, round trip ${Math.round(roundTripMs)} ms`;
  const voice = codec === undefined ? '' : `${codec}${encrypted ? ' encrypted' : ''}, `;
  const dead = soundlessMs < deadAirMs ? '' : `, no sound at all for ${Math.round(soundlessMs / 1_000)} s`;
  return `line: ${voice}${lostPct.toFixed(1)} % lost, jitter ${Math.round(jitterMs)} ms${roundTrip}${dead}`;
}
