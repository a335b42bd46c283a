/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-server-store"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "store/named-record.h"
#include "store/query.h"
#include "store/server-store.h"

#define COLUMNS "id, version, name, uri, is_default"

static gpointer
read_profile (LkStatement *row)
{
  LkServerProfile *profile = g_new0 (LkServerProfile, 1);

  profile->id = lk_statement_get_int (row, 0);
  profile->version = lk_statement_get_int (row, 1);
  profile->name = lk_row_take_text (row, 2);
  profile->uri = lk_row_take_text (row, 3);
  profile->is_default = lk_statement_get_int (row, 4) != 0;

  return profile;
}

static gboolean
clear_default (LkDb *db, GError **error)
{
  return lk_query_run (db, "UPDATE server SET is_default = 0 WHERE is_default = 1", NULL, error);
}

/* Where there are servers, one is the default: a first one becomes it, and so does another one when
 * the default goes. */
static gboolean
ensure_default (LkDb *db, GError **error)
{
  return lk_query_run (db,
                       "UPDATE server SET is_default = 1 WHERE id = (SELECT id FROM server ORDER "
                       "BY name_key LIMIT 1)"
                       " AND NOT EXISTS (SELECT 1 FROM server WHERE is_default = 1)",
                       NULL, error);
}

static gboolean
check_profile (LkDb *db, const LkServerProfile *profile, GError **error)
{
  return lk_server_profile_check (profile, error)
         && lk_named_record_check_name (db, LK_RECORD_SERVER, profile->id, profile->name, error);
}

/**
 * lk_server_store_list:
 * @db: a connection
 * @error: return location
 *
 * Returns: (transfer full) (element-type LkServerProfile) (nullable): all License Servers by name;
 *   %NULL on error
 */
GPtrArray *
lk_server_store_list (LkDb *db, GError **error)
{
  return lk_query_list (db, "SELECT " COLUMNS " FROM server ORDER BY name_key", NULL, read_profile,
                        (GDestroyNotify) lk_server_profile_free, error);
}

/**
 * lk_server_store_get:
 * @db: a connection
 * @id: the server
 * @error: %LK_ERROR_NOT_FOUND when there is none with that id
 *
 * Returns: (transfer full) (nullable): the server; %NULL on error
 */
LkServerProfile *
lk_server_store_get (LkDb *db, gint64 id, GError **error)
{
  gpointer profile;

  if (lk_query_one (db, "SELECT " COLUMNS " FROM server WHERE id = ?1", LK_VALUES (LK_INT (id)),
                    read_profile, &profile, error)
      && profile == NULL)
    lk_named_record_set_id_missing (LK_RECORD_SERVER, id, error);

  return profile;
}

/**
 * lk_server_store_find:
 * @db: a connection
 * @name: its name; case does not matter
 * @error: %LK_ERROR_NOT_FOUND when there is none of that name
 *
 * Returns: (transfer full) (nullable): the server; %NULL on error
 */
LkServerProfile *
lk_server_store_find (LkDb *db, const char *name, GError **error)
{
  g_autofree char *key = lk_named_record_key (name);
  gpointer profile;

  if (lk_query_one (db, "SELECT " COLUMNS " FROM server WHERE name_key = ?1",
                    LK_VALUES (LK_TEXT (key)), read_profile, &profile, error)
      && profile == NULL)
    lk_named_record_set_name_missing (LK_RECORD_SERVER, name, error);

  return profile;
}

/**
 * lk_server_store_get_default:
 * @db: a connection
 * @error: %LK_ERROR_NOT_FOUND when there is no server at all
 *
 * Returns: (transfer full) (nullable): the server that a new task and the grid start with; %NULL on
 *   error
 */
LkServerProfile *
lk_server_store_get_default (LkDb *db, GError **error)
{
  gpointer profile;

  if (lk_query_one (db, "SELECT " COLUMNS " FROM server WHERE is_default = 1", NULL, read_profile,
                    &profile, error)
      && profile == NULL)
    g_set_error (error, LK_ERROR, LK_ERROR_NOT_FOUND,
                 _ ("there is no license server yet: add one"));

  return profile;
}

