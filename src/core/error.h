/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * LK_ERROR:
 *
 * The one error domain of Latchkey. A message is a lower-case fragment without a final stop that
 * gains prefixes on its way up, and names the thing, the reason and the remedy.
 */
#define LK_ERROR (lk_error_quark ())
GQuark lk_error_quark (void);

/**
 * LkError:
 * @LK_ERROR_FAILED: anything that no other code describes
 * @LK_ERROR_INVALID: a value that a person gave was refused (blank name, bad URL, bad number ...)
 * @LK_ERROR_CLAUSE: a search is not one valid condition
 * @LK_ERROR_NOT_FOUND: nothing has that name, id or path
 * @LK_ERROR_EXISTS: the name is taken
 * @LK_ERROR_CONFLICT: somebody else changed the record since it was read
 * @LK_ERROR_IN_USE: the record cannot go while another one refers to it
 * @LK_ERROR_BUSY: the database stayed locked by another process
 * @LK_ERROR_READ_ONLY: the database or its folder cannot be written
 * @LK_ERROR_CORRUPT: the file is not a database of ours or is damaged
 * @LK_ERROR_NEWER_SCHEMA: a newer Latchkey wrote the database
 * @LK_ERROR_FULL: the disk is full
 * @LK_ERROR_IO: reading or writing failed
 * @LK_ERROR_LIMIT: a search ran over its limit of time, rows or size
 * @LK_ERROR_LEASE_LOST: another process holds the lease by now; nothing was changed
 * @LK_ERROR_LOCKED: the keyring that holds a secret is locked or cannot be reached from here
 * @LK_ERROR_ENCODING: text is not valid UTF-8
 *
 * A cancelled operation fails with %G_IO_ERROR_CANCELLED instead.
 */
typedef enum
{
  LK_ERROR_FAILED,
  LK_ERROR_INVALID,
  LK_ERROR_CLAUSE,
  LK_ERROR_NOT_FOUND,
  LK_ERROR_EXISTS,
  LK_ERROR_CONFLICT,
  LK_ERROR_IN_USE,
  LK_ERROR_BUSY,
  LK_ERROR_READ_ONLY,
  LK_ERROR_CORRUPT,
  LK_ERROR_NEWER_SCHEMA,
  LK_ERROR_FULL,
  LK_ERROR_IO,
  LK_ERROR_LIMIT,
  LK_ERROR_LEASE_LOST,
  LK_ERROR_LOCKED,
  LK_ERROR_ENCODING,
} LkError;

G_END_DECLS
