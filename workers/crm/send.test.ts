import { afterEach, describe, expect, it, vi } from 'vitest';
import { crm } from '../test/control-plane.ts';
import { send, timeoutMs } from './send.ts';

const post = { url: crm.url, secrets: [crm.secret], webhookId: 'delivery-1', body: '{}', nowMs: 1_000 };

afterEach(() => {
  vi.restoreAllMocks();
});

describe('send', () => {
  it('gives up on a receiver that does not answer in time', async () => {
    const timeout = vi
      .spyOn(AbortSignal, 'timeout')
      .mockReturnValue(AbortSignal.abort(new DOMException('too slow', 'TimeoutError')));
    vi.spyOn(globalThis, 'fetch').mockImplementation(async (_, init) => {
      init?.signal?.throwIfAborted();
      return new Response();
    });
    expect(await send(post)).toEqual({
      outcome: 'failed',
      status: null,
      error: 'No answer: TimeoutError: too slow',
      retryAfterS: null,
      concerns: 'crm',
    });
    expect(timeout).toHaveBeenCalledWith(timeoutMs);
  });

  it('does not follow a redirect with the signed body', async () => {
    const fetched = vi
      .spyOn(globalThis, 'fetch')
      .mockResolvedValue(new Response(null, { status: 307, headers: { location: 'https://elsewhere.test' } }));
    expect(await send(post)).toMatchObject({ outcome: 'refused', status: 307 });
    expect(fetched.mock.calls[0]?.[1]?.redirect).toBe('manual');
  });

  it.each([408, 409, 425, 429, 500, 502, 503, 599])('may be tried again after %i', async (status) => {
    vi.spyOn(globalThis, 'fetch').mockResolvedValue(new Response(null, { status, headers: { 'retry-after': '7' } }));
    expect(await send(post)).toMatchObject({ outcome: 'failed', status, retryAfterS: 7 });
  });
});
