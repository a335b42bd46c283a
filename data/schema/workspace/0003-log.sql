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
