-- SPDX-License-Identifier: GPL-3.0-or-later
--
-- How a task speaks to its receiver: how often, how patiently and by which way.

-- Requests a minute; 0: as many as the receiver takes.
ALTER TABLE task ADD COLUMN rate_limit INTEGER NOT NULL DEFAULT 0
  CHECK (rate_limit BETWEEN 0 AND 60000);
ALTER TABLE task ADD COLUMN connect_timeout_s INTEGER NOT NULL DEFAULT 10
  CHECK (connect_timeout_s BETWEEN 1 AND 120);
ALTER TABLE task ADD COLUMN answer_timeout_s INTEGER NOT NULL DEFAULT 30
  CHECK (answer_timeout_s BETWEEN 1 AND 300);
-- '': the system's; 'none': no proxy; else its http:// or socks5:// address.
ALTER TABLE task ADD COLUMN proxy TEXT NOT NULL DEFAULT '';
