import { setTimeout as pause } from 'node:timers/promises';
import { launchChromium } from '../caller/chromium.ts';
import { inPage, type Partner } from '../caller/conversation.ts';
import { hangUp, startCall } from '../caller/visit.ts';
import { HandsetPartner } from '../phone/handset-partner.ts';
import { dialled, startPhoneProduct } from '../phone/phone-product.ts';
import { startProduct } from '../product/product.ts';
import type { StaffClient } from '../product/staff-client.ts';
import type { SpokenAt } from '../phone/handset.ts';
import type { CallerVoice } from '../speech/caller-voice.ts';
import type { LatencyDoor } from './latency-report.ts';

/** A call whose moments are measured where its caller is. All times are epoch ms. */
export interface MeasuredCall {
  readonly callId: string;
  readonly partner: Partner;
  /** Resolves when it is said. */
  say(text: string): Promise<SpokenAt>;
  /** The agent's first sound at or after a moment. */
  waitForOnset(fromMs: number): Promise<number>;
  waitUntil(atMs: number): Promise<void>;
  /** The agent's last sound in a span of time; null when it was silent. */
  lastAudibleBetween(fromMs: number, toMs: number): Promise<number | null>;
  hangUp(): Promise<void>;
  close(): Promise<void>;
}

/** The whole product, and callers who come in by one of its doors. */
export interface MeasuredDoor {
  readonly staff: StaffClient;
  call(voice: CallerVoice): Promise<MeasuredCall>;
  close(): Promise<void>;
}

export async function openDoor(door: LatencyDoor): Promise<MeasuredDoor> {
  return door === 'phone' ? await openPhone() : await openBrowser();
}

async function openBrowser(): Promise<MeasuredDoor> {
  const product = await startProduct();
  try {
    const browser = await launchChromium({ microphone: 'allow' });
    return {
      staff: product.staff,
      call: async (voice) => {
        const { caller, callId } = await startCall(browser, { url: product.siteUrl, voice });
        return {
          callId,
          partner: inPage(caller, false),
          say: (text) => caller.say(text),
          waitForOnset: (fromMs) => caller.waitForAgentOnset(fromMs),
          waitUntil: (atMs) => caller.waitUntil(atMs),
          lastAudibleBetween: (fromMs, toMs) => caller.lastAudibleBetween(fromMs, toMs),
          hangUp: () => hangUp(caller),
          close: () => caller.close(),
        };
      },
      close: async () => {
        await browser.close();
        await product.stop();
      },
    };
  } catch (cause) {
    await product.stop();
    throw cause;
  }
}

async function openPhone(): Promise<MeasuredDoor> {
  const product = await startPhoneProduct();
  let calls = 0;
  return {
    staff: product.staff,
    call: async (voice) => {
      calls += 1;
      // Every second caller withholds the number, and has to say it.
      const dial = { port: product.sipPort, number: '+13035550142', withheld: calls % 2 === 0, dialled };
      const partner = await HandsetPartner.call(product.staff, dial);
      const { handset, callId } = partner;
      return {
        callId,
        partner,
        say: (text) => partner.say(text, voice),
        waitForOnset: (fromMs) => handset.waitForOnset(fromMs),
        waitUntil: (atMs) => pause(Math.max(0, atMs - Date.now())),
        lastAudibleBetween: (fromMs, toMs) => Promise.resolve(handset.lastAudibleBetween(fromMs, toMs) ?? null),
        hangUp: () => handset.hangUp(),
        close: () => Promise.resolve(handset.close()),
      };
    },
    close: () => product.stop(),
  };
}
