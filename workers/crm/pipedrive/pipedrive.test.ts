import { describe, expect, it } from 'vitest';
import type { CallFact } from '../../../contract/call-event.ts';
import type { Lead } from '../../../contract/lead.ts';
import { mondayMs } from '../../test/control-plane.ts';
import { connectedBusiness, problemOf, settledAs } from '../../test/crm-call.ts';
import { callEnd, leadFact, reachableLead, said } from '../../test/events.ts';
import { isDescribed, vendorAccount, type VendorFault, type VendorState } from '../../test/vendor-account.ts';

const lead: Lead = {
  ...reachableLead,
  email: 'ann@example.com',
  stage: 'qualified',
  owner: { id: 'dana', name: 'Dana' },
};
const calledBack: Lead = {
  ...lead,
  stage: 'call-back',
  callBack: { reason: 'wants a price', promisedForMs: mondayMs + 86_400_000 },
};
const wholeCall: CallFact[] = [said('My roof leaks.'), leadFact(lead), leadFact(calledBack), callEnd];

const types = ['persons', 'deals', 'activities', 'notes'];
const countOf = ({ objects }: VendorState): number[] =>
  types.map((type) => objects.filter((object) => object.type === type).length);
/** A call and a task are both activities. */
const oneOfEach = [1, 1, 2, 1];

async function connected(faults: VendorFault[] = []) {
  const account = await vendorAccount();
  const credentials = { type: 'token', token: account.token };
  const set = await connectedBusiness('pipedrive', { credentials, owners: { dana: '11', '*': '22' } });
  await account.behave({ faults, searchLags: true });
  return { ...set, account };
}

describe.skipIf(!(await isDescribed('pipedrive')))('Pipedrive, where its API description is at hand', () => {
  it('gets person, deal, activities and note of a call, each linked, by its own description', async () => {
    const { business, call, account, answer } = await connected();
    expect(await answer.json()).toEqual({ status: 'ok' });
    const { callId } = await call(wholeCall);
    await settledAs(business, callId, 'delivered');
    const state = await account.read();
    expect(state.violations).toEqual([]);
    expect(countOf(state)).toEqual(oneOfEach);
    const of = (type: string) => state.objects.filter((object) => object.type === type);
    const [[person], [deal]] = [of('persons'), of('deals')];
    expect(person?.fields).toMatchObject({
      name: 'Ann Miller',
      owner_id: 11,
      emails: [{ value: 'ann@example.com', primary: true }],
      phones: [{ value: '+13035550123', primary: true }],
    });
    expect(deal?.fields).toMatchObject({
      title: 'Call with Ann Miller',
      status: 'open',
      owner_id: 11,
      person_id: Number(person?.id),
    });
    const links = [`persons ${person?.id}`, `deals ${deal?.id}`];
    const [logged, task] = of('activities');
    expect(logged).toMatchObject({
      links,
      fields: { type: 'call', done: true, due_date: '2035-03-05', due_time: '17:00', duration: '00:01', owner_id: 11 },
    });
    expect(task).toMatchObject({
      links,
      fields: { subject: 'Call back Ann Miller: wants a price', done: false, due_date: '2035-03-06', owner_id: 11 },
    });
    expect(String(of('notes')[0]?.fields['content'])).toContain(`/v1/transcripts/${business}/${callId}?key=`);
  });

  it.each(['POST /api/v2/persons', 'POST /api/v2/deals', 'POST /api/v2/activities', 'POST /v1/notes', 'PATCH /api/v2'])(
    'makes nothing twice when the answer to %s is lost and the search has not seen it yet',
    async (on) => {
      const { business, call, account } = await connected([{ on, times: 2, outcome: { type: 'lost' } }]);
      const { callId } = await call(wholeCall);
      await settledAs(business, callId, 'delivered');
      const state = await account.read();
      expect(countOf(state)).toEqual(oneOfEach);
      expect(state.violations).toEqual([]);
    },
  );

  const passing: [string, VendorFault['outcome']][] = [
    [
      '429',
      { type: 'answer', status: 429, headers: { 'retry-after': '0' }, body: { success: false, error: 'rate limit' } },
    ],
    ['503', { type: 'answer', status: 503, body: 'down' }],
    ['200 with something else', { type: 'answer', status: 200, body: { success: true } }],
    ['no answer', { type: 'dropped' }],
  ];
  it.each(passing)('is written to in the end after %s', async (_, outcome) => {
    const { business, call, account } = await connected([{ on: 'POST /', times: 3, outcome }]);
    const { callId } = await call(wholeCall);
    await settledAs(business, callId, 'delivered');
    expect(countOf(await account.read())).toEqual(oneOfEach);
  });

  it.each([
    ['400', 400],
    ['200 with an error in it', 200],
  ])('makes a dead letter of %s, with the reason', async (_, status) => {
    const body = { success: false, error: 'stage_id is not of this pipeline', error_info: 'See the docs.' };
    const { business, call } = await connected([
      { on: 'POST /api/v2/deals', outcome: { type: 'answer', status, body } },
    ]);
    const { callId } = await call([leadFact(lead)]);
    const [dead] = await settledAs(business, callId, 'dead');
    expect(dead?.lastError).toContain('stage_id is not of this pipeline');
  });

  it('renews an OAuth token that is refused', async () => {
    const account = await vendorAccount();
    const refreshToken = `refresh-${account.token}`;
    await account.behave({ accessToken: `first-${account.token}`, refreshToken });
    const credentials = { type: 'oauth', clientId: 'id', clientSecret: 'a secret of the app', refreshToken };
    const { business, call } = await connectedBusiness('pipedrive', { credentials });
    await account.behave({ accessToken: `second-${account.token}`, refreshToken });
    const { callId } = await call([leadFact(lead), callEnd]);
    await settledAs(business, callId, 'delivered');
    expect((await account.read()).violations).toEqual([]);
  });

  it('knows the person by a number however it is written, and adds what is new', async () => {
    const { business, call, account } = await connected();
    await account.behave({});
    await account.add('persons', { name: 'Annabel', phones: [{ value: '(303) 555-0123' }] });
    const { callId } = await call([leadFact(lead), callEnd]);
    await settledAs(business, callId, 'delivered');
    const persons = (await account.read()).objects.filter(({ type }) => type === 'persons');
    expect(persons).toHaveLength(1);
    expect(persons[0]?.fields).toMatchObject({
      name: 'Annabel',
      emails: [{ value: 'ann@example.com' }],
      phones: [{ value: '(303) 555-0123' }],
    });
  });

  it('is not connected with a mapping to a field that it does not have', async () => {
    const account = await vendorAccount();
    const credentials = { type: 'token', token: account.token };
    const { answer } = await connectedBusiness('pipedrive', {
      credentials,
      mapping: { deal: { score: '{lead.score}' } },
    });
    const problem = await problemOf(answer);
    expect(problem.message).toContain("Pipedrive has no field 'score' for a deal. It takes title,");
    expect(problem.field).toBe('mapping.deal.score');
  });
});
