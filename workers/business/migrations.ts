import { earlierMigrations } from './earlier-migrations.ts';

/**
 * The storage of one business. A migration, once released, is never edited: the next change is the
 * next entry. Times are milliseconds since the epoch, documents are JSON.
 */
export const migrations: readonly string[] = [
  ...earlierMigrations,
  `
  CREATE TABLE do_not_call (
    number TEXT PRIMARY KEY, since_ms INTEGER NOT NULL, source TEXT NOT NULL, call_id TEXT, note TEXT
  ) WITHOUT ROWID;

  CREATE TABLE call_orders (
    id TEXT PRIMARY KEY,
    idempotency_key TEXT NOT NULL UNIQUE,
    request TEXT NOT NULL, number TEXT NOT NULL,
    status TEXT NOT NULL, created_ms INTEGER NOT NULL, until_ms INTEGER NOT NULL,
    -- Null unless it waits.
    next_ms INTEGER,
    disposition TEXT, refusal TEXT, trouble TEXT
  ) WITHOUT ROWID;
  CREATE INDEX call_orders_waiting ON call_orders (next_ms) WHERE status = 'waiting';
  CREATE INDEX call_orders_newest ON call_orders (created_ms);
  CREATE INDEX call_orders_by_number ON call_orders (number) WHERE status = 'waiting';

  CREATE TABLE call_attempts (
    call_id TEXT PRIMARY KEY, order_id TEXT NOT NULL, number TEXT NOT NULL, node TEXT NOT NULL,
    start_ms INTEGER NOT NULL, end_ms INTEGER, disposition TEXT
  ) WITHOUT ROWID;
  CREATE INDEX call_attempts_by_order ON call_attempts (order_id);
  CREATE INDEX call_attempts_by_number ON call_attempts (number, start_ms);
  CREATE INDEX call_attempts_by_start ON call_attempts (start_ms);
  CREATE INDEX call_attempts_open ON call_attempts (start_ms) WHERE end_ms IS NULL;
  `,
  `
  -- Deliveries go to several destinations; of one delivery only one attempt is under way.
  CREATE TABLE deliveries_by_destination (
    position INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    call_id TEXT NOT NULL,
    destination TEXT NOT NULL,
    cause TEXT NOT NULL,
    type TEXT NOT NULL, body TEXT NOT NULL,
    status TEXT NOT NULL, attempts INTEGER NOT NULL DEFAULT 0,
    ticket INTEGER NOT NULL DEFAULT 0,
    -- When what is told happened, and when it was written down.
    event_ms INTEGER NOT NULL, created_ms INTEGER NOT NULL, delivered_ms INTEGER,
    last_status INTEGER, last_error TEXT,
    watch_ms INTEGER NOT NULL,
    claimed_until_ms INTEGER NOT NULL DEFAULT 0,
    UNIQUE (call_id, destination, cause)
  );
  INSERT INTO deliveries_by_destination (position, id, call_id, destination, cause, type, body, status, attempts, ticket,
    event_ms, created_ms, delivered_ms, last_status, last_error, watch_ms)
  SELECT position, id, call_id, 'webhook', cause, type, body, status, attempts, ticket,
    created_ms, created_ms, delivered_ms, last_status, last_error, watch_ms FROM deliveries;
  DROP TABLE deliveries;
  ALTER TABLE deliveries_by_destination RENAME TO deliveries;
  CREATE INDEX deliveries_unsettled ON deliveries (call_id, destination, position) WHERE status IN ('queued', 'retrying');
  CREATE INDEX deliveries_by_status ON deliveries (status, position);

  -- How each destination has been doing.
  CREATE TABLE destinations (
    name TEXT PRIMARY KEY, failures INTEGER NOT NULL, wait_until_ms INTEGER NOT NULL, probe_id TEXT
  ) WITHOUT ROWID;

  -- The key that this business's secrets are sealed with, itself sealed with the master key.
  ALTER TABLE config ADD COLUMN data_key TEXT;
  CREATE TABLE crm_connections (
    kind TEXT PRIMARY KEY, settings TEXT NOT NULL, sealed_credentials TEXT NOT NULL, changed_ms INTEGER NOT NULL
  ) WITHOUT ROWID;

  -- What the business has in its CRMs, by our keys. No remote id: a write was begun, and may have happened.
  CREATE TABLE crm_links (
    destination TEXT NOT NULL, object TEXT NOT NULL, key TEXT NOT NULL,
    remote_id TEXT, tried_ms INTEGER, fingerprint TEXT,
    -- The delivery that is writing it just now.
    holder TEXT, held_until_ms INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (destination, object, key)
  ) WITHOUT ROWID;
  CREATE INDEX crm_links_by_remote ON crm_links (destination, object, remote_id);
  CREATE INDEX crm_links_held ON crm_links (holder) WHERE holder IS NOT NULL;
  `,
  `
  CREATE TABLE webhook_sources (
    source TEXT PRIMARY KEY, sealed_secret TEXT NOT NULL, changed_ms INTEGER NOT NULL,
    last_received_ms INTEGER, refused_ms INTEGER, refusal TEXT
  ) WITHOUT ROWID;
  -- What was proven good; its content until it is applied, and that it was here for longer.
  CREATE TABLE webhook_inbox (
    id TEXT PRIMARY KEY, source TEXT NOT NULL, replay_key TEXT NOT NULL,
    body TEXT NOT NULL, received_ms INTEGER NOT NULL, status TEXT NOT NULL, error TEXT,
    UNIQUE (source, replay_key)
  ) WITHOUT ROWID;
  CREATE INDEX webhook_inbox_old ON webhook_inbox (received_ms);
  -- What other systems say of people; \`times\` is when each field was last changed there.
  CREATE TABLE people (
    source TEXT NOT NULL, remote_id TEXT NOT NULL,
    fields TEXT NOT NULL, times TEXT NOT NULL, phone TEXT, email TEXT, changed_ms INTEGER NOT NULL,
    PRIMARY KEY (source, remote_id)
  ) WITHOUT ROWID;
  CREATE INDEX people_by_phone ON people (phone) WHERE phone IS NOT NULL;
  CREATE INDEX people_by_email ON people (email) WHERE email IS NOT NULL;
  `,
  `
  -- What other systems are to be told or asked about appointments. See jobs.ts.
  CREATE TABLE jobs (
    id TEXT PRIMARY KEY, key TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL, appointment_id TEXT, connection_id TEXT,
    sequence INTEGER NOT NULL, lead_min INTEGER NOT NULL,
    status TEXT NOT NULL, ticket INTEGER NOT NULL DEFAULT 0, attempts INTEGER NOT NULL DEFAULT 0,
    -- Armed again while it was at work.
    again INTEGER NOT NULL DEFAULT 0,
    due_ms INTEGER NOT NULL, created_ms INTEGER NOT NULL, done_ms INTEGER, last_error TEXT
  ) WITHOUT ROWID;
  CREATE INDEX jobs_due ON jobs (due_ms) WHERE status IN ('waiting', 'working');
  CREATE INDEX jobs_by_appointment ON jobs (appointment_id, kind);

  CREATE TABLE notices (
    id TEXT PRIMARY KEY, key TEXT NOT NULL UNIQUE, at_ms INTEGER NOT NULL,
    kind TEXT NOT NULL, text TEXT NOT NULL, appointment_id TEXT, done_ms INTEGER
  ) WITHOUT ROWID;

  CREATE TABLE mail_settings (id INTEGER PRIMARY KEY CHECK (id = 1), summary TEXT NOT NULL, sealed TEXT NOT NULL);

  -- SHA-256 of the secret in the address of the calendar to subscribe to.
  CREATE TABLE feeds (secret_sha256 TEXT PRIMARY KEY, made_ms INTEGER NOT NULL) WITHOUT ROWID;
  `,
  `
  -- Calendars elsewhere. A staff member's takes the time of that person alone.
  CREATE TABLE calendar_connections (
    id TEXT PRIMARY KEY,
    kind TEXT NOT NULL, staff TEXT, writes INTEGER NOT NULL, sealed TEXT NOT NULL, changed_ms INTEGER NOT NULL,
    -- Where to go on from with asking what changed.
    cursor TEXT, synced_ms INTEGER, failing_since_ms INTEGER, last_error TEXT,
    -- Counts what we wrote there.
    writings INTEGER NOT NULL DEFAULT 0
  ) WITHOUT ROWID;

  -- Our appointments there: as they were last known to stand, and as they are being written.
  CREATE TABLE calendar_links (
    connection_id TEXT NOT NULL, appointment_id TEXT NOT NULL,
    remote_id TEXT,
    start_ms INTEGER, end_ms INTEGER, written_start_ms INTEGER, written_end_ms INTEGER,
    -- The connection's count at our latest writing.
    writing INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (connection_id, appointment_id)
  ) WITHOUT ROWID;
  CREATE INDEX calendar_links_by_remote ON calendar_links (connection_id, remote_id);

  CREATE TABLE busy_elsewhere (connection_id TEXT NOT NULL, start_ms INTEGER NOT NULL, end_ms INTEGER NOT NULL);
  CREATE INDEX busy_elsewhere_by_connection ON busy_elsewhere (connection_id, start_ms);
  `,
  `
  -- Calls that carriers brought, so that a webhook that comes again is the same call; for a day.
  CREATE TABLE carrier_calls (
    carrier TEXT NOT NULL, carrier_call_id TEXT NOT NULL,
    call_id TEXT NOT NULL, placings INTEGER NOT NULL, at_ms INTEGER NOT NULL,
    PRIMARY KEY (carrier, carrier_call_id)
  ) WITHOUT ROWID;
  CREATE INDEX carrier_calls_old ON carrier_calls (at_ms);
  -- Signatures that have been used; for as long as their time is accepted.
  CREATE TABLE carrier_signatures (signature TEXT PRIMARY KEY, until_ms INTEGER NOT NULL) WITHOUT ROWID;
  `,
  `
  -- The owner's own systems, and what each is told. See webhooks/outbound.
  CREATE TABLE webhook_endpoints (
    id TEXT PRIMARY KEY,
    url TEXT NOT NULL, description TEXT NOT NULL, events TEXT NOT NULL,
    status TEXT NOT NULL, reason TEXT,
    sealed_secret TEXT NOT NULL, sealed_former_secret TEXT, former_until_ms INTEGER,
    created_ms INTEGER NOT NULL, changed_ms INTEGER NOT NULL,
    failing_since_ms INTEGER,
    failures INTEGER NOT NULL DEFAULT 0, wait_until_ms INTEGER NOT NULL DEFAULT 0, probe_id TEXT
  ) WITHOUT ROWID;
  -- What happened, but not to whom: that is read when it is sent.
  CREATE TABLE webhook_events (
    id TEXT PRIMARY KEY, cause TEXT NOT NULL UNIQUE,
    type TEXT NOT NULL, subject TEXT NOT NULL, facts TEXT NOT NULL, at_ms INTEGER NOT NULL
  ) WITHOUT ROWID;
  CREATE TABLE webhook_deliveries (
    position INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    event_id TEXT NOT NULL, endpoint_id TEXT NOT NULL,
    status TEXT NOT NULL, attempts INTEGER NOT NULL DEFAULT 0, ticket INTEGER NOT NULL DEFAULT 0,
    -- It is tried for a day from then.
    began_ms INTEGER NOT NULL,
    due_ms INTEGER NOT NULL, claimed_until_ms INTEGER NOT NULL DEFAULT 0, settled_ms INTEGER,
    UNIQUE (event_id, endpoint_id)
  );
  CREATE INDEX webhook_deliveries_due ON webhook_deliveries (due_ms, position) WHERE status IN ('waiting', 'retrying');
  CREATE INDEX webhook_deliveries_by_endpoint ON webhook_deliveries (endpoint_id, status, position);
  CREATE TABLE webhook_attempts (
    delivery_id TEXT NOT NULL, at_ms INTEGER NOT NULL, status INTEGER, took_ms INTEGER NOT NULL, error TEXT
  );
  CREATE INDEX webhook_attempts_by_delivery ON webhook_attempts (delivery_id);
  `,
  `
  -- What is in the bucket of recordings. See recordings/.
  CREATE TABLE recording_parts (
    call_id TEXT NOT NULL, part INTEGER NOT NULL,
    bytes INTEGER NOT NULL, duration_ms INTEGER NOT NULL, is_last INTEGER NOT NULL, stored_ms INTEGER NOT NULL,
    PRIMARY KEY (call_id, part)
  ) WITHOUT ROWID;
  -- Of these calls nothing is kept that may still come.
  CREATE TABLE recordings_erased (call_id TEXT PRIMARY KEY, erased_ms INTEGER NOT NULL) WITHOUT ROWID;
  `,
  `
  -- Each call's key, sealed with the business's. Without it nothing can be read that was sealed for the call.
  CREATE TABLE call_keys (call_id TEXT PRIMARY KEY, wrapped BLOB NOT NULL) WITHOUT ROWID;
  -- Where text may still be that was written before there was a vault: see privacy/seal-stored.ts.
  CREATE TABLE unsealed_tables (name TEXT PRIMARY KEY) WITHOUT ROWID;
  INSERT INTO unsealed_tables (name) VALUES ('events'), ('calls'), ('leads'), ('call_backs'), ('consents'), ('contacts'),
    ('appointments'), ('booking_answers'), ('appointment_changes'), ('deliveries'), ('webhook_inbox'), ('people'), ('notices'),
    ('jobs'), ('do_not_call'), ('call_orders'), ('config');

  -- What stands for a number or an address where it is looked up by; see index-stored.ts.
  DROP INDEX appointments_by_phone;
  DROP INDEX appointments_by_email;
  ALTER TABLE appointments ADD COLUMN phone_key TEXT;
  ALTER TABLE appointments ADD COLUMN email_key TEXT;
  CREATE INDEX appointments_by_phone ON appointments (phone_key) WHERE status = 'booked';
  CREATE INDEX appointments_by_email ON appointments (email_key) WHERE status = 'booked';
  ALTER TABLE contacts ADD COLUMN company_key TEXT;
  ALTER TABLE people RENAME COLUMN phone TO phone_key;
  ALTER TABLE people RENAME COLUMN email TO email_key;
  ALTER TABLE do_not_call RENAME COLUMN number TO number_key;
  ALTER TABLE do_not_call ADD COLUMN number BLOB;
  ALTER TABLE call_orders RENAME COLUMN number TO number_key;
  ALTER TABLE call_attempts RENAME COLUMN number TO number_key;
  `,
  `
  -- What became of appointments and holds, in order: both are made of it. See appointment-log.ts.
  CREATE TABLE appointment_log (
    position INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL,
    -- Null of a hold.
    appointment_id TEXT,
    call_id TEXT, at_ms INTEGER NOT NULL,
    facts TEXT NOT NULL,
    -- For whom it is, beside its first entry.
    attendee TEXT, notes TEXT, ics_key TEXT, phone_key TEXT, email_key TEXT
  );
  CREATE INDEX appointment_log_by_appointment ON appointment_log (appointment_id);
  INSERT INTO appointment_log (kind, appointment_id, call_id, at_ms, facts, attendee, notes, ics_key, phone_key, email_key)
  SELECT 'kept', id, call_id, changed_ms,
    json_object('service', service, 'service_name', service_name, 'start_ms', start_ms, 'end_ms', end_ms,
      'time_zone', time_zone, 'staff', staff, 'status', status, 'sequence', sequence, 'confirmed_ms', confirmed_ms),
    attendee, notes, ics_key, phone_key, email_key
  FROM appointments ORDER BY changed_ms, id;
  INSERT INTO appointment_log (kind, call_id, at_ms, facts)
  SELECT 'held', call_id, 0,
    json_object('service', service, 'staff', staff, 'startMs', start_ms, 'endMs', end_ms, 'untilMs', until_ms)
  FROM holds ORDER BY until_ms, call_id;

  -- Whom it is for can be sealed anew, or forgotten: then so in the log.
  CREATE TRIGGER appointment_customer_changed AFTER UPDATE OF attendee, notes, ics_key, phone_key, email_key ON appointments BEGIN
    UPDATE appointment_log SET attendee = NEW.attendee, notes = NEW.notes, ics_key = NEW.ics_key,
      phone_key = NEW.phone_key, email_key = NEW.email_key
    WHERE appointment_id = NEW.id AND kind IN ('booked', 'kept');
  END;
  CREATE TRIGGER appointment_forgotten AFTER DELETE ON appointments BEGIN
    DELETE FROM appointment_log WHERE appointment_id = OLD.id;
  END;
  `,
  `
  -- Those that staff look at; the others are only remembered.
  CREATE INDEX webhook_inbox_open ON webhook_inbox (received_ms) WHERE status IN ('waiting', 'failed');
  `,
  `
  -- Calls whose content was taken away: what still comes of them is not kept. And people, as other systems call them.
  CREATE TABLE removed_calls (call_id TEXT PRIMARY KEY, removed_ms INTEGER NOT NULL) WITHOUT ROWID;
  CREATE TABLE removed_people (person_key TEXT PRIMARY KEY) WITHOUT ROWID;
  -- What was taken away and when, and what is still to be done of it. It names nobody; \`subject\` is a keyed hash, until it is done.
  CREATE TABLE removals (
    id TEXT PRIMARY KEY, kind TEXT NOT NULL, subject TEXT,
    begun_ms INTEGER NOT NULL, done_ms INTEGER, counts TEXT NOT NULL, crm TEXT NOT NULL, digest TEXT NOT NULL
  ) WITHOUT ROWID;
  CREATE TABLE removal_calls (removal_id TEXT NOT NULL, call_id TEXT NOT NULL, PRIMARY KEY (removal_id, call_id)) WITHOUT ROWID;
  -- What is to be taken away in CRMs, by their own ids; those are forgotten when it is done.
  CREATE TABLE removal_crm (
    removal_id TEXT NOT NULL, kind TEXT NOT NULL, object TEXT NOT NULL, remote_id TEXT NOT NULL, outcome TEXT NOT NULL,
    PRIMARY KEY (removal_id, kind, object, remote_id)
  ) WITHOUT ROWID;
  `,
  `
  -- The continent that a call came from, and what of it was kept for its time.
  ALTER TABLE calls ADD COLUMN region TEXT;
  ALTER TABLE calls ADD COLUMN transcript_removed_ms INTEGER;
  ALTER TABLE calls ADD COLUMN contact_removed_ms INTEGER;
  -- No rules: those that everybody begins with.
  CREATE TABLE retention (id INTEGER PRIMARY KEY CHECK (id = 1), rules TEXT, next_ms INTEGER NOT NULL);
  `,
  `
  -- The keyed hash of their number, for who says there, after they were erased here, that they are not to be called.
  ALTER TABLE removed_people ADD COLUMN phone_key TEXT;
  `,
  `
  -- What the alarm sees to and could not do: since when, and when it is tried again.
  CREATE TABLE failing_duties (
    duty TEXT PRIMARY KEY, since_ms INTEGER NOT NULL, attempts INTEGER NOT NULL, again_ms INTEGER NOT NULL
  ) WITHOUT ROWID;
  `,
  `
  -- A second number, which other systems keep apart from the first.
  ALTER TABLE people ADD COLUMN mobile_key TEXT;
  CREATE INDEX people_by_mobile ON people (mobile_key) WHERE mobile_key IS NOT NULL;
  ALTER TABLE removed_people ADD COLUMN mobile_key TEXT;
  `,
  `
  -- Whether anything was sent, else it is no attempt; and for how long the network, or our own limits, asked us to wait.
  ALTER TABLE call_attempts ADD COLUMN dialled INTEGER NOT NULL DEFAULT 1;
  ALTER TABLE call_attempts ADD COLUMN wait_s INTEGER NOT NULL DEFAULT 0;
  `,
];
