/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-ledger-store"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "core/error.h"
#include "store/delivery-row.h"
#include "store/endpoint-store.h"
#include "store/lease-store.h"
#include "store/query.h"
#include "store/run-store.h"
#include "store/task-store.h"

/* The memory is what the two that fire a group do not treat alike. */
#define INTO_LEDGER                                                                                \
  "INSERT INTO ledger (task_id, group_key, fired_at, seen_run_id, matching, memory, license_key)"  \
  " VALUES "
#define INTO_LEDGER_AGAIN                                                                          \
  " ON CONFLICT (task_id, group_key) DO UPDATE"                                                    \
  " SET fired_at = excluded.fired_at, seen_run_id = excluded.seen_run_id, matching = 1,"           \
  " license_key = excluded.license_key,"

/* What is known of the receiver of a delivery. All of a batch have the same. */
typedef struct
{
  char *url; /* NULL: none was looked up yet */
  gboolean is_paused;
  char *reason;
} Receiver;

static void
receiver_clear (Receiver *self)
{
  g_clear_pointer (&self->url, g_free);
  g_clear_pointer (&self->reason, g_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Receiver, receiver_clear)

static void
ledger_entry_free (gpointer data)
{
  LkLedgerEntry *entry = data;

  g_free (entry->memory);
  g_free (entry->license_key);
  g_free (entry);
}

static gpointer
read_entry (LkStatement *row)
{
  LkLedgerEntry *entry = g_new0 (LkLedgerEntry, 1);

  entry->fired_at = lk_statement_get_int (row, 0);
  entry->matching = lk_statement_get_int (row, 1) != 0;
  entry->memory = lk_row_take_text (row, 2);
  entry->license_key = lk_row_take_text (row, 3);

  return entry;
}

/* The engine may be in the middle of a run whose task somebody deleted. */
static gboolean
check_run (LkDb *db, const LkRun *run, gint64 epoch, GError **error)
{
  gint64 id;

  if (!lk_lease_store_check_epoch (db, epoch, error)
      || !lk_query_int (db,
                        "SELECT id FROM run WHERE id = ?1 AND state = 'running' AND epoch = ?2"
                        " AND task_id = ?3",
                        LK_VALUES (LK_INT (run->id), LK_INT (epoch), LK_INT (run->task_id)), &id,
                        error))
    return FALSE;

  if (id == 0)
    g_set_error (error, LK_ERROR, LK_ERROR_NOT_FOUND,
                 _ ("the run of the task “%s” has ended: the task was deleted"), run->task_name);

  return id != 0;
}

/* Those that fire are marked when that is noted, or were when their run noted it before a crash. */
static gboolean
mark_seen (LkDb *db, const LkRun *run, GPtrArray *group_keys, GPtrArray *matches, GError **error)
{
  g_autoptr (GHashTable) firing = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < matches->len; i++)
    g_hash_table_add (firing, ((LkRunMatch *) g_ptr_array_index (matches, i))->group_key);

  for (guint i = 0; i < group_keys->len; i++)
    {
      const char *group_key = g_ptr_array_index (group_keys, i);

      if (!g_hash_table_contains (firing, group_key)
          && !lk_query_run (
              db, "UPDATE ledger SET seen_run_id = ?3 WHERE task_id = ?1 AND group_key = ?2",
              LK_VALUES (LK_INT (run->task_id), LK_TEXT (group_key), LK_INT (run->id)), error))
        return FALSE;
    }

  return TRUE;
}

static gboolean
look_up_receiver (LkDb *db, const char *url, Receiver *receiver, GError **error)
{
  if (g_strcmp0 (receiver->url, url) == 0)
    return TRUE;

  receiver_clear (receiver);
  if (!lk_endpoint_store_is_paused (db, url, &receiver->is_paused, &receiver->reason, error))
    return FALSE;

  receiver->url = g_strdup (url);
  return TRUE;
}

/* What the engine left to the store: whose the delivery is, where it goes by now, and whether it
 * may go out. */
