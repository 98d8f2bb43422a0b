import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CallRecord } from '../../contract/call-record.ts';
import { launchChromium } from '../caller/chromium.ts';
import { dialled, type PhoneProduct, startPhoneProduct } from '../phone/phone-product.ts';
import { expectCompleteRecord } from '../product/complete-record.ts';
import { factsOf } from '../product/staff-client.ts';
import { transcriptOf } from '../product/transcript.ts';
import { browserDoor, type Door, type DoorName, phoneDoor } from './door.ts';
import { leftBehind, stepsOf } from './left-behind.ts';
import { play, type Scenario, scenarios } from './scenarios.ts';
import { rehearse } from '../caller/persona.ts';
import { addSecondBusiness } from './second-business.ts';

/** Every scenario is played through both doors at once; then what the calls left behind is compared. */
const business = 'ridgeline-by-phone';
const doorNames: readonly DoorName[] = ['browser', 'phone'];
const records = new Map<string, CallRecord>();
let product: PhoneProduct;
let browser: Browser;

const key = (door: DoorName, { id }: Scenario): string => `${door}: ${id}`;

function recordOf(door: DoorName, scenario: Scenario): CallRecord {
  const record = records.get(key(door, scenario));
  if (!record) throw new Error(`There is no record of "${key(door, scenario)}".`);
  return record;
}

async function playAndKeep(door: Door, scenario: Scenario): Promise<void> {
  const call = await door.call(scenario.number, scenario.persona.voice);
  try {
    await play(scenario, call);
    const owner = { ...product, staff: door.staff };
    records.set(key(door.name, scenario), await expectCompleteRecord(owner, call.callId, scenario.endReason ?? []));
  } catch (cause) {
    const said = await door.staff.record(call.callId).then(transcriptOf, () => '(no record)');
    throw new Error(`The scenario "${key(door.name, scenario)}" did not come to its end:\n${said}`, { cause });
  } finally {
    await call.close();
  }
}

beforeAll(async () => {
  product = await startPhoneProduct({ env: { PARLEY_PHONE_NUMBERS: JSON.stringify({ [dialled]: business }) } });
  const staff = await addSecondBusiness(product, business);
  browser = await launchChromium({ microphone: 'allow' });
  const doors = [phoneDoor(product, staff, dialled), browserDoor(browser, product)];
  for (const scenario of scenarios) {
    await rehearse(scenario.persona);
    await Promise.all(doors.map((door) => playAndKeep(door, scenario)));
  }
}, 600_000);

afterAll(async () => {
  await browser?.close();
  await product?.stop();
});

describe.each(scenarios)('$id', (scenario) => {
  test.each(doorNames)('by %s it comes to its end by its steps', (door) => {
    const record = recordOf(door, scenario);
    expect(record.summary).toMatchObject({ door, outcome: scenario.outcome, endReason: scenario.endReason });
    const taken = stepsOf(record);
    let from = 0;
    for (const step of scenario.steps) {
      const at = taken.findIndex(
        (rule, place) => place >= from && (step instanceof RegExp ? step.test(rule) : step === rule),
      );
      expect(at, `"${step}" in ${taken.slice(from).join(', ')}`).toBeGreaterThanOrEqual(0);
      from = at + 1;
    }
  });

  test('both doors leave the same lead, appointment and statements', () => {
    expect(leftBehind(recordOf('phone', scenario), 'phone')).toEqual(
      leftBehind(recordOf('browser', scenario), 'browser'),
    );
  });
});

test('the disclosure comes first: shown and agreed to in a page, said in the first words by telephone', () => {
  for (const scenario of scenarios) {
    const [page, phone] = [recordOf('browser', scenario), recordOf('phone', scenario)];
    const [pageStart, phoneGreeting] = [page.events[0], factsOf(phone, 'agent-turn')[0]];
    expect(page.consent?.text).toMatch(/AI/);
    expect(page.consent?.acceptedAtMs).toBeLessThanOrEqual(pageStart?.atMs ?? 0);
    expect(phoneGreeting).toMatchObject({ act: 'greet', interrupted: false });
    expect(phoneGreeting?.heardText).toMatch(/I'm an AI assistant, and what we say is written down/);
    expect(factsOf(phone, 'caller-turn').every(({ startMs }) => startMs >= (phoneGreeting?.endMs ?? Infinity))).toBe(
      true,
    );
  }
});
