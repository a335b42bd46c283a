/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-catalog"

#include "config.h"

#include "store/search-store.h"
#include "store/server-store.h"
#include "store/task-store.h"
#include "ui/catalog.h"

/* What one reading brings. */
typedef struct
{
  GPtrArray *servers;
  GPtrArray *searches;
  GPtrArray *tasks;
} Lists;

struct _LkCatalog
{
  GObject parent_instance;

  LkContext *context;
  GCancellable *cancellable;
  Lists *lists;
  GError *error;
  gboolean loaded;
  gboolean reading;
  gboolean stale; /* something changed while it was read */
};

G_DEFINE_FINAL_TYPE (LkCatalog, lk_catalog, G_TYPE_OBJECT)

enum
{
  CHANGED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

static void read_lists (LkCatalog *self);

static void
lists_free (gpointer data)
{
  Lists *self = data;

  g_clear_pointer (&self->servers, g_ptr_array_unref);
  g_clear_pointer (&self->searches, g_ptr_array_unref);
  g_clear_pointer (&self->tasks, g_ptr_array_unref);
  g_free (self);
}

static Lists *
lists_new_empty (void)
{
  Lists *self = g_new0 (Lists, 1);

  self->servers = g_ptr_array_new ();
  self->searches = g_ptr_array_new ();
  self->tasks = g_ptr_array_new ();

  return self;
}

/* Thread: a pool thread. */
static gpointer
read_job (LkDb *db, gpointer data, GCancellable *cancellable, GError **error)
{
  Lists *lists = g_new0 (Lists, 1);

  if ((lists->servers = lk_server_store_list (db, error)) == NULL
      || (lists->searches = lk_search_store_list (db, error)) == NULL
      || (lists->tasks = lk_task_store_list (db, error)) == NULL)
    g_clear_pointer (&lists, lists_free);

  return lists;
}

/* (transfer full) for both: @lists is NULL where @error says why. */
static void
take_lists (LkCatalog *self, Lists *lists, GError *error)
{
  g_clear_error (&self->error);
  self->error = error;
  if (lists == NULL)
    return;

  lists_free (self->lists);
  self->lists = lists;
  self->loaded = TRUE;
}

static void
read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (LkCatalog) self = user_data;
  g_autoptr (GError) error = NULL;
  Lists *lists = lk_db_pool_finish (LK_DB_POOL (source), result, &error);

  g_assert (LK_IS_CATALOG (self));

  self->reading = FALSE;
  if (g_cancellable_is_cancelled (self->cancellable))
    {
      g_clear_pointer (&lists, lists_free);
      return;
    }

  take_lists (self, lists, g_steal_pointer (&error));
  g_signal_emit (self, signals[CHANGED], 0);

  if (self->stale)
    read_lists (self);
}

static void
read_lists (LkCatalog *self)
{
  self->stale = self->reading;
  if (self->reading)
    return;

  self->reading = TRUE;
  lk_db_pool_read_async (lk_context_get_pool (self->context), read_job, NULL, NULL, lists_free,
                         self->cancellable, read_cb, g_object_ref (self));
}

static void
feed_changed_cb (LkChangeFeed *feed, LkChange changes, LkCatalog *self)
{
  g_assert (LK_IS_CATALOG (self));

  if (changes & (LK_CHANGE_SERVERS | LK_CHANGE_SEARCHES | LK_CHANGE_TASKS))
    read_lists (self);
}

static void
lk_catalog_dispose (GObject *object)
{
  LkCatalog *self = LK_CATALOG (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->context);

  G_OBJECT_CLASS (lk_catalog_parent_class)->dispose (object);
}

static void
lk_catalog_finalize (GObject *object)
{
  LkCatalog *self = LK_CATALOG (object);

  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->lists, lists_free);
  g_clear_error (&self->error);

  G_OBJECT_CLASS (lk_catalog_parent_class)->finalize (object);
}

static void
lk_catalog_class_init (LkCatalogClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = lk_catalog_dispose;
  object_class->finalize = lk_catalog_finalize;

  signals[CHANGED] = g_signal_new ("changed", LK_TYPE_CATALOG, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                   NULL, G_TYPE_NONE, 0);
}

static void
lk_catalog_init (LkCatalog *self)
{
  self->cancellable = g_cancellable_new ();
  self->lists = lists_new_empty ();
}

static LkCatalog *
new_catalog (LkContext *context)
{
  LkCatalog *self = g_object_new (LK_TYPE_CATALOG, NULL);

  self->context = g_object_ref (context);
  g_signal_connect_object (lk_context_get_change_feed (context), "changed",
                           G_CALLBACK (feed_changed_cb), self, 0);

  return self;
}

/**
 * lk_catalog_new:
 * @context: the services over the workspace
 *
 * Returns: (transfer full): a catalog that is being read
 */
LkCatalog *
lk_catalog_new (LkContext *context)
{
  LkCatalog *self = new_catalog (context);

  read_lists (self);

  return self;
}

