import type { Browser } from 'playwright-core';
import type { CallRecord } from '../../../contract/call-record.ts';
import type { Bundle } from '../../../dialogue/playbook/bundle.ts';
import { focusName } from '../../../dialogue/decide/focus.ts';
import { resample } from '../../../server/audio/resampler.ts';
import type { Caller } from '../../caller/caller.ts';
import { AgentWords } from '../../caller/conversation.ts';
import { hangUp, startCall } from '../../caller/visit.ts';
import type { Product } from '../../product/product.ts';
import { factsOf } from '../../product/staff-client.ts';
import type { CallerVoice } from '../../speech/caller-voice.ts';
import { callerSaying, voiceLevel } from '../../turns/sounds.ts';
import { SimulatedCaller, type Reply } from '../caller.ts';
import { chanceOf } from '../chance.ts';
import { grade } from '../grade.ts';
import type { Scenario } from '../scenario.ts';
import { Listener, type Question } from './heard.ts';
import { below, noiseBelowDb, overTelephone, rotated, type Condition } from './line.ts';
import { DictatedNumber } from './spoken-digits.ts';

export interface SpokenCall {
  readonly scenario: Scenario;
  readonly bundle: Bundle;
  readonly condition: Condition;
  readonly voice: CallerVoice;
  readonly seed: number;
}

export interface SpokenResult {
  readonly faults: readonly string[];
  /** Turns of the caller that reached the agent, and those that it could do nothing with. */
  readonly turns: number;
  readonly misunderstood: number;
  readonly transcript: readonly string[];
}

/** People keep trying for so long. */
const maxTurns = 40;
/** "Let me check the calendar" asks nothing; what follows does. */
const patienceMs = 10_000;

/** Makes one call in a browser, and grades what the control plane has of it afterwards. */
export async function speakCall(
  product: Product,
  browser: Browser,
  call: SpokenCall,
  babble: Int16Array | undefined,
): Promise<SpokenResult> {
  const { caller, callId } = await startCall(browser, { url: product.siteUrl, voice: call.voice });
  const transcript: string[] = [];
  let brokenOff: string[] = [];
  try {
    const db = noiseBelowDb[call.condition];
    if (db !== null && babble !== undefined) {
      await caller.surround(resample(below(rotated(babble, call.seed), voiceLevel, db), 16_000, 48_000));
    }
    await talk(caller, call, transcript).catch((cause: unknown) => {
      brokenOff = [
        `The call broke off: ${cause instanceof Error ? (cause.message.split('\n')[0] ?? '') : String(cause)}`,
      ];
    });
    if ((await caller.countMessages('ended')) === 0) await hangUp(caller);
    const record = await product.staff.endedRecord(callId, 30_000);
    return { ...resultOf(record, call.scenario, brokenOff), transcript: [...transcript, ...heardIn(record)] };
  } finally {
    await caller.close();
  }
}

/** Until somebody hangs up. */
async function talk(caller: Caller, call: SpokenCall, transcript: string[]): Promise<void> {
  const { scenario, bundle, condition, voice, seed } = call;
  const agent = new AgentWords(caller);
  const listener = new Listener(bundle, Date.now());
  const person = new SimulatedCaller(scenario, chanceOf(scenario.id, seed));
  const number = new DictatedNumber(scenario.caller.phone ?? '');
  let lastSaid: string | null = null;
  for (let turns = 0; turns < maxTurns;) {
    const said = await agent.nextTurn(false);
    if (said === null) return;
    transcript.push(`agent   ${said.text}`);
    const question = listener.hear(said.text);
    if (question === null) {
      if (await agent.waitForMore(patienceMs)) continue;
      if ((await caller.countMessages('ended')) > 0) return;
      throw new Error(`The caller does not know what to say to "${said.text}".`);
    }
    turns++;
    const reply: Reply =
      question.again === true && lastSaid !== null
        ? { say: lastSaid }
        : replyTo(question, person, number, bundle, lastSaid !== null);
    if ('hangsUp' in reply) {
      transcript.push('caller  (hangs up)');
      return;
    }
    if ('silent' in reply) {
      transcript.push('caller  (is silent)');
      continue;
    }
    lastSaid = reply.say;
    transcript.push(`caller  ${reply.say}`);
    const { pcm, ...audible } = await callerSaying(reply.say, voice);
    const sent = condition === 'telephone' ? overTelephone(pcm) : pcm;
    await caller.utter({ ...audible, sound: { sampleRateHz: 48_000, pcm: resample(sent, 16_000, 48_000) } });
  }
  throw new Error(`Caller and agent go in circles after ${maxTurns} turns.`);
}

function replyTo(
  { focus, readBack, offered }: Question,
  person: SimulatedCaller,
  number: DictatedNumber,
  bundle: Bundle,
  callerHasSpoken: boolean,
): Reply {
  if (focus.kind === 'piece') {
    if (readBack !== undefined) return { say: number.agreesTo(readBack) ? 'yes' : 'no' };
    return { say: number.say(focus.from, focus.count) };
  }
  return person.replyTo({
    focus,
    asks: callerHasSpoken ? focusName(focus) : 'start',
    yesOrNo: false,
    digits: 0,
    offered,
    zone: bundle.scheduling.timeZone,
  });
}

/** Rules by which the agent says that it did not understand. */
const notUnderstood: ReadonlySet<string> = new Set(['not-understood', 'unsure']);

function resultOf(
  record: CallRecord,
  { expect }: Scenario,
  brokenOff: readonly string[],
): Omit<SpokenResult, 'transcript'> {
  const turns = factsOf(record, 'caller-turn').length;
  const faults = grade(expect, {
    lead: record.lead,
    outcome: record.summary.outcome ?? 'incomplete',
    turns,
    // What the agent may claim is judged by text, where its state can be seen.
    falseClaims: [],
    tools: {
      existingNow: null,
      booked: record.appointments.filter(({ status }) => status === 'booked'),
      callBacks: factsOf(record, 'call-back-promised').map(({ reason, owner }) => ({
        reason,
        ...(owner === undefined ? {} : { owner: owner.id }),
      })),
      transfers: factsOf(record, 'transfer').map(({ reason, to, answer }) => ({
        reason,
        owner: to.id,
        accepted: answer === 'accepted',
      })),
    },
  });
  const misunderstood = factsOf(record, 'decision').filter(
    ({ record: { trigger, chosen } }) => trigger === 'caller-said' && notUnderstood.has(chosen.rule),
  ).length;
  return { faults: [...brokenOff, ...faults], turns, misunderstood };
}

const heardIn = (record: CallRecord): string[] => factsOf(record, 'caller-turn').map(({ text }) => `heard   ${text}`);
