import type { CallFact } from '../../contract/call-event.ts';
import type { CallRecord } from '../../contract/call-record.ts';
import type { DecisionRecord } from '../../contract/decision.ts';

const callId = '0193a5c1-6f0e-7a31-9c55-0a1b2c3d4e5f';
const playbook = 'ab'.repeat(32);
/** Monday 23 November 2026, 15:00:00 in Denver. */
const startMs = Date.UTC(2026, 10, 23, 22, 0, 0);

const decision = (turn: number, act: string, reason: string, more: Partial<DecisionRecord> = {}): CallFact => ({
  type: 'decision',
  record: {
    turn,
    atMs: startMs,
    playbook,
    trigger: 'caller-said',
    understood: { intents: [], slots: [], sentiment: 'neutral' },
    candidates: [],
    chosen: { act, rule: `${act}-rule`, reason },
    cites: [],
    ...more,
  },
});

const facts: readonly (readonly [offsetMs: number, fact: CallFact])[] = [
  [0, { type: 'call-start', door: 'browser', mode: 'voice', playbook, node: 'local', locale: 'en-US' }],
  [180, { type: 'media-connected' }],
  [190, decision(0, 'greet', 'The call began.')],
  [
    3_200,
    {
      type: 'agent-turn',
      turn: 0,
      act: 'greet',
      text: 'Hi, this is Riley, an AI assistant. What can I do for your roof?',
      heardText: 'Hi, this is Riley, an AI',
      interrupted: true,
      startMs: startMs + 200,
      endMs: startMs + 3_200,
    },
  ],
  [
    5_100,
    {
      type: 'caller-turn',
      turn: 1,
      text: 'I need a new roof',
      confidence: 0.93,
      alternatives: [],
      typed: false,
      startMs: startMs + 3_000,
      endMs: startMs + 4_900,
    },
  ],
  [
    5_110,
    decision(1, 'ask', 'The need is known, the size is not.', {
      understood: { intents: [{ id: 'replace-roof', confidence: 0.91 }], slots: [], sentiment: 'neutral' },
      cites: ['service-area'],
    }),
  ],
  [
    5_400,
    {
      type: 'turn-latency',
      turn: 1,
      stagesMs: { endpointing: 204.4, recognition: 3, decision: 1, synthesis: 0, packet: 2 },
      playoutMs: 71,
      totalMs: 281.4,
    },
  ],
  [
    8_000,
    {
      type: 'agent-turn',
      turn: 1,
      act: 'ask',
      text: 'About how large is the house?',
      heardText: 'About how large is the house?',
      interrupted: false,
      startMs: startMs + 5_300,
      endMs: startMs + 8_000,
    },
  ],
  [9_000, { type: 'degraded', component: 'calendar', cause: 'no answer in 2,000 ms' }],
  [
    9_500,
    {
      type: 'usage',
      used: [
        { task: 'recognition', engine: 'openai', model: 'gpt-4o-mini-transcribe', requests: 2, audioMs: 3_210 },
        { task: 'synthesis', engine: 'openai', model: 'gpt-4o-mini-tts', requests: 1, characters: 29 },
        {
          task: 'language',
          engine: 'openai',
          model: 'gpt-5.4-mini',
          requests: 2,
          inputTokens: 1_830,
          outputTokens: 75,
          costUsd: 0.001_71,
        },
      ],
    },
  ],
  [9_500, { type: 'call-end', reason: 'caller-hang-up', outcome: 'appointment-booked' }],
];

/** A short call with everything in it that a record can hold, for tests. */
export const sampleRecord: CallRecord = {
  note: {
    summary:
      'Dana Fox called from the website. Need: a new roof. Asked about service area. Objected: price (resolved).',
    qualification: {
      stage: 'booked',
      score: 70,
      reasons: [{ points: 40, reason: 'wants a new roof' }],
      answers: { need: 'a new roof' },
      disqualifiedBy: null,
    },
    objections: [{ id: 'price', attempts: 1, outcome: 'resolved' }],
    askedAbout: ['service-area'],
    tags: ['storm-damage'],
    nextSteps: [{ what: 'a free roof inspection', dueMs: startMs + 2 * 86_400_000, owner: 'Lee' }],
  },
  recording: { durationMs: 121_000, bytes: 512_300, parts: 13, complete: true },
  business: 'ridgeline-roofing',
  summary: {
    callId,
    door: 'browser',
    mode: 'voice',
    playbook,
    startMs,
    endMs: startMs + 125_000,
    endReason: 'caller-hang-up',
    outcome: 'appointment-booked',
    leadName: 'Dana Fox',
    score: 70,
    stage: 'booked',
  },
  consent: {
    version: '2026-11',
    text: 'An AI answers. The call is recorded.',
    textSha256: 'cd'.repeat(32),
    acceptedAtMs: startMs - 2_000,
    origin: 'http://localhost:8080',
    userAgent: 'test',
  },
  events: facts.map(([offsetMs, fact], seq) => ({ seq, atMs: startMs + offsetMs, fact })),
  lead: {
    name: 'Dana Fox',
    phone: '+13035550123',
    answers: { need: { value: 'replace', display: 'a new roof', confidence: 0.9, confirmed: true } },
    score: 70,
    scoreReasons: [
      { points: 40, reason: 'wants a new roof' },
      { points: -10, reason: 'no budget named' },
    ],
    stage: 'booked',
    objections: [{ id: 'price', attempts: 1, outcome: 'resolved' }],
    askedAbout: ['service-area'],
    tags: ['storm-damage'],
  },
  appointments: [
    {
      id: '7e0f3f4e-58a5-4b0e-9b1c-2f5a3c1d9e77',
      callId,
      service: 'inspection',
      serviceName: 'a free roof inspection',
      startMs: Date.UTC(2026, 10, 25, 17, 0),
      endMs: Date.UTC(2026, 10, 25, 18, 0),
      timeZone: 'America/Denver',
      attendee: { name: 'Dana Fox' },
      status: 'booked',
      icsUrl: 'http://127.0.0.1:8787/v1/appointments/7e0f.ics',
    },
  ],
  deliveries: [
    {
      id: '5a7c1a52-3f38-4df4-8a4f-27f0f3a0d001',
      destination: 'webhook',
      type: 'lead.updated',
      status: 'delivered',
      attempts: 2,
      eventAtMs: startMs + 9_500,
      createdAtMs: startMs + 9_500,
      deliveredAtMs: startMs + 10_700,
      lastStatus: 200,
      lastError: null,
    },
    {
      id: '5a7c1a52-3f38-4df4-8a4f-27f0f3a0d002',
      destination: 'webhook',
      type: 'call.completed',
      status: 'retrying',
      attempts: 1,
      eventAtMs: startMs + 9_500,
      createdAtMs: startMs + 9_500,
      deliveredAtMs: null,
      lastStatus: 503,
      lastError: 'Service Unavailable',
    },
  ],
};
