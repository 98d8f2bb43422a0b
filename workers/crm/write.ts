import { sha256Hex } from '../session/digest.ts';
import type { Crm, CrmObject, Fields, Identity, RecordWrite } from './crm.ts';
import { CrmError } from './crm-error.ts';
import type { CrmMemory } from './memory.ts';
import type { CrmPlan } from './plan.ts';

/** Somebody else is making the same contact: they need this long. */
const heldS = 2;

/**
 * Brings a CRM to what the plan says, each step once: what a former attempt did is remembered, what it
 * may have done is looked for. Throws `CrmError` at the first step that fails.
 */
export async function writeToCrm(crm: Crm, memory: CrmMemory, plan: CrmPlan, key: string): Promise<void> {
  const contactId = await writeContact(crm, memory, plan.contact);

  const record = async (
    object: Exclude<CrmObject, 'contact'>,
    fields: Fields,
    dealId: string | null,
    write: (record: RecordWrite) => Promise<string>,
  ): Promise<string> => {
    const fingerprint = await sha256Hex(JSON.stringify([contactId, dealId, fields]));
    const begun = await memory.begin(object, [key], fingerprint);
    if (begun.status === 'done') return begun.id;
    if (begun.status === 'held') throw held();
    const id = await write({ ...begun.past, key, fields, contactId, dealId });
    await memory.end(object, [key], id, fingerprint);
    return id;
  };

  const hasDeal = plan.deal.isWorth || (await memory.recall('deal', [key])) !== null;
  const dealId = hasDeal ? await record('deal', plan.deal.fields, null, async (deal) => crm.upsertDeal(deal)) : null;
  if (plan.call !== null) await record('call', plan.call, dealId, async (call) => crm.logCall(call));
  if (plan.note !== null) await record('note', plan.note, dealId, async (note) => crm.addNote(note));
  if (plan.task !== null) await record('task', plan.task, dealId, async (task) => crm.createTask(task));
}

async function writeContact(crm: Crm, memory: CrmMemory, contact: CrmPlan['contact']): Promise<string> {
  const keys = contactKeys(contact.identity);
  const begun = await memory.begin('contact', keys, null);
  if (begun.status === 'done') return begun.id;
  if (begun.status === 'held') throw held();
  const id = await crm.upsertContact({ ...contact, ...begun.past });
  await memory.end('contact', keys, id, null);
  return id;
}

const contactKeys = ({ email, phone }: Identity): string[] => [
  ...(email === undefined ? [] : [`email:${email}`]),
  ...(phone === undefined ? [] : [`phone:${phone}`]),
];

const held = (): CrmError =>
  new CrmError('Another call of the same person is being written just now.', {
    retryAfterS: heldS,
    concerns: 'delivery',
  });
