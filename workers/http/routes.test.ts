import { describe, expect, it } from 'vitest';
import { openSession, request, setUpBusiness } from '../test/control-plane.ts';

describe('smoke', () => {
  it('opens a session', async () => {
    expect((await request('GET', '/healthz')).status).toBe(200);
    const { business } = await setUpBusiness();
    expect((await openSession(business)).callId).toMatch(/-4/);
  });
});
