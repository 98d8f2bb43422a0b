import { setTimeout as pause } from 'node:timers/promises';
import type { CallRecord } from '../../contract/call-record.ts';
import type { Partner } from '../caller/conversation.ts';
import { eventually } from '../product/eventually.ts';
import { factsOf, type StaffClient } from '../product/staff-client.ts';
import type { CallerVoice } from '../speech/caller-voice.ts';
import { Handset, type HandsetCall, type SpokenAt } from './handset.ts';

/** Longer than any pause inside the agent's turns. */
const turnOverMs = 500;
const pollMs = 20;
const turnTimeoutMs = 30_000;

/** A call with the handset. What the agent says is read in its record, when it says it is heard. */
export class HandsetPartner implements Partner {
  readonly handset: Handset;
  readonly callId: string;
  readonly #staff: StaffClient;
  /** Agent turns that were read. */
  #read = 0;
  #saidMs = 0;

  private constructor(handset: Handset, callId: string, staff: StaffClient) {
    this.handset = handset;
    this.callId = callId;
    this.#staff = staff;
  }

  /** Dials, and is answered. One call at a time with a number, or without one: by that it is found in the records. */
  static async call(staff: StaffClient, call: HandsetCall): Promise<HandsetPartner> {
    const known = new Set((await staff.calls()).map(({ callId }) => callId));
    const handset = await Handset.call(call);
    try {
      const callId = await eventually(() => newCallOf(staff, call.withheld === true ? undefined : call.number, known), {
        timeoutMs: 10_000,
        what: 'the call to be recorded',
      });
      return new HandsetPartner(handset, callId, staff);
    } catch (cause) {
      handset.close();
      throw cause;
    }
  }

  /** The agent's turn is over when it is silent and its words are in the record. */
  async nextTurn(): Promise<{ text: string; onsetMs: number | null } | null> {
    const untilMs = Date.now() + turnTimeoutMs;
    while (Date.now() < untilMs) {
      const onsetMs = this.handset.onsetAfter(this.#saidMs) ?? null;
      if (onsetMs !== null && this.handset.silentMs >= turnOverMs) {
        const record = await this.#staff.record(this.callId);
        const words = agentWords(record);
        if (words.length > this.#read) {
          const text = words.slice(this.#read).join(' ');
          this.#read = words.length;
          return { text, onsetMs };
        }
        if (record.summary.endReason !== null) return null;
      }
      if (await Promise.race([this.handset.over.then(() => true), pause(pollMs, false)])) return null;
    }
    throw new Error(`Waited ${turnTimeoutMs} ms for the agent to speak.`);
  }

  async waitForMore(timeoutMs: number): Promise<boolean> {
    const untilMs = Date.now() + timeoutMs;
    while (Date.now() < untilMs) {
      // What takes long to say is in the record long after it began to be heard.
      if (this.handset.silentMs < turnOverMs) return true;
      const record = await this.#staff.record(this.callId);
      if (agentWords(record).length > this.#read) return true;
      if (record.summary.endReason !== null) return false;
      await pause(5 * pollMs);
    }
    return false;
  }

  async answer(text: string, voice: CallerVoice): Promise<number> {
    return (await this.say(text, voice)).endMs;
  }

  /** Resolves when it is said. */
  async say(text: string, voice: CallerVoice): Promise<SpokenAt> {
    const spoken = await this.handset.say(text, voice);
    this.#saidMs = spoken.endMs;
    await pause(Math.max(0, spoken.endMs - Date.now()));
    return spoken;
  }
}

function agentWords(record: CallRecord): string[] {
  return factsOf(record, 'agent-turn').map(({ text }) => text);
}

async function newCallOf(
  staff: StaffClient,
  number: string | undefined,
  known: ReadonlySet<string>,
): Promise<string | undefined> {
  for (const { callId } of await staff.calls()) {
    if (known.has(callId)) continue;
    const [start] = factsOf(await staff.record(callId), 'call-start');
    if (start && start.callerNumber === number) return callId;
  }
  return undefined;
}
