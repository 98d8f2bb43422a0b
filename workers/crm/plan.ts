import type { CrmMessage } from '../../contract/crm-message.ts';
import type { LeadStage } from '../../contract/lead.ts';
import type { Fields, Identity } from './crm.ts';
import { fillFields, type Mapping } from './mapping.ts';
import { identityOf, labelOf, valuesOf, type ValueContext, type Values } from './values.ts';

/** What a call, or an appointment of staff's, means for a CRM, before anything is known of what the CRM has. */
export interface CrmPlan {
  readonly contact: {
    readonly identity: Identity;
    readonly label: string;
    readonly fields: Fields;
    readonly ifEmpty: Fields;
  };
  /** `isWorth`: the lead is far enough to begin a deal; otherwise only one that exists is changed. */
  readonly deal: { readonly fields: Fields; readonly isWorth: boolean };
  /** Of a call, these wait for its end. */
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
  const isOver = call.endMs !== null;
  return planOf({
    identity,
    label,
    values: valuesOf(message, context),
    context,
    isDealWorth: context.dealStages.includes(lead.stage),
    writes: { call: isOver, note: isOver, task: isOver && lead.callBack !== undefined },
  });
}

/** What the mapping makes of what is known. */
export function planOf(about: {
  readonly identity: Identity;
  readonly label: string;
  readonly values: Values;
  readonly context: Pick<PlanContext, 'mapping'>;
  readonly isDealWorth: boolean;
  readonly writes: Readonly<Record<'call' | 'note' | 'task', boolean>>;
}): CrmPlan {
  const { identity, label, values, isDealWorth, writes } = about;
  const { mapping } = about.context;
  const contact = fillFields(mapping.contact, values);
  const fieldsOf = (object: 'deal' | 'call' | 'note' | 'task'): Fields => {
    const { always, ifEmpty } = fillFields(mapping[object], values);
    return { ...always, ...ifEmpty };
  };
  return {
    contact: { identity, label, fields: contact.always, ifEmpty: contact.ifEmpty },
    deal: { fields: fieldsOf('deal'), isWorth: isDealWorth },
    call: writes.call ? fieldsOf('call') : null,
    note: writes.note ? fieldsOf('note') : null,
    task: writes.task ? fieldsOf('task') : null,
  };
}
