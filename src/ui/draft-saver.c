/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-draft-saver"

#include "config.h"

#include "ui/draft-saver.h"

typedef struct
{
  LkDraftItem *item; /* touched in the main loop only */
  gint64 id;         /* what to remove, or where a record went */
  gpointer record;   /* NULL: remove it */
} Step;

typedef struct
{
  const LkDraftKind *kind;
  LkInstant now;
  GArray *steps; /* of Step */
  Step *failed;
} Save;

static void
save_free (Save *save)
{
  for (guint i = 0; i < save->steps->len; i++)
    {
      Step *step = &g_array_index (save->steps, Step, i);

      g_clear_object (&step->item);
      g_clear_pointer (&step->record, save->kind->record_free);
    }

  g_array_unref (save->steps);
  g_free (save);
}

/* Removals come first, so that the name of a removed item can be used again. */
static void
add_removals (Save *save, LkDraftList *list)
{
  g_autoptr (GPtrArray) removed = lk_draft_list_get_removed (list);

  for (guint i = 0; i < removed->len; i++)
    {
      LkDraftItem *item = g_ptr_array_index (removed, i);
      Step step = { g_object_ref (item), lk_draft_item_get_id (item), NULL };

      g_array_append_val (save->steps, step);
    }
}

static gboolean
add_writes (Save *save, LkDraftList *list, GError **error)
{
  g_autoptr (GPtrArray) dirty = lk_draft_list_get_dirty (list);

  for (guint i = 0; i < dirty->len; i++)
    {
      LkDraftItem *item = g_ptr_array_index (dirty, i);
      Step step = { g_object_ref (item), 0, lk_draft_item_to_record (item, error) };

      g_array_append_val (save->steps, step);
      if (step.record == NULL)
        {
          save->failed = &g_array_index (save->steps, Step, save->steps->len - 1);
          return FALSE;
        }
    }

  return TRUE;
}

static gboolean
run_step (LkDb *db, Save *save, Step *step, GError **error)
{
  if (step->record == NULL)
    return save->kind->remove (db, step->id, save->now, error);

  step->id = save->kind->write (db, step->record, save->now, error);
  return step->id > 0;
}

/* Pool thread, in one transaction: either everything is saved or nothing. */
static gpointer
save_job (LkDb *db, gpointer data, GCancellable *cancellable, GError **error)
{
  Save *save = data;

  for (guint i = 0; i < save->steps->len; i++)
    {
      Step *step = &g_array_index (save->steps, Step, i);

      if (!run_step (db, save, step, error))
        {
          save->failed = step;
          return NULL;
        }
    }

  return save;
}

static gpointer
load_job (LkDb *db, gpointer data, GCancellable *cancellable, GError **error)
{
  const LkDraftKind *kind = data;

  return kind->list (db, error);
}

typedef struct
{
  const LkDraftKind *kind;
  gint64 id;
} Lookup;

static gpointer
get_job (LkDb *db, gpointer data, GCancellable *cancellable, GError **error)
{
  Lookup *lookup = data;

  return lookup->kind->get (db, lookup->id, error);
}

static void
saved_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;

  lk_db_pool_finish (LK_DB_POOL (source), result, &error);
  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_boolean (task, TRUE);
}

/**
 * lk_draft_load_async:
 * @pool: the workspace's connections
 * @kind: what to list; static
 * @cancellable: (nullable): to give up
 * @callback: called in the main loop
 * @user_data: for @callback
 *
 * Reads all that is stored of one kind.
 */
void
lk_draft_load_async (LkDbPool *pool, const LkDraftKind *kind, GCancellable *cancellable,
                     GAsyncReadyCallback callback, gpointer user_data)
{
  lk_db_pool_read_async (pool, load_job, (gpointer) kind, NULL, (GDestroyNotify) g_ptr_array_unref,
                         cancellable, callback, user_data);
}

/* Returns: (transfer full): the values; %NULL on error */
GPtrArray *
lk_draft_load_finish (LkDbPool *pool, GAsyncResult *result, GError **error)
{
  return lk_db_pool_finish (pool, result, error);
}

/**
 * lk_draft_get_async:
 * @pool: the workspace's connections
 * @kind: what to read; static
 * @id: the row in the workspace
 * @cancellable: (nullable): to give up
 * @callback: called in the main loop
 * @user_data: for @callback
 *
 * Reads one value as it is stored now.
 */
void
lk_draft_get_async (LkDbPool *pool, const LkDraftKind *kind, gint64 id, GCancellable *cancellable,
                    GAsyncReadyCallback callback, gpointer user_data)
{
  Lookup *lookup = g_new0 (Lookup, 1);

  lookup->kind = kind;
  lookup->id = id;
  lk_db_pool_read_async (pool, get_job, lookup, g_free, kind->value_free, cancellable, callback,
                         user_data);
}

/* Returns: (transfer full): the value, freed with the kind's value_free; %NULL on error */
gpointer
lk_draft_get_finish (LkDbPool *pool, GAsyncResult *result, GError **error)
{
  return lk_db_pool_finish (pool, result, error);
}

/**
 * lk_draft_save_async:
 * @pool: the workspace's connections
 * @list: whose edits and removals to write
 * @now: the present
 * @callback: called in the main loop
 * @user_data: for @callback
 *
 * Writes all edits in one transaction. It cannot be cancelled: closing a window must not lose what
 * a person has just saved.
 */
void
lk_draft_save_async (LkDbPool *pool, LkDraftList *list, LkInstant now, GAsyncReadyCallback callback,
                     gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (pool, NULL, callback, user_data);
  Save *save = g_new0 (Save, 1);
  GError *error = NULL;

  save->kind = lk_draft_list_get_kind (list);
  save->now = now;
  save->steps = g_array_new (FALSE, FALSE, sizeof (Step));
  g_task_set_source_tag (task, lk_draft_save_async);
  g_task_set_task_data (task, save, (GDestroyNotify) save_free);

  add_removals (save, list);
  if (add_writes (save, list, &error))
    lk_db_pool_write_async (pool, save_job, save, NULL, NULL, NULL, saved_cb,
                            g_steal_pointer (&task));
  else
    g_task_return_error (task, error);
}

/**
 * lk_draft_save_finish:
 * @pool: the workspace's connections
 * @result: what the callback got
 * @failed: (out) (transfer full) (nullable): the item that could not be written
 * @error: why: %LK_ERROR_CONFLICT, %LK_ERROR_IN_USE, %LK_ERROR_EXISTS, %LK_ERROR_INVALID ...
 *
 * Returns: whether everything was saved; otherwise nothing was
 */
gboolean
lk_draft_save_finish (LkDbPool *pool, GAsyncResult *result, LkDraftItem **failed, GError **error)
{
  Save *save = g_task_get_task_data (G_TASK (result));

  *failed = save->failed != NULL ? g_object_ref (save->failed->item) : NULL;
  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * lk_draft_save_get_id:
 * @result: what the callback got
 * @item: (nullable): an item
 *
 * Returns: the row that @item has by now; 0 when there is none
 */
gint64
lk_draft_save_get_id (GAsyncResult *result, LkDraftItem *item)
{
  Save *save = g_task_get_task_data (G_TASK (result));

  for (guint i = 0; i < save->steps->len; i++)
    if (g_array_index (save->steps, Step, i).item == item)
      return g_array_index (save->steps, Step, i).id;

  return item != NULL ? lk_draft_item_get_id (item) : 0;
}
