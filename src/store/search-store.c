/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-search-store"

#include "config.h"

#include "core/text-check.h"
#include "store/named-record.h"
#include "store/query.h"
#include "store/search-store.h"

#define COLUMNS                                                                                    \
  "id, version, name, tooltip, group_name, favourite, position, sql_text, distinct_field,"         \
  " unique_id_field"

static gpointer
read_search (LkStatement *row)
{
  LkSearch *search = g_new0 (LkSearch, 1);

  search->id = lk_statement_get_int (row, 0);
  search->version = lk_statement_get_int (row, 1);
  search->name = lk_row_take_text (row, 2);
  search->tooltip = lk_row_take_text (row, 3);
  search->group = lk_row_take_text (row, 4);
  search->favourite = lk_statement_get_int (row, 5) != 0;
  search->position = (int) lk_statement_get_int (row, 6);
  search->sql = lk_row_take_text (row, 7);
  search->distinct_field = lk_row_take_text (row, 8);
  search->unique_id_field = lk_row_take_text (row, 9);

  return search;
}

static gboolean
check_search (LkDb *db, const LkSearch *search, GError **error)
{
  return lk_named_record_check_name (db, LK_RECORD_SEARCH, search->id, search->name, error)
         && lk_text_check (search->tooltip, error) && lk_text_check (search->group, error)
         && lk_text_check (search->sql, error);
}

/* Runs an INSERT over ?1 to ?9, or an UPDATE that takes the id and the version after them. */
static gboolean
write_search (LkDb *db, const char *sql, const LkSearch *search, gint64 *id, GError **error)
{
  g_autofree char *key = lk_named_record_key (search->name);
  LkValue values[] = { LK_TEXT (search->name),
                       LK_TEXT (key),
                       LK_TEXT (search->tooltip),
                       LK_TEXT (search->group),
                       LK_INT (search->favourite != 0),
                       LK_INT (search->position),
                       LK_TEXT (search->sql),
                       LK_TEXT (search->distinct_field),
                       LK_TEXT (search->unique_id_field),
                       LK_INT (search->id),
                       LK_INT (search->version),
                       { .kind = LK_VALUE_END } };

  if (search->id == 0)
    values[9].kind = LK_VALUE_END;

  return lk_query_int (db, sql, values, id, error);
}

/**
 * lk_search_store_list:
 * @db: a connection
 * @error: return location
 *
 * Returns: (transfer full) (element-type LkSearch) (nullable): all saved searches: favourites
 * first, then by group, position and name; %NULL on error
 */
GPtrArray *
lk_search_store_list (LkDb *db, GError **error)
{
  return lk_query_list (
      db, "SELECT " COLUMNS " FROM search ORDER BY favourite DESC, group_name, position, name_key",
      NULL, read_search, (GDestroyNotify) lk_search_free, error);
}

/**
 * lk_search_store_get:
 * @db: a connection
 * @id: the search
 * @error: %LK_ERROR_NOT_FOUND when there is none with that id
 *
 * Returns: (transfer full) (nullable): the search; %NULL on error
 */
LkSearch *
lk_search_store_get (LkDb *db, gint64 id, GError **error)
{
  gpointer search;

  if (lk_query_one (db, "SELECT " COLUMNS " FROM search WHERE id = ?1", LK_VALUES (LK_INT (id)),
                    read_search, &search, error)
      && search == NULL)
    lk_named_record_set_id_missing (LK_RECORD_SEARCH, id, error);

  return search;
}

/**
 * lk_search_store_find:
 * @db: a connection
 * @name: its name; case does not matter
 * @error: %LK_ERROR_NOT_FOUND when there is none of that name
 *
 * Returns: (transfer full) (nullable): the search; %NULL on error
 */
LkSearch *
lk_search_store_find (LkDb *db, const char *name, GError **error)
{
  g_autofree char *key = lk_named_record_key (name);
  gpointer search;

  if (lk_query_one (db, "SELECT " COLUMNS " FROM search WHERE name_key = ?1",
                    LK_VALUES (LK_TEXT (key)), read_search, &search, error)
      && search == NULL)
    lk_named_record_set_name_missing (LK_RECORD_SEARCH, name, error);

  return search;
}

/**
 * lk_search_store_insert:
 * @db: a connection in a transaction
 * @search: a new search; its id and version do not matter
 * @error: %LK_ERROR_INVALID or %LK_ERROR_ENCODING for a bad name or text, %LK_ERROR_EXISTS for a
 *   name that is taken
 *
 * Adds a search. Whether its condition is valid is the caller's to check.
 *
 * Returns: its id; 0 on error
 */
gint64
lk_search_store_insert (LkDb *db, const LkSearch *search, GError **error)
{
  gint64 id;

  g_return_val_if_fail (search != NULL && search->id == 0, 0);

  if (!check_search (db, search, error)
      || !write_search (db,
                        "INSERT INTO search (name, name_key, tooltip, group_name, favourite,"
                        " position, sql_text, distinct_field, unique_id_field)"
                        " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9) RETURNING id",
                        search, &id, error))
    return 0;

  return id;
}

/**
 * lk_search_store_update:
 * @db: a connection in a transaction
 * @search: the search as it is to be, with the id and version that were read
 * @error: %LK_ERROR_INVALID, %LK_ERROR_ENCODING or %LK_ERROR_EXISTS as for an insert,
 *   %LK_ERROR_CONFLICT when somebody else changed it, %LK_ERROR_NOT_FOUND when it is gone
 *
 * Returns: whether it was changed
 */
gboolean
lk_search_store_update (LkDb *db, const LkSearch *search, GError **error)
{
  gint64 id;

  g_return_val_if_fail (search != NULL && search->id != 0, FALSE);

  return check_search (db, search, error)
         && write_search (db,
                          "UPDATE search SET version = version + 1, name = ?1, name_key = ?2,"
                          " tooltip = ?3, group_name = ?4, favourite = ?5, position = ?6,"
                          " sql_text = ?7, distinct_field = ?8, unique_id_field = ?9"
                          " WHERE id = ?10 AND version = ?11",
                          search, &id, error)
         && lk_named_record_check_updated (db, LK_RECORD_SEARCH, search->id, search->name, error);
}

/**
 * lk_search_store_remove:
 * @db: a connection in a transaction
 * @id: the search
 * @error: %LK_ERROR_IN_USE with the names of the tasks that use it, %LK_ERROR_NOT_FOUND when there
 *   is none with that id
 *
 * Returns: whether it was removed
 */
gboolean
lk_search_store_remove (LkDb *db, gint64 id, GError **error)
{
  g_autoptr (LkSearch) search = lk_search_store_get (db, id, error);

  return search != NULL
         && lk_named_record_check_unused (db, LK_RECORD_SEARCH, id, search->name, error)
         && lk_query_run (db, "DELETE FROM search WHERE id = ?1", LK_VALUES (LK_INT (id)), error);
}
