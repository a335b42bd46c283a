-- SPDX-License-Identifier: GPL-3.0-or-later
--
-- How far the search for what is too old to keep has come: one row. A process that runs for a
-- moment only goes on where another one stopped.

CREATE TABLE retention (
  stage INTEGER NOT NULL,
  delivery_id BIGINT NOT NULL,
  number BIGINT NOT NULL,
  n_removed BIGINT NOT NULL,
  next_at BIGINT NOT NULL
);
INSERT INTO retention VALUES (0, 0, 0, 0, 0);
