import { describe, expect, it } from 'vitest';
import type { CallFact } from '../../../contract/call-event.ts';
import type { Lead } from '../../../contract/lead.ts';
import { mondayMs } from '../../test/control-plane.ts';
import { connectedBusiness, problemOf, settledAs } from '../../test/crm-call.ts';
import { callEnd, leadFact, reachableLead, said } from '../../test/events.ts';
import { vendorAccount, type VendorFault, type VendorState } from '../../test/vendor-account.ts';

const lead: Lead = { ...reachableLead, name: "Ann O'Neill", email: "o'neill@example.com", stage: 'qualified' };
const calledBack: Lead = {
  ...lead,
  stage: 'call-back',
  callBack: { reason: 'wants a price', promisedForMs: mondayMs + 86_400_000 },
};
const wholeCall: CallFact[] = [said('My roof leaks.'), leadFact(lead), leadFact(calledBack), callEnd];
const instanceUrl = 'https://summit.my.salesforce.com';

const types = ['Contact', 'Opportunity', 'Task', 'Note'];
const countOf = ({ objects }: VendorState): number[] =>
  types.map((type) => objects.filter((object) => object.type === type).length);
/** A call and a call back are both tasks. */
const oneOfEach = [1, 1, 2, 1];

async function connected(faults: VendorFault[] = []) {
  const account = await vendorAccount();
  const credentials = { type: 'token', token: account.token };
  const set = await connectedBusiness('salesforce', { credentials, instanceUrl });
  await account.behave({ faults });
  return { ...set, account };
}

/** There is no description of its API at hand: it is held against a strict one of our own. */
describe('Salesforce', () => {
  it('gets contact, opportunity, tasks and note of a call, each linked', async () => {
    const { business, call, account, answer } = await connected();
    expect(await answer.json()).toEqual({ status: 'ok' });
    const { callId } = await call(wholeCall);
    await settledAs(business, callId, 'delivered');
    const state = await account.read();
    expect(countOf(state)).toEqual(oneOfEach);
    const of = (type: string) => state.objects.filter((object) => object.type === type);
    const [[contact], [deal], [logged, task], [note]] = [of('Contact'), of('Opportunity'), of('Task'), of('Note')];
    expect(contact?.fields).toMatchObject({ FirstName: 'Ann', LastName: "O'Neill", Email: "o'neill@example.com" });
    expect(deal).toMatchObject({
      links: [`Contact ${contact?.id}`],
      fields: { StageName: 'Prospecting', CloseDate: '2035-03-06', Parley_Key__c: `Parley deal ${callId}` },
    });
    const links = [`Contact ${contact?.id}`, `Opportunity ${deal?.id}`];
    expect(logged).toMatchObject({
      links,
      fields: {
        TaskSubtype: 'Call',
        Status: 'Completed',
        CallType: 'Inbound',
        CallDurationInSeconds: 4,
        ActivityDate: '2035-03-05',
      },
    });
    expect(task).toMatchObject({ links, fields: { Status: 'Not Started', ActivityDate: '2035-03-06' } });
    expect(String(note?.fields['Body'])).toContain(`/v1/transcripts/${business}/${callId}?key=`);
  });

  const api = '/services/data/v62.0/sobjects';
  it.each([`POST ${api}/Contact`, `PATCH ${api}/Opportunity`, `PATCH ${api}/Task`, `POST ${api}/Note`])(
    'makes nothing twice when the answer to %s is lost',
    async (on) => {
      const { business, call, account } = await connected([{ on, times: 2, outcome: { type: 'lost' } }]);
      const { callId } = await call(wholeCall);
      await settledAs(business, callId, 'delivered');
      expect(countOf(await account.read())).toEqual(oneOfEach);
    },
  );

  it('is written to in the end after its limit of requests, which comes with 403', async () => {
    const body = [{ message: 'TotalRequests Limit exceeded.', errorCode: 'REQUEST_LIMIT_EXCEEDED' }];
    const { business, call, account } = await connected([
      { on: `POST ${api}`, times: 2, outcome: { type: 'answer', status: 403, body } },
    ]);
    const { callId } = await call(wholeCall);
    await settledAs(business, callId, 'delivered');
    expect(countOf(await account.read())).toEqual(oneOfEach);
  });

  it.each([
    [
      '400',
      400,
      [{ message: 'bad value for restricted picklist', errorCode: 'INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST' }],
    ],
    [
      '200 with an error in it',
      200,
      { id: null, success: false, errors: [{ message: 'bad value for restricted picklist' }] },
    ],
  ])('makes a dead letter of %s, with the reason', async (_, status, body) => {
    const { business, call } = await connected([
      { on: `PATCH ${api}/Opportunity`, outcome: { type: 'answer', status, body } },
    ]);
    const { callId } = await call([leadFact(lead)]);
    const [dead] = await settledAs(business, callId, 'dead');
    expect(dead?.lastError).toContain('bad value for restricted picklist');
  });

  it('knows the contact by a number however it is written', async () => {
    const { business, call, account } = await connected();
    await account.add('Contact', { LastName: 'Annabel', MobilePhone: '(303) 555-0123' });
    const { callId } = await call([leadFact(lead), callEnd]);
    await settledAs(business, callId, 'delivered');
    const contacts = (await account.read()).objects.filter(({ type }) => type === 'Contact');
    expect(contacts).toMatchObject([
      {
        fields: { LastName: 'Annabel', FirstName: 'Ann', Email: "o'neill@example.com", MobilePhone: '(303) 555-0123' },
      },
    ]);
  });

  it('renews its access when the session has expired', async () => {
    const account = await vendorAccount();
    const refreshToken = `refresh-${account.token}`;
    await account.behave({ accessToken: `first-${account.token}`, refreshToken });
    const credentials = { type: 'oauth', clientId: 'id', clientSecret: 'a secret of the app', refreshToken };
    const { business, call } = await connectedBusiness('salesforce', { credentials, instanceUrl });
    await account.behave({ accessToken: `second-${account.token}`, refreshToken });
    const { callId } = await call([leadFact(lead), callEnd]);
    await settledAs(business, callId, 'delivered');
    expect(countOf(await account.read())).toEqual([1, 1, 1, 1]);
  });

  it.each([
    [{ instanceUrl, mapping: { deal: { Score__c: '{lead.score}' } } }, "no field 'Score__c'"],
    [{ instanceUrl, mapping: { call: { CallType: 'Sideways' } } }, "no value 'Sideways'"],
    [{}, 'Say where your Salesforce is'],
    [{ instanceUrl: 'https://salesforce.com.evil.example' }, 'your own Pipedrive or Salesforce'],
  ])('is not connected with %j', async (change, message) => {
    const account = await vendorAccount();
    const credentials = { type: 'token', token: account.token };
    const { answer } = await connectedBusiness('salesforce', { credentials, ...change });
    expect(answer.status).toBe(400);
    expect((await problemOf(answer)).message).toContain(message);
  });
});
