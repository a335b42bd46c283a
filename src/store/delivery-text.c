/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-delivery-text"

#include "config.h"

#include "store/delivery-text.h"
#include "store/lease-store.h"
#include "store/query.h"

/* The last delivery of a batch that begins behind the index. */
#define BATCH_END                                                                                  \
  "(SELECT max(id) FROM (SELECT id FROM delivery WHERE id > (SELECT delivery_id"                   \
  " FROM delivery_text_end) ORDER BY id LIMIT ?1) AS batch)"

/**
 * lk_delivery_text_count_missing:
 * @db: a connection
 * @error: return location
 *
 * Deliveries are never removed, so their ids count them.
 *
 * Returns: how many deliveries are not in the index yet; -1 on error
 */
gint64
lk_delivery_text_count_missing (LkDb *db, GError **error)
{
  gint64 n;

  if (!lk_query_int (db,
                     "SELECT coalesce((SELECT max(id) FROM delivery), 0) - delivery_id"
                     " FROM delivery_text_end",
                     NULL, &n, error))
    return -1;

  return n;
}

/**
 * lk_delivery_text_index:
 * @db: a connection in a transaction
 * @epoch: the epoch of the caller's lease, so that one process does it
 * @limit: how many deliveries at most, from 1
 * @error: %LK_ERROR_LEASE_LOST
 *
 * Adds the oldest deliveries that the index does not have.
 *
 * Returns: whether they are added, perhaps none
 */
gboolean
lk_delivery_text_index (LkDb *db, gint64 epoch, gsize limit, GError **error)
{
  gint64 end;

  if (!lk_lease_store_check_epoch (db, epoch, error)
      || !lk_query_int (db, "SELECT coalesce(" BATCH_END ", 0)", LK_VALUES (LK_INT (limit)), &end,
                        error))
    return FALSE;

  return end == 0
         || (lk_query_run (db,
                           "INSERT INTO delivery_text (rowid, license_key, customer)"
                           " SELECT id, license_key, customer FROM delivery WHERE id <= ?1"
                           " AND id > (SELECT delivery_id FROM delivery_text_end) ORDER BY id",
                           LK_VALUES (LK_INT (end)), error)
             && lk_query_run (db, "UPDATE delivery_text_end SET delivery_id = ?1",
                              LK_VALUES (LK_INT (end)), error));
}
