-- SPDX-License-Identifier: GPL-3.0-or-later
--
-- The workspace: everything except the licenses.
--
-- This text keeps to what SQLite and PostgreSQL share. Two words are SQLite's; the driver of another
-- database writes its own for them: `INTEGER PRIMARY KEY` (with or without AUTOINCREMENT, which keeps
-- the id of a removed record from being given out again) for an id that the database counts up, and
-- `BLOB` for bytes.
--
-- Moments are microseconds since 1970 UTC in a BIGINT, 0 for "never". Enumerations are lower-case
-- words, flags 0 and 1. `name_key` is the name folded by lk_named_record_key(), because databases
-- disagree about the case of letters outside ASCII.

CREATE TABLE server (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  version BIGINT NOT NULL DEFAULT 1,
  name TEXT NOT NULL CHECK (name <> ''),
  name_key TEXT NOT NULL UNIQUE,
  uri TEXT NOT NULL CHECK (uri <> ''),
  is_default INTEGER NOT NULL CHECK (is_default IN (0, 1))
);

CREATE UNIQUE INDEX server_default ON server (is_default) WHERE is_default = 1;

CREATE TABLE search (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  version BIGINT NOT NULL DEFAULT 1,
  name TEXT NOT NULL CHECK (name <> ''),
  name_key TEXT NOT NULL UNIQUE,
  tooltip TEXT NOT NULL,
  group_name TEXT NOT NULL,
  favourite INTEGER NOT NULL CHECK (favourite IN (0, 1)),
  position INTEGER NOT NULL,
  sql_text TEXT NOT NULL,
  distinct_field TEXT NOT NULL,
  unique_id_field TEXT NOT NULL
);

CREATE TABLE task (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  version BIGINT NOT NULL DEFAULT 1,
  name TEXT NOT NULL CHECK (name <> ''),
  name_key TEXT NOT NULL UNIQUE,
  enabled INTEGER NOT NULL CHECK (enabled IN (0, 1)),
  server_id BIGINT NOT NULL REFERENCES server (id) ON DELETE RESTRICT,
  search_id BIGINT NOT NULL REFERENCES search (id) ON DELETE RESTRICT,
  repeat_every INTEGER NOT NULL CHECK (repeat_every BETWEEN 1 AND 1000),
  repeat_unit TEXT NOT NULL CHECK (repeat_unit IN ('minute', 'hour', 'day', 'week', 'month')),
  start_at TEXT NOT NULL, -- wall clock in `zone`, YYYY-MM-DD HH:MM
  zone TEXT NOT NULL CHECK (zone <> ''),
  created_at BIGINT NOT NULL,
  last_ran_at BIGINT NOT NULL DEFAULT 0,
  next_due_at BIGINT NOT NULL DEFAULT 0, -- the cursor of the scheduler
  webhook_enabled INTEGER NOT NULL CHECK (webhook_enabled IN (0, 1)),
  url TEXT NOT NULL,
  user_data TEXT NOT NULL,
  standard_webhooks INTEGER NOT NULL CHECK (standard_webhooks IN (0, 1)),
  send TEXT NOT NULL,
  headers TEXT NOT NULL, -- one "Name: value" a line
  ca_file TEXT NOT NULL,
  client_certificate TEXT NOT NULL,
  concurrency INTEGER NOT NULL CHECK (concurrency BETWEEN 1 AND 64),
  at_most_once INTEGER NOT NULL CHECK (at_most_once IN (0, 1)),
  hold_unusual INTEGER NOT NULL CHECK (hold_unusual IN (0, 1)),
  alert INTEGER NOT NULL CHECK (alert IN (0, 1)),
  notes TEXT NOT NULL,
  CHECK (enabled = 1 OR next_due_at = 0)
);

CREATE INDEX task_server ON task (server_id);
CREATE INDEX task_search ON task (search_id);

-- Apart from the task, so that no list reads them. The newest signs; an older one only until it
-- expires.
CREATE TABLE task_secret (
  task_id BIGINT NOT NULL REFERENCES task (id) ON DELETE CASCADE,
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL DEFAULT 0,
  secret TEXT NOT NULL CHECK (secret <> ''),
  PRIMARY KEY (task_id, created_at)
);

