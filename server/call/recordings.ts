import type { Bundle } from '../../dialogue/playbook/bundle.ts';
import type { Pacer } from '../agent/speak/pacer.ts';
import type { Log } from '../observe/log.ts';
import { CallRecording } from '../record/call-recording.ts';
import type { Spool } from '../record/spool.ts';
import type { Recorder } from './recorder.ts';

export interface RecordingsOptions {
  readonly spool: Spool;
  readonly pacer: Pick<Pacer, 'add'>;
  readonly now: () => number;
  readonly log: Log;
}

/** A call's recording, where its business wants one. It begins when its caller has been told. */
export type OpenRecording = (bundle: Bundle, recorder: Recorder) => CallRecording | undefined;

export function recordings({ spool, pacer, now, log }: RecordingsOptions): OpenRecording {
  return ({ business, spokenDisclosure }, recorder) => {
    if (!business.recording) return undefined;
    const { callId } = recorder;
    return new CallRecording({
      callId,
      business: recorder.business,
      disclosure: spokenDisclosure.map(({ text }) => text),
      spool,
      pacer,
      now,
      onBegin: () => recorder.add({ type: 'recording-start' }),
      onFault: (error) => {
        log.error('A call is not recorded any more', { callId, error });
        recorder.degraded('recording', error);
      },
    });
  };
}
