import type { PeerAddresses } from '../address/peer.ts';
import type { CallOrderRequest } from '../../contract/outbound.ts';
import type { Settings } from '../settings.ts';
import type { BusinessKey } from './data-key.ts';
import type { Alarm } from './alarm.ts';
import type { DeliveryDesk } from './delivery-desk.ts';
import type { SchedulingTask } from '../scheduling/task.ts';

/** What the desk shares with the business whose it is. */
export interface DeskContext {
  readonly storage: DurableObjectStorage;
  readonly alarm: Alarm;
  readonly key: BusinessKey;
  /** Appointments that were changed are told to the CRM and to the owner's own systems. */
  readonly deliveries: Pick<DeliveryDesk, 'notifyChange' | 'sendDue'>;
  settings(): Pick<Settings, 'PUBLIC_URL'> & PeerAddresses;
  exists(): boolean;
  now(): number;
  /** Places a call; null when it will be placed, else why not. */
  orderCall(request: CallOrderRequest, idempotencyKey: string): Promise<string | null>;
  enqueue(task: SchedulingTask): Promise<void>;
}
