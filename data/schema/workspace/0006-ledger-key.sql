-- SPDX-License-Identifier: GPL-3.0-or-later
--
-- Whose firing the ledger remembers. A license's number comes back in a new license after the newest
-- one was deleted, and means another license after the database was replaced.

-- The activation key of the license that fired; '' where that is not known.
ALTER TABLE ledger ADD COLUMN license_key TEXT NOT NULL DEFAULT '';

UPDATE ledger SET license_key = coalesce((SELECT d.license_key FROM delivery d
  WHERE d.license_id = CAST(ledger.group_key AS BIGINT) AND d.task_id = ledger.task_id
  AND d.group_key = ledger.group_key ORDER BY d.id DESC LIMIT 1), '');
