-- SPDX-License-Identifier: GPL-3.0-or-later
--
-- How long nothing has got through to a receiver, and deliveries that a person has sent again.

-- A row stands for a receiver that is paused, or open and failing; a success takes the latter away.
-- `failing_since` is the first failure after the last success, `failures` counts those since then,
-- and `warned` is the worst concern (LkConcern) that was told of already.
ALTER TABLE endpoint ADD COLUMN failing_since BIGINT NOT NULL DEFAULT 0;
ALTER TABLE endpoint ADD COLUMN failures BIGINT NOT NULL DEFAULT 0;
ALTER TABLE endpoint ADD COLUMN warned INTEGER NOT NULL DEFAULT 0;

-- How many of the attempts came before it was sent again: the retry schedule begins after them.
ALTER TABLE delivery ADD COLUMN schedule_from INTEGER NOT NULL DEFAULT 0;

-- What deliveries were before a person had them sent again, so that those whose turn has not come
-- can be put back. A row counts only while its delivery is queued for `due_at`.
CREATE TABLE redelivery (
  delivery_id INTEGER PRIMARY KEY REFERENCES delivery (id) ON DELETE CASCADE,
  due_at BIGINT NOT NULL CHECK (due_at > 0),
  from_state TEXT NOT NULL,
  from_due_at BIGINT NOT NULL,
  from_hold_kind TEXT NOT NULL,
  from_hold_reason TEXT NOT NULL,
  from_finished_at BIGINT NOT NULL,
  from_schedule INTEGER NOT NULL
);

CREATE INDEX redelivery_due ON redelivery (due_at);
