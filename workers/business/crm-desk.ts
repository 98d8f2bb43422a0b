import { RpcTarget } from 'cloudflare:workers';
import { fail, succeed, type Answer, type Fault } from '../answer.ts';
import type { CrmSettings } from '../crm/connection.ts';
import type { CrmKind } from '../crm/crm.ts';
import type { Credentials } from '../crm/credentials.ts';
import type { Begun } from '../crm/memory.ts';
import { SealError } from '../privacy/seal-error.ts';
import type { DataKey } from '../privacy/sealed.ts';
import { businessId } from './config.ts';
import {
  listConnections,
  readConnection,
  removeConnection,
  renewCredentials,
  saveConnection,
  sealCredentials,
  type ConnectionSummary,
} from './crm-connections.ts';
import { beginLink, endLink, recallLink, type LinkQuery } from './crm-links.ts';
import { BusinessKey } from './data-key.ts';
import { unknownBusiness, unknownConnection } from './faults.ts';

export interface OpenConnection {
  readonly settings: CrmSettings;
  readonly credentials: Credentials;
}

export interface CrmDeskContext {
  readonly sql: SqlStorage;
  readonly exists: () => boolean;
  readonly now: () => number;
  readonly masterKey: () => string | undefined;
}

const noMasterKey: Fault = {
  status: 503,
  code: 'unavailable',
  message: 'MASTER_KEY is not set, so a CRM’s tokens cannot be kept safely.',
  action: 'Make one with "openssl rand -base64 32" and set it with "npx wrangler secret put MASTER_KEY".',
};

/** A business's connections to CRMs, and what it remembers of what it wrote there. */
export class CrmDesk extends RpcTarget {
  readonly #context: CrmDeskContext;
  readonly #key: BusinessKey;

  constructor(context: CrmDeskContext) {
    super();
    this.#context = context;
    this.#key = new BusinessKey(context.sql);
  }

  async connect(kind: CrmKind, { settings, credentials }: OpenConnection): Promise<Answer<null>> {
    const { sql, now } = this.#context;
    const key = await this.#open();
    if (!key.ok) return key;
    const sealedCredentials = await sealCredentials(kind, credentials, key.value);
    saveConnection(sql, kind, { settings, sealedCredentials, nowMs: now() });
    return succeed(null);
  }

  /** With its secrets, for whoever is about to use them. */
  async connection(kind: CrmKind): Promise<Answer<OpenConnection>> {
    const key = await this.#open();
    if (!key.ok) return key;
    try {
      const found = await readConnection(this.#context.sql, kind, key.value);
      return found === null ? fail(unknownConnection) : succeed(found);
    } catch (error) {
      if (error instanceof SealError) return fail(unreadable(error));
      throw error;
    }
  }

  list(): Answer<{ connections: ConnectionSummary[] }> {
    const { sql, exists } = this.#context;
    return exists() ? succeed({ connections: listConnections(sql) }) : fail(unknownBusiness);
  }

  disconnect(kind: CrmKind): Answer<null> {
    const { sql, exists } = this.#context;
    if (!exists()) return fail(unknownBusiness);
    return removeConnection(sql, kind) ? succeed(null) : fail(unknownConnection);
  }

  /** Keeps credentials that the CRM has renewed. */
  async renew(kind: CrmKind, credentials: Credentials): Promise<void> {
    const key = await this.#open();
    if (key.ok) renewCredentials(this.#context.sql, kind, await sealCredentials(kind, credentials, key.value));
  }

  recall(query: LinkQuery): string | null {
    return recallLink(this.#context.sql, query);
  }

  begin(query: LinkQuery, holder: string, fingerprint: string | null): Begun {
    return beginLink(this.#context.sql, query, { fingerprint, holder, nowMs: this.#context.now() });
  }

  end(query: LinkQuery, id: string, fingerprint: string | null): void {
    endLink(this.#context.sql, query, id, fingerprint);
  }

  async #open(): Promise<Answer<DataKey>> {
    const { sql, exists, masterKey } = this.#context;
    if (!exists()) return fail(unknownBusiness);
    try {
      const key = await this.#key.get(businessId(sql), masterKey());
      return key === null ? fail(noMasterKey) : succeed(key);
    } catch (error) {
      if (error instanceof SealError) return fail(unreadable(error));
      throw error;
    }
  }
}

const unreadable = (error: SealError): Fault => ({
  status: 503,
  code: 'unavailable',
  message: `The CRM’s tokens cannot be read. ${error.message}`,
  action: 'Set the MASTER_KEY they were sealed with, or disconnect the CRM and connect it again.',
});