CREATE TABLE run (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  task_id BIGINT REFERENCES task (id) ON DELETE SET NULL,
  task_name TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('scheduled', 'manual')),
  state TEXT NOT NULL CHECK (state IN ('requested', 'running', 'finished', 'failed')),
  epoch BIGINT NOT NULL DEFAULT 0, -- of the lease it runs under
  due_at BIGINT NOT NULL CHECK (due_at > 0),
  started_at BIGINT NOT NULL DEFAULT 0,
  finished_at BIGINT NOT NULL DEFAULT 0,
  missed BIGINT NOT NULL DEFAULT 0,
  matched BIGINT NOT NULL DEFAULT 0,
  fired BIGINT NOT NULL DEFAULT 0,
  suppressed BIGINT NOT NULL DEFAULT 0,
  held BIGINT NOT NULL DEFAULT 0,
  error TEXT NOT NULL DEFAULT '',
  CHECK ((state = 'running') = (epoch > 0)),
  CHECK ((state IN ('finished', 'failed')) = (finished_at > 0)),
  CHECK (state <> 'failed' OR error <> '')
);

-- A due instant is run once; one run of a task at once, and one more that waits.
CREATE UNIQUE INDEX run_due ON run (task_id, due_at) WHERE kind = 'scheduled';
CREATE UNIQUE INDEX run_running ON run (task_id) WHERE state = 'running';
CREATE UNIQUE INDEX run_requested ON run (task_id) WHERE state = 'requested';
CREATE INDEX run_task ON run (task_id, id);

CREATE TABLE ledger (
  task_id BIGINT NOT NULL REFERENCES task (id) ON DELETE CASCADE,
  group_key TEXT NOT NULL,
  fired_at BIGINT NOT NULL,
  seen_run_id BIGINT NOT NULL, -- the last run whose search found the group
  matching INTEGER NOT NULL CHECK (matching IN (0, 1)),
  memory TEXT NOT NULL,
  PRIMARY KEY (task_id, group_key)
);

CREATE TABLE endpoint (
  url TEXT NOT NULL PRIMARY KEY,
  state TEXT NOT NULL CHECK (state IN ('open', 'paused')),
  reason TEXT NOT NULL,
  since BIGINT NOT NULL,
  CHECK (state <> 'paused' OR reason <> '')
);

-- The invariant: a delivery is final, or has a due time, a hold reason or a claim.
--
-- The conditions of delivery and attempt are checked a million times. They are written with OR,
-- because for `x IN (...)` with more than two values SQLite builds a table in memory at each check,
-- which takes longer than the whole insert.
CREATE TABLE delivery (
  id INTEGER PRIMARY KEY,
  webhook_id TEXT NOT NULL CHECK (webhook_id <> ''),
  run_id BIGINT REFERENCES run (id) ON DELETE SET NULL,
  task_id BIGINT REFERENCES task (id) ON DELETE SET NULL,
  task_name TEXT NOT NULL,
  group_key TEXT NOT NULL,
  is_test INTEGER NOT NULL CHECK (is_test IN (0, 1)),
  license_id BIGINT NOT NULL,
  license_key TEXT NOT NULL,
  customer TEXT NOT NULL,
  url TEXT NOT NULL CHECK (url <> ''),
  state TEXT NOT NULL CHECK (state = 'queued' OR state = 'sending' OR state = 'retry_wait'
                             OR state = 'held' OR state = 'delivered' OR state = 'exhausted'
                             OR state = 'dropped'),
  epoch BIGINT NOT NULL DEFAULT 0, -- of the lease that claimed it
  attempts INTEGER NOT NULL DEFAULT 0 CHECK (attempts >= 0),
  due_at BIGINT NOT NULL DEFAULT 0,
  hold_kind TEXT NOT NULL DEFAULT ''
    CHECK (hold_kind = '' OR hold_kind = 'look' OR hold_kind = 'unknown' OR hold_kind = 'paused'),
  hold_reason TEXT NOT NULL DEFAULT '',
  last_status INTEGER NOT NULL DEFAULT 0,
  last_cause TEXT NOT NULL DEFAULT '',
  last_latency_ms INTEGER NOT NULL DEFAULT -1,
  created_at BIGINT NOT NULL CHECK (created_at > 0),
  finished_at BIGINT NOT NULL DEFAULT 0,
  CHECK ((state = 'queued' OR state = 'retry_wait') = (due_at > 0)),
  CHECK ((state = 'held') = (hold_reason <> '')),
  CHECK ((state = 'held') = (hold_kind <> '')),
  CHECK ((state = 'sending' AND is_test = 0) = (epoch > 0)),
  CHECK ((state = 'delivered' OR state = 'exhausted' OR state = 'dropped') = (finished_at > 0)),
  CHECK (is_test = 0 OR state = 'sending' OR state = 'delivered' OR state = 'exhausted')
);

