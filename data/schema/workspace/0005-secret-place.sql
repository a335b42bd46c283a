-- SPDX-License-Identifier: GPL-3.0-or-later
--
-- Where a secret is kept: in this file, or in the Secret Service of the user's session. There
-- `secret` is the id under which the service knows it.

ALTER TABLE task_secret ADD COLUMN place TEXT NOT NULL DEFAULT 'workspace'
  CHECK (place IN ('workspace', 'keyring'));
