import type { JobResult } from '../business/jobs.ts';
import { peerTrouble, type PeerAddresses } from '../address/peer.ts';
import { CalendarError } from '../calendars/remote-calendar.ts';
import { remoteCalendar } from '../calendars/settings.ts';
import { errorText } from '../log.ts';
import { mailSender } from '../mail/settings.ts';
import type { Work, Yield } from './work.ts';

export interface Performed {
  readonly result: JobResult;
  readonly yield: Yield;
}

/** Does what a job asks for, unless it would lead into a network that is not to be reached. Never throws: what another system does is a result. */
export async function perform(work: Work, addresses: PeerAddresses): Promise<Performed> {
  try {
    const trouble = await peerTrouble(work.settings, addresses);
    // A name may lead elsewhere the next time.
    if (trouble !== null)
      return { result: { outcome: 'failed', error: trouble, retryAfterS: null }, yield: { kind: 'nothing' } };
    return await attempt(work);
  } catch (error) {
    const nothing: Yield = { kind: 'nothing' };
    if (!(error instanceof CalendarError)) {
      return { result: { outcome: 'failed', error: errorText(error), retryAfterS: null }, yield: nothing };
    }
    const { message, isPermanent, retryAfterS } = error;
    return {
      result: isPermanent ? { outcome: 'refused', error: message } : { outcome: 'failed', error: message, retryAfterS },
      yield: nothing,
    };
  }
}

async function attempt(work: Work): Promise<Performed> {
  const done: JobResult = { outcome: 'done' };
  switch (work.kind) {
    case 'mail': {
      const sent = await mailSender(work.settings).send(work.mail);
      return { result: sent.outcome === 'sent' ? done : sent, yield: { kind: 'nothing' } };
    }
    case 'put': {
      const { connectionId, entry } = work;
      const remoteId = await remoteCalendar(work.settings, work).put(entry, work.remoteId);
      return { result: done, yield: { kind: 'stands', connectionId, entry, remoteId } };
    }
    case 'remove': {
      const { connectionId, appointmentId } = work;
      await remoteCalendar(work.settings, work).remove(work);
      return { result: done, yield: { kind: 'removed', connectionId, appointmentId } };
    }
    case 'sync': {
      const { connectionId, cursor, range, writings } = work;
      const calendar = remoteCalendar(work.settings, work);
      // Where nothing of ours is, nothing of ours changes.
      const changes = work.settings.writes
        ? await calendar.changes(cursor, range)
        : { changes: [], cursor: '', isWhole: false };
      const { times, unread } = await calendar.busy(range);
      return {
        result: done,
        yield: { kind: 'synced', connectionId, from: cursor, writings, changes, busy: times, unread },
      };
    }
    default:
      return work satisfies never;
  }
}
