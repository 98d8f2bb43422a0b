/** The first of the migrations; migrations.ts has the rule for them, and the others. */
export const earlierMigrations: readonly string[] = [
  `
  CREATE TABLE config (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    business TEXT NOT NULL,
    origins TEXT NOT NULL,
    crm_url TEXT,
    crm_secret TEXT,
    rate_limit_per_minute INTEGER NOT NULL,
    active_playbook TEXT
  );

  -- A row holds at most 2 MB, so a bundle is kept in parts.
  CREATE TABLE playbooks (hash TEXT PRIMARY KEY, stored_ms INTEGER NOT NULL, essentials TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE playbook_parts (
    hash TEXT NOT NULL, part INTEGER NOT NULL, body BLOB NOT NULL, PRIMARY KEY (hash, part)
  ) WITHOUT ROWID;

  CREATE TABLE consents (
    call_id TEXT PRIMARY KEY,
    version TEXT NOT NULL, text TEXT NOT NULL, text_sha256 TEXT NOT NULL,
    accepted_ms INTEGER NOT NULL,
    origin TEXT NOT NULL, user_agent TEXT NOT NULL, page_url TEXT, time_zone TEXT
  ) WITHOUT ROWID;

  CREATE TABLE calls (
    call_id TEXT PRIMARY KEY,
    door TEXT NOT NULL, mode TEXT NOT NULL, playbook TEXT NOT NULL, node TEXT NOT NULL,
    start_ms INTEGER NOT NULL,
    -- Null until the media node's first sign of life.
    last_seen_ms INTEGER,
    next_seq INTEGER NOT NULL DEFAULT 0,
    -- Of the events below next_seq.
    projection TEXT NOT NULL,
    -- As the media node reported it.
    end_ms INTEGER, end_reason TEXT, outcome TEXT,
    -- As the control plane closed it, where the media node fell silent.
    closed_ms INTEGER, closed_reason TEXT, closed_outcome TEXT
  ) WITHOUT ROWID;
  CREATE INDEX calls_newest ON calls (start_ms DESC, call_id DESC);
  CREATE INDEX calls_by_node ON calls (node, start_ms);
  CREATE INDEX calls_open ON calls (last_seen_ms, start_ms) WHERE end_ms IS NULL AND closed_ms IS NULL;

  CREATE TABLE events (
    call_id TEXT NOT NULL, seq INTEGER NOT NULL, body TEXT NOT NULL, PRIMARY KEY (call_id, seq)
  ) WITHOUT ROWID;

  CREATE TABLE leads (call_id TEXT PRIMARY KEY, name TEXT, score INTEGER NOT NULL, stage TEXT NOT NULL) WITHOUT ROWID;

  CREATE TABLE appointments (
    id TEXT PRIMARY KEY,
    call_id TEXT, service TEXT NOT NULL, service_name TEXT NOT NULL,
    start_ms INTEGER NOT NULL, end_ms INTEGER NOT NULL, time_zone TEXT NOT NULL,
    attendee TEXT NOT NULL, notes TEXT,
    status TEXT NOT NULL, sequence INTEGER NOT NULL, changed_ms INTEGER NOT NULL,
    ics_key TEXT NOT NULL
  ) WITHOUT ROWID;
  CREATE INDEX appointments_booked ON appointments (service, start_ms) WHERE status = 'booked';
  CREATE INDEX appointments_by_call ON appointments (call_id);
  CREATE INDEX appointments_by_start ON appointments (start_ms);

  CREATE TABLE booking_answers (
    call_id TEXT NOT NULL, request_id TEXT NOT NULL, body TEXT NOT NULL, PRIMARY KEY (call_id, request_id)
  ) WITHOUT ROWID;

  CREATE TABLE deliveries (
    position INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    call_id TEXT NOT NULL,
    -- What it is about; each thing is told once.
    cause TEXT NOT NULL,
    type TEXT NOT NULL, body TEXT NOT NULL,
    status TEXT NOT NULL, attempts INTEGER NOT NULL DEFAULT 0,
    ticket INTEGER NOT NULL DEFAULT 0,
    created_ms INTEGER NOT NULL, delivered_ms INTEGER,
    last_status INTEGER, last_error TEXT,
    -- Queued again at this time unless something is heard of it first.
    watch_ms INTEGER NOT NULL,
    UNIQUE (call_id, cause)
  );
  CREATE INDEX deliveries_unsettled ON deliveries (call_id, position) WHERE status IN ('queued', 'retrying');

  CREATE TABLE rate_limits (client TEXT PRIMARY KEY, full_at_ms REAL NOT NULL) WITHOUT ROWID;
  CREATE INDEX rate_limits_old ON rate_limits (full_at_ms);
  `,
  `
  -- Since when media nodes can have been heard without a break.
  ALTER TABLE config ADD COLUMN listening_since_ms INTEGER NOT NULL DEFAULT 0;
  `,
  `
  ALTER TABLE config ADD COLUMN total_rate_limit_per_minute INTEGER NOT NULL DEFAULT 60;
  UPDATE config SET total_rate_limit_per_minute = MAX(60, rate_limit_per_minute);
  `,
  `
  -- What calls asked of appointments that were booked before, and what was answered.
  CREATE TABLE appointment_changes (
    call_id TEXT NOT NULL, request_id TEXT NOT NULL, kind TEXT NOT NULL,
    -- Null where nothing was changed.
    appointment_id TEXT,
    body TEXT NOT NULL, at_ms INTEGER NOT NULL,
    PRIMARY KEY (call_id, request_id, kind)
  ) WITHOUT ROWID;

  ALTER TABLE appointments ADD COLUMN confirmed_ms INTEGER;
  CREATE INDEX appointments_by_phone ON appointments (json_extract(attendee, '$.phone')) WHERE status = 'booked';
  CREATE INDEX appointments_by_email ON appointments (lower(json_extract(attendee, '$.email'))) WHERE status = 'booked';
  `,
  `
  CREATE TABLE call_backs (
    call_id TEXT PRIMARY KEY,
    reason TEXT NOT NULL, owner TEXT,
    promised_ms INTEGER NOT NULL, due_ms INTEGER,
    done_ms INTEGER, done_by TEXT
  ) WITHOUT ROWID;
  CREATE INDEX call_backs_open ON call_backs (due_ms) WHERE done_ms IS NULL;

  -- Those that were promised before there was a list, but for what the caller did not want in the end.
  INSERT OR REPLACE INTO call_backs (call_id, reason, owner, promised_ms, due_ms)
  SELECT call_id, json_extract(body, '$.fact.reason'), json_extract(body, '$.fact.owner'),
    json_extract(body, '$.atMs'), json_extract(body, '$.fact.promisedForMs')
  FROM events WHERE json_extract(body, '$.fact.type') = 'call-back-promised' ORDER BY call_id, seq;
  DELETE FROM call_backs WHERE call_id IN (
    SELECT call_id FROM calls
    WHERE json_extract(projection, '$.lead') IS NOT NULL AND json_extract(projection, '$.lead.callBack') IS NULL
  );
  `,
  `
  ALTER TABLE appointments ADD COLUMN staff TEXT;

  -- A time that a call keeps while its details are asked for.
  CREATE TABLE holds (
    call_id TEXT PRIMARY KEY,
    service TEXT NOT NULL, staff TEXT,
    start_ms INTEGER NOT NULL, end_ms INTEGER NOT NULL,
    until_ms INTEGER NOT NULL
  ) WITHOUT ROWID;
  `,
  `
  -- By what a caller is known again: a number (E.164) or an address in small letters.
  CREATE TABLE contact_keys (key TEXT NOT NULL, call_id TEXT NOT NULL, PRIMARY KEY (key, call_id)) WITHOUT ROWID;
  CREATE INDEX contact_keys_by_call ON contact_keys (call_id);
  -- The id is that of the person's first call.
  CREATE TABLE contacts (
    id TEXT PRIMARY KEY, name TEXT, phone TEXT, email TEXT, company TEXT,
    first_ms INTEGER NOT NULL, last_ms INTEGER NOT NULL, calls INTEGER NOT NULL
  ) WITHOUT ROWID;
  CREATE INDEX contacts_newest ON contacts (last_ms DESC, id DESC);
  CREATE TABLE contact_calls (call_id TEXT PRIMARY KEY, contact_id TEXT NOT NULL) WITHOUT ROWID;
  CREATE INDEX contact_calls_by_contact ON contact_calls (contact_id);

  -- Keyed hashes of words; see search.ts.
  CREATE VIRTUAL TABLE call_search USING fts5(said, person);
  CREATE TABLE call_search_rows (search_row INTEGER PRIMARY KEY, call_id TEXT NOT NULL UNIQUE);
  CREATE TABLE search_key (id INTEGER PRIMARY KEY CHECK (id = 1), key BLOB NOT NULL);
  INSERT INTO search_key (id, key) VALUES (1, randomblob(32));
  `,
];
