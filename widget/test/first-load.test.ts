import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { Shop } from './shop.ts';

vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 });

const MAX_FIRST_LOAD_BYTES = 10_000;

let shop: Shop;
beforeAll(async () => {
  shop = await Shop.open();
});
afterEach(() => shop.dismiss());
afterAll(() => shop.close());

describe('the first load', () => {
  it('is one script of at most 10 kB gzipped, Lit included', async () => {
    const script = await readFile(join(shop.widgetFolder, 'parley.js'));
    // No static import: nothing else is needed before a click.
    expect(script.toString()).not.toMatch(/^import\b(?!\()/m);
    expect(gzipSync(script, { level: 6 }).byteLength).toBeLessThanOrEqual(MAX_FIRST_LOAD_BYTES);
  });

  it('asks the host for the script alone; a click brings the panel, a voice call its media', async () => {
    const requests: string[] = [];
    const visitor = await shop.visitor();
    visitor.page.on('request', (request) => requests.push(new URL(request.url()).pathname.replace(/-[^.]*/, '')));
    await visitor.page.reload();
    await visitor.button('Talk to sales').waitFor();
    expect(requests).toEqual(['/', '/parley.js']);
    await visitor.openPanel();
    expect(requests.slice(2)).toEqual(
      ['/parley/call', '/v1/businesses/ridgeline'].map((path) => expect.stringContaining(path)),
    );
    await visitor.button('Type instead').click();
    await visitor.page.getByRole('textbox').waitFor();
    expect(requests.some((path) => path.includes('media'))).toBe(false);
  });

  it('breaks no strict Content-Security-Policy', async () => {
    const visitor = await shop.visitor();
    const violations: string[] = [];
    await visitor.page.exposeFunction('tellViolation', (text: string) => violations.push(text));
    await visitor.page.evaluate(() =>
      addEventListener('securitypolicyviolation', (event) => {
        Reflect.apply(Reflect.get(window, 'tellViolation'), window, [`${event.violatedDirective} ${event.blockedURI}`]);
      }),
    );
    await visitor.startTyped();
    await visitor.button('End conversation').click();
    await visitor.page.getByRole('heading', { name: 'Thank you for calling' }).waitFor();
    expect(violations).toEqual([]);
    expect(visitor.complaints).toEqual([]);
  });

  it('lets any site load it, and lets what has a hash in its name be kept for ever', async () => {
    const headers = await readFile(join(shop.widgetFolder, '_headers'), 'utf8');
    expect(headers).toMatch(
      /^\/\*\n {2}Access-Control-Allow-Origin: \*\n {2}Cross-Origin-Resource-Policy: cross-origin/m,
    );
    expect(headers).toMatch(/^\/parley\/\*\n {2}Cache-Control: public, max-age=31536000, immutable/m);
    expect(headers).toMatch(/^\/parley\.js\n {2}Cache-Control: public, max-age=300/m);
    const files = await readdir(join(shop.widgetFolder, 'parley'));
    expect(files.filter((file) => !/-[\w-]{8}\.js$/.test(file))).toEqual([]);
  });
});