/**
 * lk_catalog_new_read:
 * @context: the services over the workspace
 *
 * For the window that the program starts with: it waits for the reading, which takes about a
 * millisecond, so that the window is made with the lists instead of being filled later.
 *
 * Returns: (transfer full): a catalog that was read, or has the error
 */
LkCatalog *
lk_catalog_new_read (LkContext *context)
{
  LkCatalog *self = new_catalog (context);
  GError *error = NULL;
  Lists *lists = lk_db_pool_read_sync (lk_context_get_pool (context), read_job, NULL,
                                       self->cancellable, &error);

  take_lists (self, lists, error);

  return self;
}

/**
 * lk_catalog_is_loaded:
 * @self: a catalog
 *
 * Returns: whether a first reading has succeeded
 */
gboolean
lk_catalog_is_loaded (LkCatalog *self)
{
  g_return_val_if_fail (LK_IS_CATALOG (self), FALSE);

  return self->loaded;
}

/**
 * lk_catalog_get_error:
 * @self: a catalog
 *
 * Returns: (nullable) (transfer none): why the last reading failed
 */
const GError *
lk_catalog_get_error (LkCatalog *self)
{
  g_return_val_if_fail (LK_IS_CATALOG (self), NULL);

  return self->error;
}

/**
 * lk_catalog_get_servers:
 * @self: a catalog
 *
 * Returns: (transfer none) (element-type LkServerProfile): the License Servers
 */
GPtrArray *
lk_catalog_get_servers (LkCatalog *self)
{
  g_return_val_if_fail (LK_IS_CATALOG (self), NULL);

  return self->lists->servers;
}

/**
 * lk_catalog_get_searches:
 * @self: a catalog
 *
 * Returns: (transfer none) (element-type LkSearch): the saved searches, favourites first, then by
 *   group
 */
GPtrArray *
lk_catalog_get_searches (LkCatalog *self)
{
  g_return_val_if_fail (LK_IS_CATALOG (self), NULL);

  return self->lists->searches;
}

/**
 * lk_catalog_get_tasks:
 * @self: a catalog
 *
 * Returns: (transfer none) (element-type LkTask): the Scheduled Tasks
 */
GPtrArray *
lk_catalog_get_tasks (LkCatalog *self)
{
  g_return_val_if_fail (LK_IS_CATALOG (self), NULL);

  return self->lists->tasks;
}

/**
 * lk_catalog_find_server:
 * @self: a catalog
 * @id: a License Server
 *
 * Returns: (nullable) (transfer none): its profile, until the next change
 */
const LkServerProfile *
lk_catalog_find_server (LkCatalog *self, gint64 id)
{
  g_return_val_if_fail (LK_IS_CATALOG (self), NULL);

  for (guint i = 0; i < self->lists->servers->len; i++)
    {
      const LkServerProfile *profile = g_ptr_array_index (self->lists->servers, i);

      if (profile->id == id)
        return profile;
    }

  return NULL;
}

/**
 * lk_catalog_get_default_server:
 * @self: a catalog
 *
 * Returns: (nullable) (transfer none): the License Server to start with; %NULL when there is none
 */
const LkServerProfile *
lk_catalog_get_default_server (LkCatalog *self)
{
  const LkServerProfile *first = NULL;

  g_return_val_if_fail (LK_IS_CATALOG (self), NULL);

  for (guint i = 0; i < self->lists->servers->len; i++)
    {
      const LkServerProfile *profile = g_ptr_array_index (self->lists->servers, i);

      if (profile->is_default)
        return profile;
      if (first == NULL)
        first = profile;
    }

  return first;
}

/**
 * lk_catalog_find_search:
 * @self: a catalog
 * @id: a saved search
 *
 * Returns: (nullable) (transfer none): the search, until the next change
 */
const LkSearch *
lk_catalog_find_search (LkCatalog *self, gint64 id)
{
  g_return_val_if_fail (LK_IS_CATALOG (self), NULL);

  for (guint i = 0; i < self->lists->searches->len; i++)
    {
      const LkSearch *search = g_ptr_array_index (self->lists->searches, i);

      if (search->id == id)
        return search;
    }

  return NULL;
}

/**
 * lk_catalog_get_next_task:
 * @self: a catalog
 *
 * Returns: (nullable) (transfer none): the enabled task that is due first; %NULL when none is
 */
const LkTask *
lk_catalog_get_next_task (LkCatalog *self)
{
  const LkTask *next = NULL;

  g_return_val_if_fail (LK_IS_CATALOG (self), NULL);

  for (guint i = 0; i < self->lists->tasks->len; i++)
    {
      const LkTask *task = g_ptr_array_index (self->lists->tasks, i);

      if (task->enabled && task->next_due_at > 0
          && (next == NULL || task->next_due_at < next->next_due_at))
        next = task;
    }

  return next;
}
