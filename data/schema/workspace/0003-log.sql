-- SPDX-License-Identifier: GPL-3.0-or-later
--
-- What the log is searched by, and where the time of an attempt went.

-- Microseconds from the start of the attempt to the end of each phase; -1 for one that did not
-- happen: a connection that is used again has no name resolved, no connect and no TLS.
ALTER TABLE attempt ADD COLUMN dns_us BIGINT NOT NULL DEFAULT -1;
ALTER TABLE attempt ADD COLUMN connect_us BIGINT NOT NULL DEFAULT -1;
ALTER TABLE attempt ADD COLUMN tls_us BIGINT NOT NULL DEFAULT -1;
ALTER TABLE attempt ADD COLUMN first_byte_us BIGINT NOT NULL DEFAULT -1;

-- The error_class of its last attempt.
ALTER TABLE delivery ADD COLUMN last_error_class TEXT NOT NULL DEFAULT '';
UPDATE delivery SET last_error_class = coalesce((SELECT a.error_class FROM attempt a
  WHERE a.delivery_id = delivery.id ORDER BY a.number DESC LIMIT 1), '') WHERE state <> 'delivered';

-- All that the log counts by, read as a whole and never the rows themselves. Only of what is final,
-- so that claims do not change it; what is not is reached by its state.
CREATE INDEX delivery_facet
  ON delivery (state, task_id, last_status, last_error_class, created_at, finished_at)
  WHERE finished_at > 0;
-- Failures are what one looks for, and few.
CREATE INDEX delivery_status ON delivery (last_status, id) WHERE last_error_class <> '';
CREATE INDEX delivery_error ON delivery (last_error_class, id) WHERE last_error_class <> '';
CREATE INDEX delivery_cause ON delivery (last_cause, id) WHERE last_error_class <> '';
CREATE INDEX delivery_webhook ON delivery (webhook_id);

-- The texts by which a delivery is found, in pieces of three letters. Filled behind the deliveries
-- (store/delivery-text.c), so that sending does not wait for it; up to which one, the other table
-- says. Full-text search is each database's own: another driver writes its own index here.
CREATE VIRTUAL TABLE delivery_text
  USING fts5 (license_key, customer, content = '', columnsize = 0, tokenize = 'trigram');
CREATE TABLE delivery_text_end (delivery_id BIGINT NOT NULL);
INSERT INTO delivery_text_end VALUES (0);
