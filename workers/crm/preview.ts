import type { CrmMessage } from '../../contract/crm-message.ts';
import type { CrmPreview } from '../../contract/crm-preview.ts';
import type { Settings } from '../settings.ts';
import { CrmSettings } from './connection.ts';
import * as v from 'valibot';
import type { CrmKind } from './crm.ts';
import { changeMapping } from './mapping.ts';
import { planWrites } from './plan.ts';
import { transcriptUrl } from './transcript-link.ts';
import { vendors } from './vendors.ts';

/** Exactly what would be sent of a call to a CRM that has nothing of it yet. Nothing is sent. */
export async function previewWrites(
  kind: CrmKind,
  connected: CrmSettings | null,
  message: CrmMessage,
  settings: Settings,
): Promise<CrmPreview['writes']> {
  const vendor = vendors[kind];
  const { mapping, dealStages, owners } = connected ?? v.parse(CrmSettings, {});
  const { business, callId } = message.data;
  const plan = planWrites(message, {
    mapping: changeMapping(vendor.defaults, mapping),
    dealStages,
    owners,
    transcriptUrl: await transcriptUrl(settings, business, callId),
  });
  if (plan === null) return [];
  const fresh = { knownId: null, triedMs: null };
  const records = (['deal', 'call', 'note', 'task'] as const).flatMap((object) => {
    const fields = object === 'deal' ? (plan.deal.isWorth ? plan.deal.fields : null) : plan[object];
    if (fields === null) return [];
    const write = { ...fresh, key: callId, fields, contactId: null, dealId: null };
    return [{ object, body: vendor.body(object, write) }];
  });
  return [{ object: 'contact', body: vendor.body('contact', { ...fresh, ...plan.contact }) }, ...records];
}