/**
 * lk_server_store_insert:
 * @db: a connection in a transaction
 * @profile: a new server; its id and version do not matter
 * @error: %LK_ERROR_INVALID or %LK_ERROR_ENCODING for a bad name or address, %LK_ERROR_EXISTS for a
 *   name that is taken
 *
 * Adds a server. The first one becomes the default whatever @profile says.
 *
 * Returns: its id; 0 on error
 */
gint64
lk_server_store_insert (LkDb *db, const LkServerProfile *profile, GError **error)
{
  g_autofree char *key = NULL;
  gint64 id;

  g_return_val_if_fail (profile != NULL && profile->id == 0, 0);

  if (!check_profile (db, profile, error))
    return 0;

  if (profile->is_default && !clear_default (db, error))
    return 0;

  key = lk_named_record_key (profile->name);
  if (!lk_query_int (db,
                     "INSERT INTO server (name, name_key, uri, is_default) VALUES (?1, ?2, ?3, ?4)"
                     " RETURNING id",
                     LK_VALUES (LK_TEXT (profile->name), LK_TEXT (key), LK_TEXT (profile->uri),
                                LK_INT (profile->is_default != 0)),
                     &id, error)
      || !ensure_default (db, error))
    return 0;

  return id;
}

/**
 * lk_server_store_update:
 * @db: a connection in a transaction
 * @profile: the server as it is to be, with the id and version that were read
 * @error: %LK_ERROR_INVALID, %LK_ERROR_ENCODING or %LK_ERROR_EXISTS as for an insert,
 *   %LK_ERROR_CONFLICT when somebody else changed it, %LK_ERROR_NOT_FOUND when it is gone
 *
 * Changes a server. It can become the default this way; it ceases to be it only when another one
 * becomes it.
 *
 * Returns: whether it was changed
 */
gboolean
lk_server_store_update (LkDb *db, const LkServerProfile *profile, GError **error)
{
  g_autofree char *key = NULL;

  g_return_val_if_fail (profile != NULL && profile->id != 0, FALSE);

  if (!check_profile (db, profile, error))
    return FALSE;

  key = lk_named_record_key (profile->name);
  if (!lk_query_run (db,
                     "UPDATE server SET version = version + 1, name = ?3, name_key = ?4, uri = ?5"
                     " WHERE id = ?1 AND version = ?2",
                     LK_VALUES (LK_INT (profile->id), LK_INT (profile->version),
                                LK_TEXT (profile->name), LK_TEXT (key), LK_TEXT (profile->uri)),
                     error)
      || !lk_named_record_check_updated (db, LK_RECORD_SERVER, profile->id, profile->name, error))
    return FALSE;

  return !profile->is_default || lk_server_store_set_default (db, profile->id, error);
}

/**
 * lk_server_store_set_default:
 * @db: a connection in a transaction
 * @id: the server
 * @error: %LK_ERROR_NOT_FOUND when there is none with that id
 *
 * Makes a server the default one. Its version stays, as nobody's edit is lost by that.
 *
 * Returns: whether it is the default now
 */
gboolean
lk_server_store_set_default (LkDb *db, gint64 id, GError **error)
{
  g_autoptr (LkServerProfile) profile = lk_server_store_get (db, id, error);

  return profile != NULL && clear_default (db, error)
         && lk_query_run (db, "UPDATE server SET is_default = 1 WHERE id = ?1",
                          LK_VALUES (LK_INT (id)), error);
}

/**
 * lk_server_store_remove:
 * @db: a connection in a transaction
 * @id: the server
 * @error: %LK_ERROR_IN_USE with the names of the tasks that use it, %LK_ERROR_NOT_FOUND when there
 *   is none with that id
 *
 * Forgets a server; its license database is left alone. When it was the default, the first of the
 * others becomes it.
 *
 * Returns: whether it was removed
 */
gboolean
lk_server_store_remove (LkDb *db, gint64 id, GError **error)
{
  g_autoptr (LkServerProfile) profile = lk_server_store_get (db, id, error);

  return profile != NULL
         && lk_named_record_check_unused (db, LK_RECORD_SERVER, id, profile->name, error)
         && lk_query_run (db, "DELETE FROM server WHERE id = ?1", LK_VALUES (LK_INT (id)), error)
         && ensure_default (db, error);
}
