import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { CALL_ID, problem } from './fake-host.ts';
import { deadMediaOffer } from './fake-media.ts';
import { Shop } from './shop.ts';

vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 });

let shop: Shop;
beforeAll(async () => {
  shop = await Shop.open();
});
afterEach(() => shop.dismiss());
afterAll(() => shop.close());

const booked = {
  type: 'booked',
  serviceName: 'a free roof inspection',
  startMs: Date.UTC(2026, 10, 24, 16),
  endMs: Date.UTC(2026, 10, 24, 17),
  timeZone: 'America/Denver',
  icsUrl: '/v1/appointments/a.ics',
} as const;

describe('a conversation', () => {
  it('shows words as they come and keeps the final ones', async () => {
    const visitor = await shop.visitor();
    await visitor.startTyped();
    const log = visitor.page.getByRole('log');
    shop.host.send({ type: 'caption', id: '1', who: 'caller', text: 'I need a', final: false, atMs: 1 });
    await visitor.page.getByText('I need a', { exact: true }).waitFor();
    expect(await log.getByText('I need a').count()).toBe(0);
    shop.host.send({ type: 'caption', id: '1', who: 'caller', text: 'I need a new roof.', final: true, atMs: 1 });
    await log.getByText('You I need a new roof.').waitFor();
    shop.host.send({ type: 'caption', id: '2', who: 'agent', text: '<b>How</b> big is it?', final: true, atMs: 2 });
    await log.getByText('Ava <b>How</b> big is it?').waitFor();
    expect(visitor.complaints).toEqual([]);
  });

  it('ends with what happens next, the booking and its calendar file', async () => {
    const visitor = await shop.visitor();
    await visitor.startTyped();
    shop.host.send(booked);
    shop.host.send({
      type: 'ended',
      reason: 'agent-goodbye',
      outcome: 'appointment-booked',
      next: ['We will see you on Tuesday.'],
    });
    await visitor.page.getByRole('heading', { name: 'You are booked' }).waitFor();
    await visitor.page.getByText('We will see you on Tuesday.').waitFor();
    await visitor.page.getByText('Tuesday, November 24').waitFor();
    const link = visitor.page.getByRole('link', { name: 'Add to calendar' });
    expect(await link.getAttribute('href')).toBe(`${shop.host.origin}/v1/appointments/a.ics`);
    expect(await visitor.events()).toEqual([
      { type: 'parley-open', detail: null },
      { type: 'parley-call-start', detail: { callId: CALL_ID } },
      {
        type: 'parley-booked',
        detail: {
          serviceName: booked.serviceName,
          startMs: booked.startMs,
          endMs: booked.endMs,
          timeZone: booked.timeZone,
          icsUrl: booked.icsUrl,
        },
      },
      { type: 'parley-call-end', detail: { callId: CALL_ID, outcome: 'appointment-booked' } },
    ]);
  });

  it('offers no link to a calendar address that is not of the web', async () => {
    const visitor = await shop.visitor();
    await visitor.startTyped();
    shop.host.send({ ...booked, icsUrl: 'javascript:alert(1)' });
    await visitor.page.getByText('Tuesday, November 24').waitFor();
    expect(await visitor.page.getByRole('link', { name: 'Add to calendar' }).count()).toBe(0);
  });

  it('can be walked with the keyboard alone', async () => {
    shop.host.media = deadMediaOffer('keyboard');
    const visitor = await shop.visitor();
    const { page } = visitor;
    const press = (key: string): Promise<void> => page.keyboard.press(key);
    await page.getByRole('link', { name: 'Before' }).focus();
    await press('Tab');
    await press('Enter');
    const heading = page.getByRole('heading', { name: 'Talk to Ava at Ridgeline Roofing' });
    await heading.waitFor();
    await expect.poll(() => heading.evaluate((element) => element.matches(':focus'))).toBe(true);
    await press('Tab');
    await press('Tab');
    await press('Enter');
    const mute = visitor.button('Mute');
    await mute.waitFor();
    await expect.poll(() => mute.evaluate((element) => element.matches(':focus'))).toBe(true);
    await press('Alt+m');
    await visitor.button('Unmute').waitFor();
    expect(shop.host.of('mute')).toEqual([{ type: 'mute', muted: true }]);
    // Escape puts the panel away; the call goes on behind the button.
    await press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
    await visitor.button('Back to your call').press('Enter');
    await visitor.button('Unmute').waitFor();
    expect(shop.host.of('hang-up')).toEqual([]);
    await press('Tab');
    await press('Enter');
    await page.getByRole('heading', { name: 'Thank you for calling' }).waitFor();
    expect(shop.host.of('hang-up')).toHaveLength(1);
    await press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
    expect(await page.evaluate(() => document.activeElement?.localName)).toBe('parley-call');
  });

  it('finds its way back after the line was cut, and sends what was typed meanwhile', async () => {
    const visitor = await shop.visitor();
    await visitor.startTyped();
    shop.host.refuseSockets = true;
    shop.host.dropSockets();
    await visitor.page.getByText('Reconnecting…').first().waitFor();
    const field = visitor.page.getByRole('textbox', { name: 'Message' });
    await field.fill('Are you there?');
    await field.press('Enter');
    shop.host.refuseSockets = false;
    await expect
      .poll(() => shop.host.of('say'), { timeout: 10_000 })
      .toEqual([{ type: 'say', text: 'Are you there?' }]);
    expect(shop.host.of('resume')).toEqual([{ type: 'resume', callId: CALL_ID, resumeKey: 'resume-key' }]);
    await visitor.page.getByText('Reconnecting…').first().waitFor({ state: 'detached' });
  });

  it('tells the node that the visitor is writing', async () => {
    const visitor = await shop.visitor();
    await visitor.startTyped();
    await visitor.page.getByRole('textbox', { name: 'Message' }).fill('My roof');
    await expect.poll(() => shop.host.of('typing')).toEqual([{ type: 'typing' }]);
  });

  it('says that a voice call is still connecting, and takes what is typed', async () => {
    shop.host.media = deadMediaOffer('slow');
    const visitor = await shop.visitor();
    await visitor.startVoice();
    await visitor.page.getByRole('status').getByText('Connecting…').waitFor({ state: 'attached' });
    await visitor.page.getByText('What you type is answered once you are connected.').waitFor();
    const field = visitor.page.getByRole('textbox', { name: 'Message' });
    await field.fill('My roof leaks.');
    await field.press('Enter');
    await expect.poll(() => shop.host.of('say')).toEqual([{ type: 'say', text: 'My roof leaks.' }]);
  });

  it('builds its media anew when the node asks, with the same microphone', async () => {
    shop.host.media = deadMediaOffer('one');
    const visitor = await shop.visitor();
    await visitor.startVoice();
    await expect.poll(() => shop.host.of('produce').length).toBe(1);
    shop.host.send({ type: 'media-restart', media: deadMediaOffer('two') });
    await visitor.page.getByText('Reconnecting…').first().waitFor();
    await expect.poll(() => shop.host.of('produce').length).toBe(2);
    expect(shop.host.of('consume')).toHaveLength(2);
    expect(await visitor.microphoneRequests()).toBe(1);
  });

  it('tells the node when the visitor leaves the page', async () => {
    const visitor = await shop.visitor();
    await visitor.startTyped();
    await visitor.page.goto('about:blank');
    await expect.poll(() => shop.host.of('hang-up').length).toBe(1);
  });

  it('ends when its element is taken out of the page, and can start again once it is back', async () => {
    const visitor = await shop.visitor();
    await visitor.startTyped();
    await visitor.page.evaluate(() => {
      const element = document.querySelector('parley-call');
      element?.remove();
      if (element !== null) document.querySelector('main')?.append(element);
    });
    await expect.poll(() => shop.host.of('hang-up').length).toBe(1);
    await visitor.button('Talk to sales').click();
    await visitor.page.getByRole('heading', { name: 'Thank you for calling' }).waitFor();
    await visitor.button('Call again').click();
    await visitor.page.getByRole('textbox', { name: 'Message' }).waitFor();
    expect(visitor.complaints).toEqual([]);
  });

  it('leaves nothing behind in the page, however often its language changes', async () => {
    const visitor = await shop.visitor();
    const { page } = visitor;
    const listeners = await visitor.windowListeners('pagehide');
    for (const [language, launcher, close] of [
      ['en', 'Talk to sales', 'Close'],
      ['es', 'Hable con ventas', 'Cerrar'],
      ['en', 'Talk to sales', 'Close'],
    ] as const) {
      await page.locator('parley-call').evaluate((element, lang) => element.setAttribute('lang', lang), language);
      await visitor.button(launcher).click();
      await visitor.button(close).click();
      await page.getByRole('dialog').waitFor({ state: 'hidden' });
    }
    expect(await visitor.windowListeners('pagehide')).toBe(listeners);
    expect(await page.locator('parley-call audio').count()).toBe(1);
    await page.locator('parley-call').evaluate((element) => element.remove());
    expect(await visitor.windowListeners('pagehide')).toBe(0);
  });

  it('does not pull a visitor down who reads further up', async () => {
    const visitor = await shop.visitor();
    await visitor.startTyped();
    const say = (id: number): void =>
      shop.host.send({ type: 'caption', id: `${id}`, who: 'agent', text: `Sentence ${id}.`, final: true, atMs: id });
    for (let id = 1; id <= 30; id += 1) say(id);
    const last = (id: number) => visitor.page.getByRole('log').getByText(`Sentence ${id}.`);
    await last(30).waitFor();
    const captions = visitor.page.getByRole('region', { name: 'Conversation' });
    const top = (): Promise<number> => captions.evaluate((element) => element.scrollTop);
    expect(await top()).toBeGreaterThan(0);
    await captions.evaluate((element) => element.scrollTo({ top: 0 }));
    say(31);
    await last(31).waitFor();
    expect(await top()).toBe(0);
  });

  it('starts over by itself when the session has gone stale', async () => {
    shop.host.helloProblems.push('token-expired');
    const visitor = await shop.visitor();
    await visitor.startTyped();
    expect(shop.host.sessions).toHaveLength(2);
    expect(await visitor.events()).not.toContainEqual(expect.objectContaining({ type: 'parley-error' }));
  });

  it('shows the host’s refusal with what to do, and tries again', async () => {
    shop.host.sessionProblem = {
      status: 503,
      body: problem('at-capacity', 'All lines are busy.', 'Please try again in a few minutes.'),
    };
    const visitor = await shop.visitor();
    await visitor.openPanel();
    await visitor.button('Type instead').click();
    await visitor.page.getByRole('heading', { name: 'All lines are busy.' }).waitFor();
    await visitor.page.getByText('Please try again in a few minutes.').waitFor();
    expect(await visitor.events()).toContainEqual({ type: 'parley-error', detail: { code: 'at-capacity' } });
    shop.host.sessionProblem = null;
    await visitor.button('Try again').click();
    await visitor.page.getByRole('textbox', { name: 'Message' }).waitFor();
  });

  it('says that the service cannot be reached', async () => {
    const visitor = await shop.visitor();
    await visitor.page.route('**/v1/**', (route) => route.abort());
    await visitor.button('Talk to sales').click();
    await visitor.page.getByText('We could not reach the call service.').waitFor();
    await visitor.page.unroute('**/v1/**');
    await visitor.button('Try again').click();
    await visitor.page.getByRole('heading', { name: 'Talk to Ava at Ridgeline Roofing' }).waitFor();
    expect(await visitor.events()).toContainEqual({ type: 'parley-error', detail: { code: 'unreachable' } });
  });

  it('says so beside the button when the call’s code does not load, and loads it at the next click', async () => {
    const visitor = await shop.visitor();
    await visitor.page.route('**/parley/*.js', (route) => route.abort());
    await visitor.button('Talk to sales').click();
    await visitor.page.getByRole('alert').waitFor();
    await visitor.page.unroute('**/parley/*.js');
    await visitor.openPanel();
    expect(await visitor.page.getByRole('alert').count()).toBe(0);
  });

  it('speaks Spanish on a Spanish page', async () => {
    const visitor = await shop.visitor({ html: 'lang="es-MX"' });
    await visitor.button('Hable con ventas').click();
    await visitor.button('Prefiero escribir').click();
    await visitor.page.getByRole('textbox', { name: 'Mensaje' }).waitFor();
    expect(await visitor.page.getByRole('dialog').getAttribute('lang')).toBe('es');
  });

  it('stands on the other side of a right-to-left page', async () => {
    const left = async (html: string): Promise<number> => {
      const visitor = await shop.visitor({ html }, { viewport: { width: 1280, height: 800 } });
      await visitor.openPanel();
      const box = await visitor.page.getByRole('dialog').boundingBox();
      return box?.x ?? Number.NaN;
    };
    expect(await left('lang="en" dir="ltr"')).toBe(1280 - 392 - 24);
    expect(await left('lang="en" dir="rtl"')).toBe(24);
  });
});