static LkDelivery *
make_delivery (LkDb *db, const LkRun *run, const LkRunMatch *match, const char *url,
               Receiver *receiver, LkInstant now, GError **error)
{
  g_autoptr (LkDelivery) delivery = lk_delivery_copy (match->delivery);

  delivery->hold_kind = delivery->state == LK_DELIVERY_HELD ? LK_HOLD_LOOK : LK_HOLD_NONE;
  if (*url != '\0')
    {
      g_free (delivery->url);
      delivery->url = g_strdup (url);
    }

  if (!look_up_receiver (db, delivery->url, receiver, error))
    return NULL;

  delivery->run_id = run->id;
  delivery->task_id = run->task_id;
  if (delivery->hold_kind == LK_HOLD_NONE && receiver->is_paused)
    {
      delivery->hold_kind = LK_HOLD_PAUSED;
      delivery->state = LK_DELIVERY_HELD;
      g_free (delivery->hold_reason);
      delivery->hold_reason = g_strdup (receiver->reason);
    }

  if (delivery->state == LK_DELIVERY_HELD)
    delivery->due_at = 0;
  else if (delivery->due_at == 0)
    delivery->due_at = now;

  return g_steal_pointer (&delivery);
}

/* The run fires for the instant it stands for, however long its work takes: a task that runs daily
 * at eight must find that a day has gone by at eight.
 *
 * @rows: those of them that were added fire
 * Returns: how many those are; -1 on error */
static gint64
note_fired (LkDb *db, const LkRun *run, GPtrArray *matches, guint from, const LkNewDelivery *rows,
            guint n_rows, GError **error)
{
  LkValue values[LK_NEW_DELIVERIES_AT_ONCE * 6 + 1] = { 0 };
  LkValue *value = values;
  guint n_fired = 0;

  for (guint i = 0; i < n_rows; i++)
    {
      const LkRunMatch *match = g_ptr_array_index (matches, from + i);

      if (rows[i].id == 0)
        continue;

      *value++ = LK_INT (run->task_id);
      *value++ = LK_TEXT (match->group_key);
      *value++ = LK_INT (run->due_at);
      *value++ = LK_INT (run->id);
      *value++ = LK_TEXT (match->memory != NULL ? match->memory : "");
      *value++ = LK_TEXT (match->delivery->license_key);
      n_fired++;
    }

  if (n_fired > 0
      && !lk_query_run_rows (db, INTO_LEDGER, "(?, ?, ?, ?, 1, ?, ?)", n_fired,
                             INTO_LEDGER_AGAIN " memory = excluded.memory", values, error))
    return -1;

  return n_fired;
}

/* Returns: how many deliveries were added for @matches from the one with the number @from on, of
 * which there are @n_rows; -1 on error */
static gint64
add_some (LkDb *db, const LkRun *run, GPtrArray *matches, guint from, guint n_rows, const char *url,
          Receiver *receiver, LkInstant now, GError **error)
{
  g_autoptr (GPtrArray) made = g_ptr_array_new_with_free_func ((GDestroyNotify) lk_delivery_free);
  LkNewDelivery rows[LK_NEW_DELIVERIES_AT_ONCE] = { 0 };

  for (guint i = 0; i < n_rows; i++)
    {
      const LkRunMatch *match = g_ptr_array_index (matches, from + i);
      LkDelivery *delivery = make_delivery (db, run, match, url, receiver, now, error);

      if (delivery == NULL)
        return -1;

      g_ptr_array_add (made, delivery);
      rows[i].delivery = delivery;
      rows[i].group_key = match->group_key;
    }

  if (!lk_delivery_row_insert (db, rows, n_rows, now, error))
    return -1;

  return note_fired (db, run, matches, from, rows, n_rows, error);
}

static gint64
add_matches (LkDb *db, const LkRun *run, GPtrArray *matches, LkInstant now, GError **error)
{
  g_autofree char *url = NULL;
  g_auto (Receiver) receiver = { 0 };
  gpointer found;
  gint64 n_added = 0;

  /* The run may have read its task before somebody changed the address. */
  if (!lk_query_one (db, "SELECT url FROM task WHERE id = ?1", LK_VALUES (LK_INT (run->task_id)),
                     lk_row_dup_text, &found, error))
    return -1;

  url = found != NULL ? found : g_strdup ("");
  for (guint from = 0; from < matches->len; from += LK_NEW_DELIVERIES_AT_ONCE)
    {
      guint n_rows = MIN (matches->len - from, LK_NEW_DELIVERIES_AT_ONCE);
      gint64 n = add_some (db, run, matches, from, n_rows, url, &receiver, now, error);

      if (n < 0)
        return -1;

      n_added += n;
    }

  return n_added;
}

