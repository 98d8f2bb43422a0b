import type { CrmKind, Vendor } from './crm.ts';
import { hubSpot } from './hubspot/hubspot.ts';
import { pipedrive } from './pipedrive/pipedrive.ts';
import { salesforce } from './salesforce/salesforce.ts';

export const vendors: Readonly<Record<CrmKind, Vendor>> = { hubspot: hubSpot, pipedrive, salesforce };
