import { env } from 'cloudflare:workers';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import * as v from 'valibot';
import { CalDavCalendar } from '../calendars/caldav.ts';
import { CalendarSettings } from '../calendars/settings.ts';
import { app } from '../http/app.ts';
import { MailSettings } from '../mail/settings.ts';
import { perform } from '../scheduling/perform.ts';
import { asStaff, mondayMs, setUpBusiness } from '../test/control-plane.ts';
import { peerTrouble, type PeerAddresses } from './peer.ts';

const deployed = { PRIVATE_ADDRESSES: 'refused', DNS_RESOLVER_URL: 'https://dns.test/dns-query' } as const;
const onALaptop: PeerAddresses = { PRIVATE_ADDRESSES: 'allowed', DNS_RESOLVER_URL: undefined };

const login = { username: 'ann', password: 'secret' };
const calDav = (url: string) => v.parse(CalendarSettings, { kind: 'caldav', url, ...login });
const calCom = (url: string) => v.parse(CalendarSettings, { kind: 'calcom', url, apiKey: 'cal_1', eventTypes: {} });
const smtp = (host: string) =>
  v.parse(MailSettings, { provider: 'smtp', host, port: 587, from: { email: 'a@summit.example' }, ...login });

/** A network whose every name leads to this address; what was fetched beside that is kept. */
function startNetwork(address: string): string[] {
  const fetched: string[] = [];
  const spy = vi.spyOn(globalThis, 'fetch').mockImplementation(async (input) => {
    const url = new URL(input instanceof Request ? input.url : String(input));
    if (url.host === 'dns.test') return Response.json({ Status: 0, Answer: [{ type: 1, data: address }] });
    fetched.push(url.href);
    return Promise.resolve(new Response('', { status: 404 }));
  });
  onTestFinished(() => {
    spy.mockRestore();
  });
  return fetched;
}

const inside = [
  calDav('https://192.168.1.20:5232/ann/'),
  calDav('http://localhost:5232/ann/'),
  calDav('http://dav.example/ann/'),
  calCom('https://cal.internal'),
  calCom('https://[::ffff:10.0.0.1]/'),
  smtp('127.0.0.1'),
  smtp('2130706433'),
  smtp('::1'),
  smtp('mail'),
  smtp('nas.lan'),
];

describe('an owner’s calendar or mail server', () => {
  it.each(inside.map((peer) => ['url' in peer ? peer.url : 'host' in peer ? peer.host : '', peer] as const))(
    'at %s: only where private addresses are allowed',
    async (_, peer) => {
      startNetwork('93.184.216.34');
      expect(await peerTrouble(peer, deployed)).toContain('PRIVATE_ADDRESSES');
      expect(await peerTrouble(peer, onALaptop)).toBeNull();
    },
  );

  it('is looked up by its name', async () => {
    startNetwork('10.0.0.8');
    for (const peer of [calDav('https://dav.example/ann/'), calCom('https://cal.example'), smtp('mail.example')])
      expect(await peerTrouble(peer, deployed)).toContain('leads to a private network');
    const resend = v.parse(MailSettings, { provider: 'resend', apiKey: 're_1', from: { email: 'a@summit.example' } });
    expect(await peerTrouble(resend, deployed)).toBeNull();
    vi.restoreAllMocks();
    startNetwork('93.184.216.34');
    for (const peer of [calDav('https://dav.example/ann/'), calCom('https://cal.example'), smtp('mail.example')])
      expect(await peerTrouble(peer, deployed)).toBeNull();
  });

  it('is never where clouds keep their metadata', async () => {
    for (const peer of [calDav('http://169.254.169.254/'), calCom('http://[fd00:ec2::254]/'), smtp('169.254.169.254')])
      expect(await peerTrouble(peer, onALaptop)).toContain('metadata');
  });

  it('is refused when it is connected, and nobody is asked', async () => {
    const { business } = await setUpBusiness();
    const fetched = startNetwork('10.0.0.8');
    const connect = async (path: string, body: unknown) => {
      const init = { method: 'PUT', headers: asStaff, body: JSON.stringify(body) };
      const answer = await app.request(`/v1/businesses/${business}/${path}`, init, { ...env, ...deployed });
      return [answer.status, await answer.json()];
    };
    expect(await connect('calendars/main', calDav('https://dav.example/ann/'))).toMatchObject([
      400,
      { error: { field: 'url', message: expect.stringContaining('private network') } },
    ]);
    expect(await connect('mail', smtp('10.0.0.5'))).toMatchObject([400, { error: { field: 'host' } }]);
    expect(fetched).toEqual([]);
  });

  it('is asked nothing any more once its name leads inside, and is tried again later', async () => {
    const fetched = startNetwork('10.0.0.8');
    const work = {
      kind: 'sync',
      connectionId: 'main',
      settings: calDav('https://dav.example/ann/'),
      business: 'summit',
      zone: 'America/Denver',
      cursor: null,
      range: { fromMs: mondayMs, toMs: mondayMs + 1 },
      writings: 0,
    } as const;
    expect((await perform(work, deployed)).result).toMatchObject({
      outcome: 'failed',
      error: expect.stringContaining('private network'),
    });
    expect(fetched).toEqual([]);
  });

  it('is not followed where it names an entry on another host', async () => {
    const fetched = startNetwork('93.184.216.34');
    const account = { url: 'https://dav.example/ann/', ...login };
    const calendar = new CalDavCalendar(account, { business: 'summit', zone: 'UTC' });
    const standing = { appointmentId: crypto.randomUUID(), times: [] };
    for (const remoteId of ['//10.0.0.8/ann/1.ics', '\\\\10.0.0.8\\1.ics', 'http://dav.example/ann/1.ics'])
      await expect(calendar.remove({ ...standing, remoteId })).rejects.toThrow('not on it');
    expect(fetched).toEqual([]);
    await calendar.remove({ ...standing, remoteId: '/ann/1.ics' });
    expect(fetched).toEqual(['https://dav.example/ann/1.ics']);
  });
});
