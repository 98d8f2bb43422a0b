import type { CrmKind, Vendor } from './crm.ts';
import { hubSpot } from './hubspot/hubspot.ts';

export const vendors: Readonly<Record<CrmKind, Vendor>> = { hubspot: hubSpot };