-- A run that is executed again adds nothing twice.
CREATE UNIQUE INDEX delivery_run ON delivery (run_id, group_key) WHERE run_id IS NOT NULL;
-- What may be claimed, by receiver; holds all that choosing needs. A due time is what queued and
-- retry_wait have and no other state has; as a condition it leads to this index and no other.
CREATE INDEX delivery_waiting ON delivery (url, due_at, id, license_id) WHERE due_at > 0;
CREATE INDEX delivery_state ON delivery (state, id);
CREATE INDEX delivery_task ON delivery (task_id, id);
CREATE INDEX delivery_created ON delivery (created_at);

-- Apart from the delivery: claims, outcomes and lists need not carry it along, and it may go before
-- the delivery does.
CREATE TABLE delivery_body (
  delivery_id INTEGER PRIMARY KEY REFERENCES delivery (id) ON DELETE CASCADE,
  body BLOB NOT NULL
);

CREATE TABLE attempt (
  id INTEGER PRIMARY KEY,
  delivery_id BIGINT NOT NULL REFERENCES delivery (id) ON DELETE CASCADE,
  number INTEGER NOT NULL CHECK (number > 0),
  outcome TEXT NOT NULL CHECK (outcome = 'pending' OR outcome = 'success' OR outcome = 'failure'
                                 OR outcome = 'unknown' OR outcome = 'offline'),
  url TEXT NOT NULL,
  status INTEGER NOT NULL DEFAULT 0,
  reason TEXT NOT NULL DEFAULT '',
  error_class TEXT NOT NULL DEFAULT '',
  cause TEXT NOT NULL DEFAULT '',
  location TEXT NOT NULL DEFAULT '',
  retry_after_s BIGINT NOT NULL DEFAULT -1,
  request_headers TEXT NOT NULL DEFAULT '',
  response_headers TEXT NOT NULL DEFAULT '',
  response_body BLOB,
  response_truncated INTEGER NOT NULL DEFAULT 0 CHECK (response_truncated IN (0, 1)),
  started_at BIGINT NOT NULL,
  latency_ms INTEGER NOT NULL DEFAULT -1,
  UNIQUE (delivery_id, number)
);

CREATE UNIQUE INDEX attempt_pending ON attempt (delivery_id) WHERE outcome = 'pending';
CREATE INDEX attempt_failed ON attempt (id) WHERE outcome = 'failure';

-- Which process runs the schedule: one row. `wanted_until` is how long the wish of @wanted_by keeps
-- others from taking a lease that was given back for it.
CREATE TABLE lease (
  id INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
  kind TEXT NOT NULL CHECK (kind IN ('none', 'console', 'agent')),
  owner TEXT NOT NULL,
  host TEXT NOT NULL,
  boot_id TEXT NOT NULL,
  pid BIGINT NOT NULL,
  pid_started BIGINT NOT NULL,
  epoch BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  wanted_by TEXT NOT NULL CHECK (wanted_by IN ('none', 'console', 'agent')),
  wanted_until BIGINT NOT NULL
);

INSERT INTO lease VALUES (1, 'none', '', '', '', 0, 0, 0, 0, 'none', 0);
