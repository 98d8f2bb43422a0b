import { serve } from '@hono/node-server';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import {
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  chromium,
  type Locator,
  type Page,
} from 'playwright-core';

const CHROMIUM_ARGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--autoplay-policy=no-user-gesture-required',
  '--use-fake-ui-for-media-stream',
  '--use-fake-device-for-media-stream',
  '--allow-loopback-in-peer-connection',
  '--disable-features=WebRtcHideLocalIpsWithMdns',
];

export const launchBrowser = (): Promise<Browser> =>
  chromium.launch({ executablePath: process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium', args: CHROMIUM_ARGS });

export interface VisitorPage {
  /** On `<html>`, as `lang="en" dir="rtl"`. */
  readonly html?: string;
  /** On `<parley-call>`, besides the business. */
  readonly attributes?: string;
  readonly business?: string;
  /** The browser refuses the microphone, as when a visitor has said no. */
  readonly microphoneBlocked?: boolean;
}

/** A business's page on an origin of its own, under a Content-Security-Policy that allows the widget's host and no more. */
export async function servePage(
  hostOrigin: string,
  { html = 'lang="en"', attributes = '', business = 'ridgeline-roofing', microphoneBlocked = false }: VisitorPage = {},
): Promise<{ readonly origin: string; close(): void }> {
  const body = `<!doctype html><html ${html}><head><meta charset="utf-8"><title>A shop</title>
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <script type="module" src="${hostOrigin}/parley.js"></script></head>
    <body><main><h1>A shop</h1><a href="#before">Before</a>
    <parley-call business="${business}" ${attributes}></parley-call><a href="#after">After</a></main></body></html>`;
  const policy = `default-src 'none'; script-src ${hostOrigin}; style-src 'self'; connect-src ${hostOrigin} ${hostOrigin.replace('http', 'ws')}`;
  const server = serve({
    hostname: '127.0.0.1',
    port: 0,
    fetch: () =>
      new Response(body, {
        headers: {
          'content-type': 'text/html',
          'content-security-policy': policy,
          ...(microphoneBlocked && { 'permissions-policy': 'microphone=()' }),
        },
      }),
  });
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return { origin: `http://127.0.0.1:${port}`, close: () => void server.close() };
}

/** A visitor on the page, with everything the page complained about. */
export class Visitor {
  readonly context: BrowserContext;
  readonly page: Page;
  readonly complaints: string[] = [];

  private constructor(context: BrowserContext, page: Page) {
    this.context = context;
    this.page = page;
    page.on('pageerror', (error) => this.complaints.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error') this.complaints.push(message.text());
    });
  }

  static async visit(browser: Browser, url: string, options: BrowserContextOptions = {}): Promise<Visitor> {
    const context = await browser.newContext({ locale: 'en-US', timezoneId: 'America/Denver', ...options });
    const page = await context.newPage();
    await page.addInitScript(() => {
      const seen: { type: string; detail: unknown }[] = [];
      Object.assign(window, { parleyEvents: seen, microphoneRequests: 0 });
      const getUserMedia = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
      navigator.mediaDevices.getUserMedia = (constraints) => {
        Object.assign(window, { microphoneRequests: Reflect.get(window, 'microphoneRequests') + 1 });
        return getUserMedia(constraints);
      };
      for (const type of ['parley-open', 'parley-call-start', 'parley-booked', 'parley-call-end', 'parley-error'])
        addEventListener(type, (event) => {
          if (event instanceof CustomEvent) seen.push({ type, detail: event.detail });
        });
    });
    const visitor = new Visitor(context, page);
    await page.goto(url);
    return visitor;
  }

  async events(): Promise<{ type: string; detail: unknown }[]> {
    return this.page.evaluate(() => Reflect.get(window, 'parleyEvents'));
  }

  async microphoneRequests(): Promise<number> {
    return this.page.evaluate(() => Reflect.get(window, 'microphoneRequests'));
  }

  /** Listeners of one event on the page's window. */
  async windowListeners(type: string): Promise<number> {
    const session = await this.context.newCDPSession(this.page);
    const { result } = await session.send('Runtime.evaluate', {
      expression: `getEventListeners(window)['${type}']?.length ?? 0`,
      includeCommandLineAPI: true,
    });
    return result.value;
  }

  async startVoice(): Promise<void> {
    await this.openPanel();
    await this.button('Start call').click();
    await this.button('Hang up').waitFor();
  }

  button(name: string | RegExp): Locator {
    return this.page.getByRole('button', { name });
  }

  async openPanel(): Promise<void> {
    await this.button('Talk to sales').click();
    await this.page.getByRole('heading', { name: 'Talk to Ava at Ridgeline Roofing' }).waitFor();
  }

  async startTyped(): Promise<void> {
    await this.openPanel();
    await this.button('Type instead').click();
    await this.page.getByRole('textbox', { name: 'Message' }).waitFor();
  }
}
