import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setTimeout as pause } from 'node:timers/promises';
import * as v from 'valibot';
import { EventBatch } from '../../contract/call-event.ts';
import { contentHash } from '../../dialogue/playbook/content-hash.ts';
import { findFreePort } from '../../scripts/start/ports.mjs';
import { compileFolder } from '../../scripts/start/seed.ts';
import { startProduct, type Product } from '../product/product.ts';
import type { Asked } from './evidence.ts';
import { Killable } from './killable.ts';
import { type Exchange, Link } from './link.ts';
import { isChange, Network } from './network.ts';
import type { Fault, LinkName } from './plan.ts';

export const calendarAccount = { username: 'office', password: 'correct horse' };
export const crmToken = 'chaos-account-of-the-owner';

const Batch = v.pipe(v.string(), v.parseJson(), EventBatch);
const Change = v.pipe(v.string(), v.parseJson(), v.object({ callId: v.string(), startMs: v.optional(v.number()) }));
export interface WorldOptions {
  /** Appointments at the same time. */
  readonly capacity: number;
}

/** All of Parley with a CRM and a calendar as programs of their own, and networks between them that can be cut. */
export class World {
  readonly product: Product;
  readonly calendarUrl: string;
  readonly crmUrl: string;
  /** What nodes sent and asked for, as it passed the network. */
  readonly sent = new Map<string, Map<number, Set<string>>>();
  readonly asked: Asked[] = [];
  readonly #folder: string;
  readonly #programs: { readonly crm: Killable; readonly calendar: Killable };
  readonly #network: Network;
  readonly #links: readonly Link[];
  readonly #under = new Set<Promise<void>>();

  private constructor(made: Made) {
    this.product = made.product;
    this.calendarUrl = made.calendarUrl;
    this.crmUrl = made.crmUrl;
    this.#folder = made.folder;
    this.#programs = made.programs;
    this.#network = made.network;
    this.#links = made.links;
  }

  static async start({ capacity }: WorldOptions): Promise<World> {
    const folder = await mkdtemp(join(tmpdir(), 'parley-chaos-'));
    const ports = { crm: await freePort(), calendar: await freePort(), control: await freePort() };
    const network = new Network();
    const crm = new Killable('CRM', ports.crm, [
      process.execPath,
      fileURLToPath(new URL('./crm-process.ts', import.meta.url)),
      String(ports.crm),
      join(folder, 'crm.json'),
      crmToken,
    ]);
    const users = join(folder, 'users');
    await writeFile(users, `${calendarAccount.username}:${calendarAccount.password}\n`);
    const calendar = new Killable(
      'calendar',
      ports.calendar,
      radicale(ports.calendar, users, join(folder, 'calendars')),
    );
    const links: Link[] = [];
    let world: World | undefined;
    try {
      await Promise.all([crm.start(), calendar.start()]);
      const crmHost = 'api.hubapi.com';
      const calendarHost = `127.0.0.1:${ports.calendar}`;
      const linkOf = (host: string): LinkName =>
        host === crmHost ? 'crm' : host === calendarHost ? 'calendar' : 'webhook';
      const outside = await Link.open({
        route: (host) => {
          const [name = '', port = '80'] = host === crmHost ? ['127.0.0.1', String(ports.crm)] : host.split(':');
          return { host: name, port: Number(port) };
        },
        fate: (request) => network.fate(linkOf(request.host), request),
      });
      links.push(outside);
      const node = await Link.open({
        route: () => ({ host: '127.0.0.1', port: ports.control }),
        fate: (request) => network.fate('node', request),
        watch: (exchange) => world?.note(exchange),
      });
      links.push(node);
      const product = await startProduct({
        gateway: outside.url,
        ports: { control: ports.control },
        env: {
          control: { CRM_RETRY_BASE_SECONDS: '1' },
          mediaNode: { PARLEY_CONTROL_URL: node.url },
        },
      });
      const calendarUrl = `http://${calendarHost}/${calendarAccount.username}/appointments/`;
      world = new World({
        product,
        calendarUrl,
        crmUrl: `http://127.0.0.1:${ports.crm}`,
        folder,
        programs: { crm, calendar },
        network,
        links,
      });
      await world.#setUp(capacity);
      return world;
    } catch (error) {
      await world?.product.stop();
      await Promise.all([crm.kill(), calendar.kill(), ...links.map((link) => link.close())]);
      await rm(folder, { recursive: true, force: true });
      throw error;
    }
  }

  /** Does its damage, and mends it when its time is over. `page` is that of the caller who was speaking. */
  strike(fault: Fault, page: { drop(forMs: number): void }): void {
    const work = this.#strike(fault, page).finally(() => this.#under.delete(work));
    this.#under.add(work);
  }

