-- SPDX-License-Identifier: GPL-3.0-or-later
--
-- Secrets that are kept in the keyring of the desktop (Secret Service) instead of here, and how a
-- license's webhooks are found.

-- Where the secret of a task belongs; where it is, its rows in task_secret say.
ALTER TABLE task ADD COLUMN use_keyring INTEGER NOT NULL DEFAULT 0 CHECK (use_keyring IN (0, 1));

-- Either the secret, or the name of the keyring's item that holds it: one is never taken for the
-- other, since signing refuses a blank secret.
ALTER TABLE task_secret RENAME TO task_secret_before;

CREATE TABLE task_secret (
  task_id BIGINT NOT NULL REFERENCES task (id) ON DELETE CASCADE,
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL DEFAULT 0,
  secret TEXT NOT NULL,
  keyring_item TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (task_id, created_at),
  CHECK ((secret = '') <> (keyring_item = ''))
);

INSERT INTO task_secret (task_id, created_at, expires_at, secret)
  SELECT task_id, created_at, expires_at, secret FROM task_secret_before;

DROP TABLE task_secret_before;

CREATE INDEX task_secret_keyring ON task_secret (task_id) WHERE keyring_item <> '';

-- Items of the keyring to which nothing refers, or not yet. Whoever takes a row away removes the
-- item; whoever makes an item takes its row away as the secret moves there.
CREATE TABLE keyring_leftover (
  keyring_item TEXT PRIMARY KEY
);

CREATE TRIGGER task_secret_removed AFTER DELETE ON task_secret WHEN old.keyring_item <> ''
BEGIN
  INSERT OR IGNORE INTO keyring_leftover (keyring_item) VALUES (old.keyring_item);
END;

CREATE TRIGGER task_secret_moved AFTER UPDATE OF keyring_item ON task_secret
WHEN old.keyring_item <> '' AND new.keyring_item <> old.keyring_item
BEGIN
  INSERT OR IGNORE INTO keyring_leftover (keyring_item) VALUES (old.keyring_item);
END;

-- What was sent for a license.
CREATE INDEX delivery_license ON delivery (license_id, id);

-- What waits for one receiver, of some tasks.
DROP INDEX delivery_waiting;
CREATE INDEX delivery_waiting ON delivery (url, due_at, id, license_id, task_id) WHERE due_at > 0;
