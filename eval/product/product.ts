import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as v from 'valibot';
import { WidgetConfig } from '../../contract/session.ts';
import { startStack, type Stack, type StackOptions } from '../../scripts/start/stack.ts';
import { CrmReceiver } from './crm-receiver.ts';
import { StaffClient } from './staff-client.ts';

/** All of Parley on free ports with an empty data folder, and an owner's CRM beside it. */
export interface Product {
  readonly stack: Stack;
  readonly crm: CrmReceiver;
  /** What the CRM's messages are signed with. */
  readonly crmSecret: string;
  readonly staff: StaffClient;
  readonly siteUrl: string;
  /** Of the disclosure that visitors accept. */
  readonly consentVersion: string;
  /** What died and came back by itself, in lines. */
  readonly notices: readonly string[];
  stop(): Promise<void>;
}

/** More calls a minute than the abuse limit lets one address make. */
const callsPerMinute = 10_000;

export async function startProduct(options: Omit<StackOptions, 'dataDir' | 'crm'> = {}): Promise<Product> {
  const dataDir = await mkdtemp(join(tmpdir(), 'parley-eval-'));
  const secret = `whsec_${randomBytes(24).toString('base64')}`;
  const crm = await CrmReceiver.start(secret);
  const notices: string[] = [];
  try {
    const stack = await startStack({
      ...options,
      dataDir,
      crm: { url: crm.url, secret },
      onNotice: (line) => notices.push(line),
    });
    const siteUrl = stack.urls.site;
    if (siteUrl === undefined) throw new Error('The stack runs without its demo site.');
    const staff = new StaffClient(stack.urls.control, stack.secrets.STAFF_KEY, stack.business);
    await staff.put('', {
      origins: [new URL(siteUrl).origin],
      crm: { url: crm.url, secret },
      rateLimitPerMinute: callsPerMinute,
    });
    const consentVersion = await disclosureVersion(stack, siteUrl);
    const stop = async (): Promise<void> => {
      await stack.stop();
      await crm.stop();
      await rm(dataDir, { recursive: true, force: true });
    };
    return { stack, crm, crmSecret: secret, staff, siteUrl, consentVersion, notices, stop };
  } catch (cause) {
    await crm.stop();
    throw cause;
  }
}

async function disclosureVersion(stack: Stack, siteUrl: string): Promise<string> {
  const headers = { origin: new URL(siteUrl).origin };
  const response = await fetch(`${stack.urls.control}/v1/businesses/${stack.business}/widget`, { headers });
  return v.parse(WidgetConfig, await response.json()).disclosure.version;
}