  async #strike(fault: Fault, page: { drop(forMs: number): void }): Promise<void> {
    const { stack } = this.product;
    switch (fault.kind) {
      case 'kill':
        if (fault.program === 'control-plane') stack.controlPlane.kill('SIGKILL');
        else if (fault.program === 'media-node') stack.mediaNode.kill('SIGKILL');
        else {
          const program = this.#programs[fault.program];
          await program.kill();
          await pause(fault.downMs);
          await program.start();
        }
        return;
      case 'freeze': {
        const program = fault.program === 'media-node' ? stack.mediaNode : stack.controlPlane;
        program.kill('SIGSTOP');
        await pause(fault.forMs);
        program.kill('SIGCONT');
        return;
      }
      case 'cut':
        await this.#network.cut(fault.link, fault.cut, fault.forMs);
        return;
      case 'lose-answers':
        this.#network.loseAnswers(fault.link, fault.of, fault.count);
        return;
      case 'page-gone':
        page.drop(fault.forMs);
        return;
      default:
        fault satisfies never;
    }
  }

  /** Everything runs again, and nothing is cut any more. */
  async mend(): Promise<void> {
    await Promise.all(this.#under);
    this.#network.mend();
    const { controlPlane, mediaNode } = this.product.stack;
    await Promise.all([controlPlane.whenReady(), mediaNode.whenReady()]);
    await Promise.all(Object.values(this.#programs).map((program) => program.start()));
  }

  /** Of the media node: what it has accepted and not delivered. */
  get outboxFile(): string {
    return join(this.product.stack.logDir, '..', 'media-node', 'outbox.sqlite');
  }

  note({ method, path, requestBody, status }: Exchange): void {
    const [, callId] = /^\/v1\/node\/calls\/([^/]+)\/events$/.exec(path) ?? [];
    if (callId !== undefined) {
      const events = this.sent.get(callId) ?? new Map<number, Set<string>>();
      this.sent.set(callId, events);
      for (const event of v.parse(Batch, requestBody).events) {
        const bodies = events.get(event.seq) ?? new Set();
        events.set(event.seq, bodies.add(JSON.stringify(event)));
      }
    } else if (isChange('node', { method, path }) && !path.endsWith('/confirm') && status < 500) {
      const { callId: caller, startMs = null } = v.parse(Change, requestBody);
      this.asked.push({ callId: caller, startMs, atMs: performance.now() });
    }
  }

  async stop(): Promise<void> {
    await this.product.stop();
    await Promise.all(Object.values(this.#programs).map((program) => program.kill()));
    await Promise.all(this.#links.map((link) => link.close()));
    await rm(this.#folder, { recursive: true, force: true });
  }

  async #setUp(capacity: number): Promise<void> {
    const { staff, stack } = this.product;
    const demo = await compileFolder('demo/playbook');
    const services = demo.scheduling.services.map((service) => ({ ...service, capacity }));
    const bundle = { ...demo, scheduling: { ...demo.scheduling, services } };
    await staff.put('/playbook', { ...bundle, hash: await contentHash(bundle) });
    const { username, password } = calendarAccount;
    const made = await fetch(this.calendarUrl, {
      method: 'MKCOL',
      headers: { authorization: `Basic ${btoa(`${username}:${password}`)}`, 'content-type': 'application/xml' },
      body: `<?xml version="1.0" encoding="utf-8"?><mkcol xmlns="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav"><set><prop><resourcetype><collection/><C:calendar/></resourcetype></prop></set></mkcol>`,
    });
    if (!made.ok) throw new Error(`The calendar could not be made: ${made.status} ${await made.text()}`);
    await staff.put('/calendars/office', { kind: 'caldav', url: this.calendarUrl, username, password });
    await staff.put('/crm/hubspot', { credentials: { type: 'token', token: crmToken } });
    if (!existsSync(join(this.#folder, 'crm.json')))
      throw new Error(`The CRM was not prepared for ${stack.business}: it has nothing on disk.`);
  }
}

interface Made {
  readonly product: Product;
  readonly calendarUrl: string;
  readonly crmUrl: string;
  readonly folder: string;
  readonly programs: { readonly crm: Killable; readonly calendar: Killable };
  readonly network: Network;
  readonly links: readonly Link[];
}

const freePort = (): Promise<number> => findFreePort('127.0.0.1');

function radicale(port: number, users: string, folder: string): [string, ...string[]] {
  const settings = `--hosts 127.0.0.1:${port} --auth-type htpasswd --auth-htpasswd-filename ${users} --auth-htpasswd-encryption plain --auth-delay 0 --rights-type owner_only --storage-filesystem-folder ${folder} --logging-level error`;
  return ['radicale', '--config', '', ...settings.split(' ')];
}
