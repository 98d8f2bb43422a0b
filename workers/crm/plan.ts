import type { CrmMessage } from '../../contract/crm-message.ts';
import type { LeadStage } from '../../contract/lead.ts';
import type { Fields, Identity } from './crm.ts';
import { fillFields, type Mapping } from './mapping.ts';
import { identityOf, labelOf, valuesOf, type ValueContext } from './values.ts';

/** What a call means for a CRM, before anything is known of what the CRM has. */
export interface CrmPlan {
  readonly contact: {
    readonly identity: Identity;
    readonly label: string;
    readonly fields: Fields;
    readonly ifEmpty: Fields;
  };
  /** `isWorth`: the lead is far enough to begin a deal; otherwise only one that exists is changed. */
  readonly deal: { readonly fields: Fields; readonly isWorth: boolean };
  /** These wait for the end of the call. */
  readonly call: Fields | null;
  readonly note: Fields | null;
  /** A call back that was promised. */
  readonly task: Fields | null;
}

export interface PlanContext extends ValueContext {
  readonly mapping: Mapping;
  readonly dealStages: readonly LeadStage[];
}

/** Null for a caller who left nothing to know them by: a CRM has no place for them. */
export function planWrites(message: CrmMessage, context: PlanContext): CrmPlan | null {
  const identity = identityOf(message);
  const { lead, call } = message.data;
  const label = labelOf(lead.name, identity);
  if (identity === null || label === undefined) return null;
  const values = valuesOf(message, context);
  const { mapping, dealStages } = context;
  const contact = fillFields(mapping.contact, values);
  const fieldsOf = (object: 'deal' | 'call' | 'note' | 'task'): Fields => {
    const { always, ifEmpty } = fillFields(mapping[object], values);
    return { ...always, ...ifEmpty };
  };
  const isOver = call.endMs !== null;
  return {
    contact: { identity, label, fields: contact.always, ifEmpty: contact.ifEmpty },
    deal: { fields: fieldsOf('deal'), isWorth: dealStages.includes(lead.stage) },
    call: isOver ? fieldsOf('call') : null,
    note: isOver ? fieldsOf('note') : null,
    task: isOver && lead.callBack !== undefined ? fieldsOf('task') : null,
  };
}