/**
 * lk_run_match_free:
 * @self: (nullable) (transfer full): a match
 */
void
lk_run_match_free (LkRunMatch *self)
{
  if (self == NULL)
    return;

  g_free (self->group_key);
  g_free (self->memory);
  lk_delivery_free (self->delivery);
  g_free (self);
}

/**
 * lk_ledger_read:
 * @db: a connection
 * @task_id: the task
 * @group_keys: (element-type utf8): groups
 * @error: return location
 *
 * Reads what was already fired for some groups of a task.
 *
 * Returns: (transfer full) (element-type utf8 LkLedgerEntry) (nullable): the entries by group; a
 *   group that never fired is absent; %NULL on error
 */
GHashTable *
lk_ledger_read (LkDb *db, gint64 task_id, GPtrArray *group_keys, GError **error)
{
  g_autoptr (GHashTable) entries =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, ledger_entry_free);

  g_return_val_if_fail (group_keys != NULL, NULL);

  for (guint i = 0; i < group_keys->len; i++)
    {
      const char *group_key = g_ptr_array_index (group_keys, i);
      gpointer entry;

      if (!lk_query_one (db,
                         "SELECT fired_at, matching, memory, license_key FROM ledger"
                         " WHERE task_id = ?1 AND group_key = ?2",
                         LK_VALUES (LK_INT (task_id), LK_TEXT (group_key)), read_entry, &entry,
                         error))
        return NULL;

      if (entry != NULL)
        g_hash_table_replace (entries, g_strdup (group_key), entry);
    }

  return g_steal_pointer (&entries);
}

typedef struct
{
  gint64 task_id;
  GPtrArray *group_keys;
} Question;

static gpointer
read_job (LkDb *db, gpointer data, GCancellable *cancellable, GError **error)
{
  const Question *question = data;

  return lk_ledger_read (db, question->task_id, question->group_keys, error);
}

/**
 * lk_ledger_read_sync:
 * @pool: the workspace
 * @task_id: the task
 * @group_keys: (element-type utf8): the groups
 * @error: return location
 *
 * Waits for lk_ledger_read() on a thread of @pool. Thread: one that may wait, as that of a scan.
 *
 * Returns: (transfer full) (element-type utf8 LkLedgerEntry) (nullable): see lk_ledger_read()
 */
GHashTable *
lk_ledger_read_sync (LkDbPool *pool, gint64 task_id, GPtrArray *group_keys, GError **error)
{
  Question question = { task_id, group_keys };

  return lk_db_pool_read_sync (pool, read_job, &question, NULL, error);
}

/**
 * lk_ledger_mark_free:
 * @self: (transfer full): a mark
 */
void
lk_ledger_mark_free (LkLedgerMark *self)
{
  g_return_if_fail (self != NULL);

  g_free (self->group_key);
  g_free (self->memory);
  g_free (self->license_key);
  g_free (self);
}

/* What a policy remembers depends on its columns, and what a group is on the search. */
static gboolean
check_version (LkDb *db, gint64 task_id, gint64 version, GError **error)
{
  g_autoptr (LkTask) task = lk_task_store_get (db, task_id, error);

  if (task == NULL)
    return FALSE;
  if (version == 0 || task->version == version)
    return TRUE;

  g_set_error (error, LK_ERROR, LK_ERROR_CONFLICT,
               _ ("the task “%s” was changed meanwhile: look at it and try again"), task->name);
  return FALSE;
}

/**
 * lk_ledger_mark_sent:
 * @db: a connection in a transaction
 * @task_id: the task
 * @version: the version of the task that the marks were made for; 0 for any
 * @marks: (element-type LkLedgerMark): groups, with what is to be remembered
 * @now: the instant that counts as the one of their firing
 * @error: %LK_ERROR_CONFLICT, or %LK_ERROR_NOT_FOUND when the task is gone
 *
 * Lets the groups count as sent, as if a run had fired for them. A run that is under way has seen
 * them. What milestones remember of earlier dates stays where a mark has nothing to remember.
 *
 * Returns: how many groups; -1 on error
 */
