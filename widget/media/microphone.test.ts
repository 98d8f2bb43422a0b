import { describe, expect, it } from 'vitest';
import { openMicrophone } from './microphone.ts';

const refusing = (name: string) => ({
  isSecureContext: true,
  mediaDevices: { getUserMedia: () => Promise.reject(new DOMException('refused', name)) },
});

describe('openMicrophone', () => {
  it.each([
    ['NotAllowedError', 'denied'],
    ['SecurityError', 'denied'],
    ['NotFoundError', 'missing'],
    ['OverconstrainedError', 'missing'],
    ['NotReadableError', 'in-use'],
    ['AbortError', 'in-use'],
    ['TypeError', 'unsupported'],
  ])('answers %s as %s', async (name, fault) => {
    expect(await openMicrophone(refusing(name))).toEqual({ ok: false, fault });
  });

  it('does not ask on a page that is not secure', async () => {
    let asked = false;
    const mediaDevices = {
      getUserMedia: () => {
        asked = true;
        return Promise.reject(new Error('asked'));
      },
    };
    expect(await openMicrophone({ isSecureContext: false, mediaDevices })).toEqual({ ok: false, fault: 'insecure' });
    expect(asked).toBe(false);
  });

  it('knows a browser without media devices', async () => {
    expect(await openMicrophone({ isSecureContext: true, mediaDevices: undefined })).toEqual({
      ok: false,
      fault: 'unsupported',
    });
  });
});
