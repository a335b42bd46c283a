/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-named-record"

#include "config.h"

#include <inttypes.h>
#include <glib/gi18n-lib.h>

#include "core/text-check.h"
#include "store/named-record.h"
#include "store/query.h"

static const char *const taken_sql[] = {
  [LK_RECORD_SERVER] = "SELECT id FROM server WHERE name_key = ?1 AND id <> ?2",
  [LK_RECORD_SEARCH] = "SELECT id FROM search WHERE name_key = ?1 AND id <> ?2",
  [LK_RECORD_TASK] = "SELECT id FROM task WHERE name_key = ?1 AND id <> ?2",
};

static const char *const exists_sql[] = {
  [LK_RECORD_SERVER] = "SELECT id FROM server WHERE id = ?1",
  [LK_RECORD_SEARCH] = "SELECT id FROM search WHERE id = ?1",
  [LK_RECORD_TASK] = "SELECT id FROM task WHERE id = ?1",
};

static const char *const users_sql[] = {
  [LK_RECORD_SERVER] = "SELECT name FROM task WHERE server_id = ?1 ORDER BY name_key",
  [LK_RECORD_SEARCH] = "SELECT name FROM task WHERE search_id = ?1 ORDER BY name_key",
};

static void
set_name_taken (LkRecordKind kind, const char *name, GError **error)
{
  if (kind == LK_RECORD_SERVER)
    g_set_error (error, LK_ERROR, LK_ERROR_EXISTS,
                 _ ("there is a license server “%s” already: choose another name"), name);
  else if (kind == LK_RECORD_SEARCH)
    g_set_error (error, LK_ERROR, LK_ERROR_EXISTS,
                 _ ("there is a search “%s” already: choose another name"), name);
  else
    g_set_error (error, LK_ERROR, LK_ERROR_EXISTS,
                 _ ("there is a task “%s” already: choose another name"), name);
}

static void
set_changed (LkRecordKind kind, const char *name, GError **error)
{
  if (kind == LK_RECORD_SERVER)
    g_set_error (error, LK_ERROR, LK_ERROR_CONFLICT,
                 _ ("the license server “%s” was changed by somebody else: reload it and make the "
                    "change again"),
                 name);
  else if (kind == LK_RECORD_SEARCH)
    g_set_error (error, LK_ERROR, LK_ERROR_CONFLICT,
                 _ ("the search “%s” was changed by somebody else: reload it and make the change "
                    "again"),
                 name);
  else
    g_set_error (error, LK_ERROR, LK_ERROR_CONFLICT,
                 _ ("the task “%s” was changed by somebody else: reload it and make the change "
                    "again"),
                 name);
}

static void
set_in_use (LkRecordKind kind, const char *name, GPtrArray *tasks, GError **error)
{
  g_autoptr (GString) names = g_string_new (NULL);

  for (guint i = 0; i < tasks->len; i++)
    {
      g_string_append (names, i == 0 ? "" : ", ");
      /* translators: a name in a list of them */
      g_string_append_printf (names, _ ("“%s”"), (const char *) g_ptr_array_index (tasks, i));
    }

  if (kind == LK_RECORD_SERVER)
    g_set_error (error, LK_ERROR, LK_ERROR_IN_USE,
                 /* translators: the second text is one or more task names in quotes. */
                 _ ("the license server “%s” is used by scheduled tasks (%s): choose another "
                    "server in them first"),
                 name, names->str);
  else
    g_set_error (error, LK_ERROR, LK_ERROR_IN_USE,
                 /* translators: the second text is one or more task names in quotes. */
                 _ ("the search “%s” is used by scheduled tasks (%s): choose another search in "
                    "them first"),
                 name, names->str);
}

/**
 * lk_named_record_key:
 * @name: a name, valid UTF-8
 *
 * Folds a name as lk_text_same_name() does. Done here and not by the database, because databases
 * disagree about the case of letters outside ASCII.
 *
 * Returns: (transfer full): a text that is equal for equal names
 */
char *
lk_named_record_key (const char *name)
{
  return g_strstrip (g_utf8_casefold (name, -1));
}

/**
 * lk_named_record_check_name:
 * @db: a connection
 * @kind: of which kind the record is
 * @id: the record; 0 for a new one
 * @name: the name it is to have
 * @error: %LK_ERROR_INVALID or %LK_ERROR_ENCODING for a name that is no good, %LK_ERROR_EXISTS for
 *   one that another record has
 *
 * Returns: whether the record can have that name
 */
