import type { MicrophoneFault } from '../call/call-state.ts';

export type MicrophoneAnswer =
  | { readonly ok: true; readonly track: MediaStreamTrack }
  | { readonly ok: false; readonly fault: MicrophoneFault };

/** Echo cancellation keeps the agent from hearing itself; one channel is all that speech needs. */
const CONSTRAINTS: MediaStreamConstraints = {
  audio: { echoCancellation: true, noiseSuppression: true, autoGainControl: true, channelCount: 1 },
};

/** Asks the visitor for the microphone. A refusal is an answer, not an exception. */
export async function openMicrophone(page: {
  readonly isSecureContext: boolean;
  readonly mediaDevices: Pick<MediaDevices, 'getUserMedia'> | undefined;
}): Promise<MicrophoneAnswer> {
  if (!page.isSecureContext) return { ok: false, fault: 'insecure' };
  if (page.mediaDevices === undefined) return { ok: false, fault: 'unsupported' };
  try {
    const stream = await page.mediaDevices.getUserMedia(CONSTRAINTS);
    const [track] = stream.getAudioTracks();
    return track === undefined ? { ok: false, fault: 'missing' } : { ok: true, track };
  } catch (error) {
    return { ok: false, fault: faultOf(error) };
  }
}

/** Exceptions of getUserMedia: W3C Media Capture and Streams §10.2. */
function faultOf(error: unknown): MicrophoneFault {
  switch (error instanceof Error ? error.name : '') {
    case 'NotAllowedError':
    case 'SecurityError':
      return 'denied';
    case 'NotFoundError':
    case 'OverconstrainedError':
      return 'missing';
    case 'NotReadableError':
    case 'AbortError':
      return 'in-use';
    default:
      return 'unsupported';
  }
}
