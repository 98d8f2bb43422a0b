import type { Browser, BrowserContextOptions } from 'playwright-core';
import { buildWidget } from './build.ts';
import { FakeHost } from './fake-host.ts';
import { launchBrowser, servePage, Visitor, type VisitorPage } from './visitor.ts';

/** A built widget, its host, and a browser for visitors. */
export class Shop {
  readonly host: FakeHost;
  readonly widgetFolder: string;
  readonly #browser: Browser;
  readonly #closers: (() => void | Promise<void>)[] = [];

  private constructor(host: FakeHost, browser: Browser, widgetFolder: string) {
    this.host = host;
    this.#browser = browser;
    this.widgetFolder = widgetFolder;
  }

  static async open(): Promise<Shop> {
    const [widgetFolder, browser] = await Promise.all([buildWidget(), launchBrowser()]);
    return new Shop(await FakeHost.start(widgetFolder), browser, widgetFolder);
  }

  /** A new visitor, on a page of the business. */
  async visitor(page: VisitorPage = {}, options: BrowserContextOptions = {}): Promise<Visitor> {
    const site = await servePage(this.host.origin, page);
    this.#closers.push(site.close);
    const visitor = await Visitor.visit(this.#browser, site.origin, options);
    this.#closers.push(() => visitor.context.close());
    return visitor;
  }

  /** After a test: its visitors leave, and the host forgets them. */
  async dismiss(): Promise<void> {
    for (const close of this.#closers.splice(0)) await close();
    this.host.reset();
  }

  async close(): Promise<void> {
    await this.#browser.close();
    await this.host.close();
  }
}
