import type { CallEvent, CallFact } from '../../../contract/call-event.ts';
import type { DecisionRecord } from '../../../contract/decision.ts';
import type { Lead } from '../../../contract/lead.ts';

const turns = 8;
const tellsLead = new Set([2, 4, 6]);

/** The events of a call of eight turns, in batches as a media node sends them: one a turn. */
export function sampleCall(playbook: string, phone: string, startMs: number): CallEvent[][] {
  const batches: CallFact[][] = [
    [
      {
        type: 'call-start',
        door: 'phone',
        mode: 'voice',
        playbook,
        node: 'bench',
        locale: 'en-US',
        callerNumber: phone,
      },
      { type: 'media-connected' },
    ],
    ...Array.from({ length: turns }, (_, turn) => turnFacts(turn + 1, playbook, phone, startMs)),
    [{ type: 'call-end', reason: 'agent-goodbye', outcome: 'qualified' }],
  ];
  let seq = 0;
  return batches.map((facts) => facts.map((fact) => ({ seq, atMs: startMs + seq++ * 500, fact })));
}

function turnFacts(turn: number, playbook: string, phone: string, startMs: number): CallFact[] {
  const atMs = startMs + turn * 4_000;
  const text = 'The hail last week broke some shingles and now there is a leak in the kitchen.';
  const answer = 'I am sorry to hear that. We can look at it for free. How large is your roof, roughly?';
  return [
    {
      type: 'caller-turn',
      turn,
      text,
      confidence: 0.9,
      alternatives: [],
      typed: false,
      startMs: atMs,
      endMs: atMs + 3_000,
    },
    { type: 'decision', record: decision(turn, playbook, atMs, text) },
    {
      type: 'agent-turn',
      turn,
      act: 'ask',
      text: answer,
      heardText: answer,
      interrupted: false,
      startMs: atMs + 3_300,
      endMs: atMs + 8_000,
    },
    {
      type: 'turn-latency',
      turn,
      stagesMs: { endpointing: 200, recognition: 3, decision: 1, synthesis: 0, packet: 2 },
      totalMs: 206,
    },
    ...(tellsLead.has(turn) ? [{ type: 'lead' as const, lead: lead(turn, phone) }] : []),
  ];
}

function decision(turn: number, playbook: string, atMs: number, text: string): DecisionRecord {
  return {
    turn,
    atMs,
    playbook,
    trigger: 'caller-said',
    heard: { text, confidence: 0.9, alternatives: [], typed: false },
    understood: { intents: [{ id: 'storm-damage', confidence: 0.93 }], slots: [], sentiment: 'negative' },
    candidates: [
      { act: 'ask', score: 0.8, why: 'the next question of the playbook is open' },
      { act: 'answer', score: 0.4, why: 'nothing was asked' },
    ],
    chosen: { act: 'ask', rule: 'qualify', reason: 'The next question is open.' },
    cites: [],
  };
}

function lead(turn: number, phone: string): Lead {
  return {
    ...(turn > 3 ? { name: 'Ann Miller', phone } : {}),
    answers: { need: { value: 'repair', display: 'repair', confidence: 0.9, confirmed: true } },
    score: turn * 10,
    scoreReasons: [{ points: turn * 10, reason: 'has storm damage' }],
    stage: turn > 4 ? 'qualified' : 'qualifying',
    objections: [],
    askedAbout: [],
    tags: ['storm-damage'],
  };
}
