import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { deadMediaOffer } from './fake-media.ts';
import { Shop } from './shop.ts';

vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 });

let shop: Shop;
beforeAll(async () => {
  shop = await Shop.open();
});
afterEach(() => shop.dismiss());
afterAll(() => shop.close());

describe('consent', () => {
  it('comes before the microphone and before the session', async () => {
    shop.host.media = deadMediaOffer('a');
    const visitor = await shop.visitor();
    await visitor.openPanel();
    await visitor.page.getByText('Ava is an AI assistant, not a person.').waitFor();
    expect(await visitor.microphoneRequests()).toBe(0);
    expect(shop.host.sessions).toEqual([]);

    await visitor.button('Start call').click();
    await visitor.button('Hang up').waitFor();
    expect(await visitor.microphoneRequests()).toBe(1);
    expect(shop.host.sessions).toMatchObject([
      { business: 'ridgeline-roofing', mode: 'voice', consent: { accepted: true, version: '2026-11' } },
    ]);
    expect(shop.host.sessions[0]?.pageUrl).toBe(visitor.page.url());
    expect(shop.host.sessions[0]?.timeZone).toBe('America/Denver');
    expect(shop.host.sessions[0]?.locale).toBe('en');
  });

  it('asks for one clean channel and offers it as steady Opus with error correction', async () => {
    shop.host.media = deadMediaOffer('b');
    const visitor = await shop.visitor();
    await visitor.startVoice();
    await expect.poll(() => shop.host.of('produce').length).toBe(1);
    expect(shop.host.of('connect-transport').map(({ direction }) => direction)).toEqual(['send']);
    expect(shop.host.of('consume')).toHaveLength(1);
    expect(shop.host.of('produce')[0]?.rtpParameters).toMatchObject({
      codecs: [
        {
          mimeType: 'audio/opus',
          parameters: { useinbandfec: 1, usedtx: 0, 'sprop-stereo': 0, ptime: 20 },
        },
      ],
    });
  });

  it('leaves no trace when the visitor says not now', async () => {
    const visitor = await shop.visitor();
    await visitor.openPanel();
    await visitor.button('Not now').click();
    await visitor.page.getByRole('dialog').waitFor({ state: 'hidden' });
    expect(await visitor.microphoneRequests()).toBe(0);
    expect(shop.host.sessions).toEqual([]);
    expect(await visitor.page.evaluate(() => document.activeElement?.localName)).toBe('parley-call');
  });

  it('lets a visitor with a blocked microphone type with the same agent', async () => {
    const visitor = await shop.visitor({ microphoneBlocked: true });
    await visitor.openPanel();
    await visitor.button('Start call').click();
    await visitor.page.getByRole('heading', { name: 'The microphone is blocked' }).waitFor();
    expect(shop.host.sessions).toEqual([]);

    await visitor.button('Type instead').click();
    const field = visitor.page.getByRole('textbox', { name: 'Message' });
    await field.fill('My roof leaks');
    await field.press('Enter');
    await expect.poll(() => shop.host.of('say')).toEqual([{ type: 'say', text: 'My roof leaks' }]);
    expect(shop.host.of('hello')).toMatchObject([{ mode: 'text' }]);
  });

  it.each([
    ['NotFoundError', 'No microphone found'],
    ['NotReadableError', 'The microphone is busy'],
  ])('explains %s', async (name, heading) => {
    const visitor = await shop.visitor();
    await visitor.page.evaluate((name) => {
      navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('', name));
    }, name);
    await visitor.openPanel();
    await visitor.button('Start call').click();
    await visitor.page.getByRole('heading', { name: heading }).waitFor();
    await visitor.button('Type instead').waitFor();
    expect(shop.host.sessions).toEqual([]);
  });
});
