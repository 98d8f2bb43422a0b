import { AxeBuilder } from '@axe-core/playwright';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { problem } from './fake-host.ts';
import { deadMediaOffer } from './fake-media.ts';
import { Shop } from './shop.ts';
import type { Visitor } from './visitor.ts';

vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 });

let shop: Shop;
beforeAll(async () => {
  shop = await Shop.open();
});
afterEach(() => shop.dismiss());
afterAll(() => shop.close());

/** Ways to each screen, by its name. */
const screens: Record<string, (visitor: Visitor) => Promise<void>> = {
  button: async (visitor) => visitor.button('Talk to sales').waitFor(),
  consent: (visitor) => visitor.openPanel(),
  'microphone blocked': async (visitor) => {
    await visitor.openPanel();
    await visitor.button('Start call').click();
    await visitor.page.getByRole('heading', { name: 'The microphone is blocked' }).waitFor();
  },
  'voice call': async (visitor) => {
    shop.host.media = deadMediaOffer('axe');
    await visitor.startVoice();
    await speak(visitor);
    await visitor.button('Mute').click();
  },
  'typed call': async (visitor) => {
    await visitor.startTyped();
    await speak(visitor);
    shop.host.send({ type: 'problem', code: 'rate-limited', message: 'Too fast.', action: 'Slow down.' });
    await visitor.page.getByText('Too fast. Slow down.').waitFor();
  },
  ended: async (visitor) => {
    await visitor.startTyped();
    await speak(visitor);
    await visitor.button('End conversation').click();
    await visitor.page.getByRole('heading', { name: 'What happens next' }).waitFor();
  },
  failed: async (visitor) => {
    shop.host.sessionProblem = { status: 503, body: problem('at-capacity', 'All lines are busy.', 'Try later.') };
    await visitor.openPanel();
    await visitor.button('Type instead').click();
    await visitor.page.getByRole('heading', { name: 'All lines are busy.' }).waitFor();
  },
};

async function speak(visitor: Visitor): Promise<void> {
  shop.host.send({ type: 'caption', id: '1', who: 'agent', text: 'How can I help?', final: true, atMs: 1 });
  shop.host.send({ type: 'caption', id: '2', who: 'caller', text: 'My roof leaks.', final: true, atMs: 2 });
  shop.host.send({ type: 'caption', id: '3', who: 'caller', text: 'Since last', final: false, atMs: 3 });
  shop.host.send({
    type: 'booked',
    serviceName: 'a free roof inspection',
    startMs: Date.UTC(2026, 10, 24, 16),
    endMs: Date.UTC(2026, 10, 24, 17),
    timeZone: 'America/Denver',
    icsUrl: '/a.ics',
  });
  await visitor.page.getByText('Tuesday, November 24').waitFor();
}

describe('accessibility', () => {
  const cases = (['light', 'dark'] as const).flatMap((colorScheme) =>
    Object.entries(screens).map(([screen, go]) => ({ colorScheme, screen, go })),
  );
  it.each(cases)('axe finds nothing on "$screen" in $colorScheme', async ({ colorScheme, screen, go }) => {
    // The opening animation would be measured half transparent.
    const visitor = await shop.visitor(
      { microphoneBlocked: screen === 'microphone blocked' },
      { colorScheme, reducedMotion: 'reduce' },
    );
    await go(visitor);
    const { violations, passes } = await new AxeBuilder({ page: visitor.page })
      .include('parley-call')
      .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'])
      .analyze();
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)).toEqual([]);
    expect(passes.map(({ id }) => id)).toContain('color-contrast');
  });

  it('is one sheet over the page on a phone, without sideways scrolling', async () => {
    const visitor = await shop.visitor({}, { viewport: { width: 320, height: 640 } });
    await visitor.startTyped();
    await speak(visitor);
    const box = await visitor.page.getByRole('dialog').boundingBox();
    expect(box).toEqual({ x: 0, y: 0, width: 320, height: 640 });
    for (const name of ['End conversation', 'Send']) {
      const button = await visitor.button(name).boundingBox();
      expect(button?.height).toBeGreaterThanOrEqual(44);
      expect((button?.x ?? 0) + (button?.width ?? 999)).toBeLessThanOrEqual(320);
      expect((button?.y ?? 0) + (button?.height ?? 999)).toBeLessThanOrEqual(640);
    }
  });
});
