import { once } from 'node:events';
import { mkdtemp } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AxeBuilder } from '@axe-core/playwright';
import { serve, type ServerType } from '@hono/node-server';
import { type Browser, chromium } from 'playwright-core';
import { createBuilder } from 'vite';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createDemoApp } from '../server/app.ts';
import { LeadInbox } from '../server/lead-inbox.ts';
import { loadSite } from '../server/site.ts';
import { sampleLead } from './sample-lead.ts';

vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 });

let server: ServerType;
let browser: Browser;
let inbox: LeadInbox;
let origin = '';

beforeAll(async () => {
  const outDir = await mkdtemp(join(tmpdir(), 'parley-demo-site-'));
  const configFile = fileURLToPath(new URL('../../vite.config.ts', import.meta.url));
  const builder = await createBuilder({ configFile, environments: { demo: { build: { outDir } } } });
  const { demo } = builder.environments;
  if (demo === undefined) throw new Error('vite.config.ts has no demo environment.');
  await builder.build(demo);

  inbox = await LeadInbox.open(join(outDir, 'webhooks.jsonl'));
  const parleyHost = 'http://127.0.0.1:9';
  const site = await loadSite(outDir, parleyHost);
  const app = createDemoApp({ site, inbox, crmSecret: 'whsec_c2VjcmV0', parleyHost, nowMs: () => 1_000 });
  server = serve({ fetch: app.fetch, hostname: '127.0.0.1', port: 0 });
  await once(server, 'listening');
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  browser = await chromium.launch({
    executablePath: process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium',
    args: ['--headless', '--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'],
  });
});

afterAll(async () => {
  await browser.close();
  server.close();
});

describe('the demo’s pages', () => {
  it('say that there is no lead yet, then show the first without a reload', async () => {
    const page = await browser.newPage();
    await page.goto(`${origin}/crm`);
    await page.getByRole('heading', { name: 'No leads yet' }).waitFor();
    await inbox.add({ webhookId: 'one', receivedAtMs: 1_000, message: sampleLead });
    await page.getByRole('heading', { name: 'Maria Lopez' }).waitFor();
    await page.getByText('Signature verified').waitFor();
    await page.getByText('about 2,000 square feet').waitFor();
    await page.getByText('Needs a new roof').waitFor();
    await page.getByText('We had hail last night.').waitFor();
    expect(await page.getByRole('status').textContent()).toBe('1 lead');
    await page.close();
  });

  const cases = ['/', '/crm'].flatMap((path) =>
    (['light', 'dark'] as const).flatMap((colorScheme) => [1_280, 390].map((width) => ({ path, colorScheme, width }))),
  );
  it.each(cases)('$path in $colorScheme at $width px: accessible, and no wider than the screen', async (view) => {
    const { path, colorScheme, width } = view;
    const context = await browser.newContext({
      colorScheme,
      viewport: { width, height: 800 },
      reducedMotion: 'reduce',
    });
    const page = await context.newPage();
    await page.goto(origin + path);
    if (path === '/crm') await page.getByRole('heading', { name: 'Maria Lopez' }).waitFor();
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)).toEqual([]);
    const overflowPx = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    expect(overflowPx).toBeLessThanOrEqual(0);
    await context.close();
  });
});