gint64
lk_ledger_mark_sent (LkDb *db, gint64 task_id, gint64 version, GPtrArray *marks, LkInstant now,
                     GError **error)
{
  gint64 run_id;

  g_return_val_if_fail (marks != NULL, -1);

  if (!check_version (db, task_id, version, error)
      || !lk_query_int (db, "SELECT id FROM run WHERE task_id = ?1 AND state = 'running'",
                        LK_VALUES (LK_INT (task_id)), &run_id, error))
    return -1;

  for (guint i = 0; i < marks->len; i++)
    {
      const LkLedgerMark *mark = g_ptr_array_index (marks, i);

      if (!lk_query_run (db,
                         INTO_LEDGER "(?1, ?2, ?3, ?4, 1, ?5, ?6)" INTO_LEDGER_AGAIN
                                     " memory = CASE WHEN excluded.memory = '' THEN ledger.memory"
                                     " ELSE excluded.memory END",
                         LK_VALUES (LK_INT (task_id), LK_TEXT (mark->group_key), LK_INT (now),
                                    LK_INT (run_id), LK_TEXT (mark->memory),
                                    LK_TEXT (mark->license_key != NULL ? mark->license_key : "")),
                         error))
        return -1;
    }

  return marks->len;
}

/**
 * lk_ledger_forget:
 * @db: a connection in a transaction
 * @task_id: the task
 * @version: the version of the task that the group was made for; 0 for any
 * @group_key: a group
 * @error: %LK_ERROR_CONFLICT, or %LK_ERROR_NOT_FOUND when the task is gone
 *
 * Lets the group count as never sent: the next run that finds it decides as for a new one.
 *
 * Returns: how many groups the ledger knew, 0 or 1; -1 on error
 */
gint64
lk_ledger_forget (LkDb *db, gint64 task_id, gint64 version, const char *group_key, GError **error)
{
  gint64 n_known;

  if (!check_version (db, task_id, version, error)
      || !lk_query_int (db, "SELECT count(*) FROM ledger WHERE task_id = ?1 AND group_key = ?2",
                        LK_VALUES (LK_INT (task_id), LK_TEXT (group_key)), &n_known, error)
      || !lk_query_run (db, "DELETE FROM ledger WHERE task_id = ?1 AND group_key = ?2",
                        LK_VALUES (LK_INT (task_id), LK_TEXT (group_key)), error))
    return -1;

  return n_known;
}

/**
 * lk_ledger_rewind:
 * @db: a connection in a transaction
 * @now: the wall-clock time
 * @error: return location
 *
 * After the clock was set back: where days are counted since a group fired, it did not fire after
 * @now, or it would not fire again for as long as the clock was ahead.
 *
 * Returns: whether that is so
 */
gboolean
lk_ledger_rewind (LkDb *db, LkInstant now, GError **error)
{
  return lk_query_run (db,
                       "UPDATE ledger SET fired_at = ?1 WHERE fired_at > ?1 AND task_id IN"
                       " (SELECT id FROM task WHERE send LIKE 'every:%')",
                       LK_VALUES (LK_INT (now)), error);
}

/**
 * lk_run_store_add_batch:
 * @db: a connection in a transaction
 * @run: the run
 * @epoch: the epoch of the caller's lease
 * @group_keys: (element-type utf8): all groups that the search found in this batch, fired or not
 * @matches: (element-type LkRunMatch): those that the firing policy lets fire
 * @now: the wall-clock time
 * @error: %LK_ERROR_LEASE_LOST, or %LK_ERROR_NOT_FOUND when the task was deleted meanwhile
 *
 * T2 of design 7: notes that the groups match, and adds the deliveries that are owed together with
 * their ledger rows. A group for which the run has a delivery already, from an execution that was
 * interrupted, is passed over. A delivery for a paused receiver is born held.
 *
 * Returns: how many deliveries were added; -1 on error
 */
gint64
lk_run_store_add_batch (LkDb *db, const LkRun *run, gint64 epoch, GPtrArray *group_keys,
                        GPtrArray *matches, LkInstant now, GError **error)
{
  g_return_val_if_fail (run != NULL && group_keys != NULL && matches != NULL, -1);

  if (!check_run (db, run, epoch, error) || !mark_seen (db, run, group_keys, matches, error))
    return -1;

  return add_matches (db, run, matches, now, error);
}