gboolean
lk_named_record_check_name (LkDb *db, LkRecordKind kind, gint64 id, const char *name,
                            GError **error)
{
  g_autofree char *key = NULL;
  gint64 other;

  if (!lk_text_check_name (name, error))
    return FALSE;

  key = lk_named_record_key (name);
  if (!lk_query_int (db, taken_sql[kind], LK_VALUES (LK_TEXT (key), LK_INT (id)), &other, error))
    return FALSE;

  if (other != 0)
    set_name_taken (kind, name, error);

  return other == 0;
}

/**
 * lk_named_record_check_updated:
 * @db: a connection that has just run `UPDATE ... WHERE id = ... AND version = ...`
 * @kind: of which kind the record is
 * @id: the record
 * @name: what to call it in a message
 * @error: %LK_ERROR_CONFLICT when the record has another version by now, %LK_ERROR_NOT_FOUND when
 *   it is gone
 *
 * Returns: whether the statement changed the record
 */
gboolean
lk_named_record_check_updated (LkDb *db, LkRecordKind kind, gint64 id, const char *name,
                               GError **error)
{
  gint64 found;

  if (lk_db_get_changes (db) > 0)
    return TRUE;

  if (!lk_query_int (db, exists_sql[kind], LK_VALUES (LK_INT (id)), &found, error))
    return FALSE;

  if (found != 0)
    set_changed (kind, name, error);
  else
    lk_named_record_set_name_missing (kind, name, error);

  return FALSE;
}

/**
 * lk_named_record_check_unused:
 * @db: a connection
 * @kind: %LK_RECORD_SERVER or %LK_RECORD_SEARCH
 * @id: the record
 * @name: what to call it in a message
 * @error: %LK_ERROR_IN_USE with the names of the tasks that use it
 *
 * Returns: whether no task uses the record, so that it may go
 */
gboolean
lk_named_record_check_unused (LkDb *db, LkRecordKind kind, gint64 id, const char *name,
                              GError **error)
{
  g_autoptr (GPtrArray) tasks = NULL;

  g_return_val_if_fail (kind != LK_RECORD_TASK, FALSE);

  tasks =
      lk_query_list (db, users_sql[kind], LK_VALUES (LK_INT (id)), lk_row_dup_text, g_free, error);
  if (tasks == NULL)
    return FALSE;

  if (tasks->len > 0)
    set_in_use (kind, name, tasks, error);

  return tasks->len == 0;
}

/**
 * lk_named_record_set_id_missing:
 * @kind: of which kind the record would be
 * @id: the id that nothing has
 * @error: set to %LK_ERROR_NOT_FOUND
 */
void
lk_named_record_set_id_missing (LkRecordKind kind, gint64 id, GError **error)
{
  if (kind == LK_RECORD_SERVER)
    g_set_error (error, LK_ERROR, LK_ERROR_NOT_FOUND,
                 _ ("license server %" PRId64 " is gone: somebody deleted it"), id);
  else if (kind == LK_RECORD_SEARCH)
    g_set_error (error, LK_ERROR, LK_ERROR_NOT_FOUND,
                 _ ("search %" PRId64 " is gone: somebody deleted it"), id);
  else
    g_set_error (error, LK_ERROR, LK_ERROR_NOT_FOUND,
                 _ ("task %" PRId64 " is gone: somebody deleted it"), id);
}

/**
 * lk_named_record_set_name_missing:
 * @kind: of which kind the record would be
 * @name: the name that nothing has
 * @error: set to %LK_ERROR_NOT_FOUND
 */
void
lk_named_record_set_name_missing (LkRecordKind kind, const char *name, GError **error)
{
  if (kind == LK_RECORD_SERVER)
    g_set_error (error, LK_ERROR, LK_ERROR_NOT_FOUND,
                 _ ("there is no license server “%s”: the list of servers shows their names"),
                 name);
  else if (kind == LK_RECORD_SEARCH)
    g_set_error (error, LK_ERROR, LK_ERROR_NOT_FOUND,
                 _ ("there is no search “%s”: the list of searches shows their names"), name);
  else
    g_set_error (error, LK_ERROR, LK_ERROR_NOT_FOUND,
                 _ ("there is no task “%s”: the list of tasks shows their names"), name);
}
