import type { Browser } from 'playwright-core';
import { inPage, type Partner } from '../caller/conversation.ts';
import { hangUp, startCall } from '../caller/visit.ts';
import { HandsetPartner } from '../phone/handset-partner.ts';
import type { PhoneProduct } from '../phone/phone-product.ts';
import type { StaffClient } from '../product/staff-client.ts';
import type { CallerVoice } from '../speech/caller-voice.ts';

export type DoorName = 'browser' | 'phone';

/** A call that somebody makes, whichever way. */
export interface DoorCall extends Partner {
  readonly callId: string;
  /** Begins to speak, and does not wait for the end of it. */
  beginToSay(text: string, voice: CallerVoice): Promise<void>;
  hangUp(): Promise<void>;
  close(): Promise<void>;
}

/** A way to reach a business. Behind each is a business of its own with the same playbook, so that none takes another's times. */
export interface Door {
  readonly name: DoorName;
  readonly staff: StaffClient;
  /** @param number the caller's; a page does not show it. */
  call(number: string, voice: CallerVoice): Promise<DoorCall>;
}

export function browserDoor(browser: Browser, product: PhoneProduct): Door {
  return {
    name: 'browser',
    staff: product.staff,
    call: async (_number, voice) => {
      const { caller, callId } = await startCall(browser, { url: product.siteUrl, voice });
      return {
        callId,
        ...inPage(caller, false),
        beginToSay: async (text) => void caller.say(text).catch(() => undefined),
        hangUp: () => hangUp(caller),
        close: () => caller.close(),
      };
    },
  };
}

export function phoneDoor(product: PhoneProduct, staff: StaffClient, dialled: string): Door {
  return {
    name: 'phone',
    staff,
    call: async (number) => {
      const partner = await HandsetPartner.call(staff, { port: product.sipPort, number, dialled });
      const { handset, callId } = partner;
      return {
        callId,
        nextTurn: () => partner.nextTurn(),
        waitForMore: (timeoutMs) => partner.waitForMore(timeoutMs),
        answer: (text, voice) => partner.answer(text, voice),
        beginToSay: async (text, voice) => void (await handset.say(text, voice)),
        hangUp: () => handset.hangUp(),
        close: () => Promise.resolve(handset.close()),
      };
    },
  };
}
