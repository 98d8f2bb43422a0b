import { RpcTarget } from 'cloudflare:workers';
import { fail, succeed, type Answer, type Fault } from '../answer.ts';
import type { CrmSettings } from '../crm/connection.ts';
import type { CrmKind } from '../crm/crm.ts';
import type { Credentials } from '../crm/credentials.ts';
import type { Begun } from '../crm/memory.ts';
import { SealError } from '../privacy/seal-error.ts';
import type { DataKey } from '../privacy/sealed.ts';
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
import type { BusinessKey } from './data-key.ts';
import { unknownBusiness, unknownConnection } from './faults.ts';

export interface OpenConnection {
  readonly settings: CrmSettings;
  readonly credentials: Credentials;
}

export interface CrmDeskContext {
  readonly sql: SqlStorage;
  readonly exists: () => boolean;
  readonly now: () => number;
  readonly key: BusinessKey;
}

/** A business's connections to CRMs, and what it remembers of what it wrote there. */
export class CrmDesk extends RpcTarget {
  readonly #context: CrmDeskContext;

  constructor(context: CrmDeskContext) {
    super();
    this.#context = context;
  }

  async connect(kind: CrmKind, { settings, credentials }: OpenConnection): Promise<Answer<null>> {
    const { sql, now } = this.#context;
    const key = this.#open();
    if (!key.ok) return key;
    const sealedCredentials = await sealCredentials(kind, credentials, key.value);
    saveConnection(sql, kind, { settings, sealedCredentials, nowMs: now() });
    return succeed(null);
  }

  /** With its secrets, for whoever is about to use them. */
  async connection(kind: CrmKind): Promise<Answer<OpenConnection>> {
    const key = this.#open();
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
    const key = this.#open();
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

  #open(): Answer<DataKey> {
    const { exists, key } = this.#context;
    if (!exists()) return fail(unknownBusiness);
    try {
      return succeed(key.get());
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
