import { expect } from 'vitest';
import * as v from 'valibot';
import type { Lead } from '../../contract/lead.ts';
import { Session } from '../../contract/session.ts';
import { asNode, crm, mondayMs, origin, request } from './control-plane.ts';
import { answered, callEnd, callStart, inOrder, leadFact, postEvents, reachableLead, said } from './events.ts';

/** Somebody whose every word is found again by nobody else's. */
export const philippa = {
  ...reachableLead,
  name: 'Philippa Quimby',
  phone: '+13035550188',
  email: 'philippa@quimby-estates.example',
  answers: { roof: { value: 'slate', display: 'a slate roof', confidence: 1, confirmed: true } },
} satisfies Lead;

/** What their call leaves behind, in small letters. */
export const tracesOfPhilippa = [
  'philippa',
  'quimby',
  '3035550188',
  'zanzibar',
  'slate',
  'gutterglass',
  'tell-tale-agent',
  'hidden-page',
  'call-me-maybe',
];

export const tracesOfSecrets = [crm.secret.toLowerCase(), 'crm.test/hook'];

export const inspectionMs = mondayMs + 86_400_000;

/** A call with all that a caller can leave behind: words, a lead, an appointment, a promise, deliveries. */
export async function callOfPhilippa(business: string, playbook: string, startMs = inspectionMs): Promise<string> {
  const opened = await request('POST', '/v1/sessions', {
    headers: { origin, 'user-agent': 'Tell-Tale-Agent/1.0' },
    body: {
      business,
      mode: 'voice',
      consent: { accepted: true, version: '2035-01' },
      pageUrl: `${origin}/hidden-page`,
    },
  });
  const { callId } = v.parse(Session, await opened.json());
  const { name, phone, email } = philippa;
  const booked = await request('POST', '/v1/node/bookings', {
    headers: asNode,
    body: {
      business,
      callId,
      requestId: crypto.randomUUID(),
      service: 'roof-inspection',
      startMs,
      attendee: { name, phone, email },
      notes: 'the gutterglass is broken',
    },
  });
  expect(await booked.json()).toMatchObject({ status: 'booked' });
  await postEvents(
    business,
    callId,
    inOrder([
      callStart(playbook),
      said('my uncle lives in Zanzibar'),
      answered('Zanzibar is far away'),
      leadFact(philippa),
      { type: 'call-back-promised', reason: 'wants to hear call-me-maybe' },
      callEnd,
    ]),
  );
  return callId;
}
