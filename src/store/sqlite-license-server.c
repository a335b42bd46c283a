/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-sqlite-license-server"

#include "config.h"

#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>

#include "core/error.h"
#include "store/change-feed.h"
#include "store/db-pool.h"
#include "store/license-sql.h"
#include "store/license-writer.h"
#include "store/migrator.h"
#include "store/sqlite-license-order.h"
#include "store/sqlite-license-server.h"

#define N_READERS 3

struct _LkSqliteLicenseServer
{
  LkLicenseServer parent_instance;

  LkDbPool *pool;
  LkChangeFeed *feed;
  char *path;
  GStatBuf file; /* which file that was when it was opened */
};

G_DEFINE_TYPE (LkSqliteLicenseServer, lk_sqlite_license_server, LK_TYPE_LICENSE_SERVER)

/* What a job works on; each job uses what it needs. */
typedef struct
{
  LkLicenseQuery *query;
  GTask *task;                   /* unowned: it lives until the job has ended */
  LkSqliteLicenseServer *server; /* likewise */
  LkLicenseHeadFunc head_func;
  gpointer head_data;
  GArray *ids;
  gsize batch_size;
  LkLicenseScanFunc func;
  gpointer func_data;
  const LkLicenseSource *source;
  gpointer source_data;
  GDestroyNotify source_data_free;
} Work;

static void
work_free (Work *self)
{
  if (self->source_data_free != NULL)
    self->source_data_free (self->source_data);
  g_clear_pointer (&self->query, lk_license_query_free);
  g_clear_pointer (&self->ids, g_array_unref);
  g_free (self);
}

static Work *
work_new (const LkLicenseQuery *query)
{
  Work *self = g_new0 (Work, 1);

  if (query != NULL)
    self->query = lk_license_query_copy (query);
  return self;
}

static gpointer
box_int (gint64 value)
{
  gint64 *box = g_new (gint64, 1);

  *box = value;
  return box;
}

static gpointer
count_job (LkDb *db, gpointer data, GCancellable *cancellable, GError **error)
{
  Work *work = data;
  gint64 count = lk_license_sql_count (db, work->query, error);

  return count >= 0 ? box_int (count) : NULL;
}

/* The first ids, on their way to the main loop. */
typedef struct
{
  GTask *task;
  LkLicenseHeadFunc func;
  gpointer data;
  GArray *ids;
} Head;

static void
head_free (Head *self)
{
  g_object_unref (self->task);
  g_array_unref (self->ids);
  g_free (self);
}

static gboolean
head_cb (gpointer data)
{
  Head *self = data;

  if (!g_cancellable_is_cancelled (g_task_get_cancellable (self->task)))
    self->func (g_task_get_source_object (self->task), self->ids, self->data);
  return G_SOURCE_REMOVE;
}

/* Thread: the pool's. What the job's end is told by has the same priority and is sent later, so it
 * also comes later. */
static void
send_head (const GArray *ids, gpointer user_data)
{
  Work *work = user_data;
  Head *head = g_new0 (Head, 1);
  g_autoptr (GSource) source = g_idle_source_new ();

  head->task = g_object_ref (work->task);
  head->func = work->head_func;
  head->data = work->head_data;
  head->ids = g_array_sized_new (FALSE, FALSE, sizeof (gint64), ids->len);
  g_array_append_vals (head->ids, ids->data, ids->len);

  g_source_set_priority (source, g_task_get_priority (work->task));
  g_source_set_static_name (source, "[latchkey] first licenses");
  g_source_set_callback (source, head_cb, head, (GDestroyNotify) head_free);
  g_source_attach (source, g_task_get_context (work->task));
}

static gpointer
list_ids_job (LkDb *db, gpointer data, GCancellable *cancellable, GError **error)
{
  Work *work = data;

  if (lk_sqlite_license_order_serves (db, work->query))
    return lk_sqlite_license_order_read (db, work->query, error);

  return lk_license_sql_read_ids (db, work->query, work->head_func != NULL ? send_head : NULL, work,
                                  error);
}

static gpointer
get_rows_job (LkDb *db, gpointer data, GCancellable *cancellable, GError **error)
{
  Work *work = data;

  return lk_license_sql_read_rows (db, (const gint64 *) (void *) work->ids->data, work->ids->len,
                                   error);
}

/* Hands over the batch after the last. What fails here began before whatever ended the scan. */
static void
end_scan (Work *work, GError **failure)
{
  g_autoptr (GPtrArray) none = g_ptr_array_new ();
  g_autoptr (GError) earlier = NULL;

  if (work->func (none, work->func_data, &earlier))
    return;

  g_clear_error (failure);
  *failure = g_steal_pointer (&earlier);
}

/* Hands over one batch. Returns whether to go on. */
static gboolean
scan_batch (LkDb *db, Work *work, const gint64 *ids, gsize n_ids, gint64 *n_seen, GError **error)
{
  g_autoptr (GPtrArray) rows = lk_license_sql_read_rows (db, ids, n_ids, error);

  if (rows == NULL)
    return FALSE;

  *n_seen += rows->len;
  return work->func (rows, work->func_data, error);
}

static gpointer
scan_job (LkDb *db, gpointer data, GCancellable *cancellable, GError **error)
{
  Work *work = data;
  g_autoptr (GArray) ids = lk_license_sql_read_ids (db, work->query, NULL, NULL, error);
  g_autoptr (GError) failure = NULL;
  gint64 n_seen = 0;

  if (ids == NULL)
    return NULL;

  for (gsize i = 0; i < ids->len; i += work->batch_size)
    if (!scan_batch (db, work, &g_array_index (ids, gint64, i),
                     MIN (work->batch_size, ids->len - i), &n_seen, &failure))
      break;

  end_scan (work, &failure);
  if (failure != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&failure));
      return NULL;
    }
  return box_int (n_seen);
}

static gboolean
sqlite_is_replaced (LkLicenseServer *server)
{
  LkSqliteLicenseServer *self = LK_SQLITE_LICENSE_SERVER (server);
  GStatBuf now;

  return g_stat (self->path, &now) != 0 || now.st_dev != self->file.st_dev
         || now.st_ino != self->file.st_ino;
}

/* What is written into a file that nobody finds any more is lost. */
static gpointer
write_job (LkDb *db, gpointer data, GCancellable *cancellable, GError **error)
{
  Work *work = data;

  if (sqlite_is_replaced (LK_LICENSE_SERVER (work->server)))
    {
      g_set_error (error, LK_ERROR, LK_ERROR_CONFLICT,
                   _ ("“%s” was replaced by another file meanwhile: refresh, look at the licenses "
                      "and try again"),
                   work->server->path);
      return NULL;
    }

  return lk_license_writer_run (db, work->source, work->source_data, error) ? box_int (1) : NULL;
}

static gpointer
check_job (LkDb *db, gpointer data, GCancellable *cancellable, GError **error)
{
  return lk_db_check_integrity (db, error) ? box_int (1) : NULL;
}

/* The ends of the jobs: they hand the pool's result on to the server's own task. */

static void
int_done_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree gint64 *value = lk_db_pool_finish (LK_DB_POOL (source), result, &error);

  if (value == NULL)
    g_task_return_error (task, g_steal_pointer (&error));
  else
    g_task_return_int (task, *value);
}

static void
boolean_done_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree gint64 *value = lk_db_pool_finish (LK_DB_POOL (source), result, &error);

  if (value == NULL)
    g_task_return_error (task, g_steal_pointer (&error));
  else
    g_task_return_boolean (task, TRUE);
}

static void
ids_done_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  GArray *ids = lk_db_pool_finish (LK_DB_POOL (source), result, &error);

  if (ids == NULL)
    g_task_return_error (task, g_steal_pointer (&error));
  else
    g_task_return_pointer (task, ids, (GDestroyNotify) g_array_unref);
}

static void
rows_done_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  GPtrArray *rows = lk_db_pool_finish (LK_DB_POOL (source), result, &error);

  if (rows == NULL)
    g_task_return_error (task, g_steal_pointer (&error));
  else
    g_task_return_pointer (task, rows, (GDestroyNotify) g_ptr_array_unref);
}

static GTask *
task_new (LkLicenseServer *server, gpointer tag, GCancellable *cancellable,
          GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = g_task_new (server, cancellable, callback, user_data);

  g_task_set_source_tag (task, tag);
  g_task_set_check_cancellable (task, FALSE); /* what was written stays written */
  return task;
}

static void
read_async (LkLicenseServer *server, LkDbJobFunc job, Work *work, GDestroyNotify result_free,
            GCancellable *cancellable, GAsyncReadyCallback done, GTask *task)
{
  lk_db_pool_read_async (LK_SQLITE_LICENSE_SERVER (server)->pool, job, work,
                         (GDestroyNotify) work_free, result_free, cancellable, done, task);
}

static void
sqlite_count_async (LkLicenseServer *server, const LkLicenseQuery *query, GCancellable *cancellable,
                    GAsyncReadyCallback callback, gpointer user_data)
{
  read_async (server, count_job, work_new (query), g_free, cancellable, int_done_cb,
              task_new (server, sqlite_count_async, cancellable, callback, user_data));
}

static void
sqlite_list_ids_async (LkLicenseServer *server, const LkLicenseQuery *query,
                       LkLicenseHeadFunc head_func, GCancellable *cancellable,
                       GAsyncReadyCallback callback, gpointer user_data)
{
  Work *work = work_new (query);

  work->task = task_new (server, sqlite_list_ids_async, cancellable, callback, user_data);
  work->head_func = head_func;
  work->head_data = user_data;
  read_async (server, list_ids_job, work, (GDestroyNotify) g_array_unref, cancellable, ids_done_cb,
              work->task);
}

static void
sqlite_get_rows_async (LkLicenseServer *server, const gint64 *ids, gsize n_ids,
                       GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  Work *work = work_new (NULL);

  work->ids = g_array_sized_new (FALSE, FALSE, sizeof (gint64), n_ids);
  g_array_append_vals (work->ids, ids, n_ids);
  read_async (server, get_rows_job, work, (GDestroyNotify) g_ptr_array_unref, cancellable,
              rows_done_cb,
              task_new (server, sqlite_get_rows_async, cancellable, callback, user_data));
}

static void
sqlite_scan_async (LkLicenseServer *server, const LkLicenseQuery *query, gsize batch_size,
                   LkLicenseScanFunc func, gpointer func_data, GCancellable *cancellable,
                   GAsyncReadyCallback callback, gpointer user_data)
{
  Work *work = work_new (query);

  work->batch_size = batch_size;
  work->func = func;
  work->func_data = func_data;
  read_async (server, scan_job, work, g_free, cancellable, int_done_cb,
              task_new (server, sqlite_scan_async, cancellable, callback, user_data));
}

static void
sqlite_write_async (LkLicenseServer *server, const LkLicenseSource *source, gpointer data,
                    GDestroyNotify data_free, GCancellable *cancellable,
                    GAsyncReadyCallback callback, gpointer user_data)
{
  Work *work = work_new (NULL);

  work->server = LK_SQLITE_LICENSE_SERVER (server);
  work->source = source;
  work->source_data = data;
  work->source_data_free = data_free;
  lk_db_pool_write_async (LK_SQLITE_LICENSE_SERVER (server)->pool, write_job, work,
                          (GDestroyNotify) work_free, g_free, cancellable, boolean_done_cb,
                          task_new (server, sqlite_write_async, cancellable, callback, user_data));
}

/* On the writer's connection: the readers may not run a PRAGMA. */
static void
sqlite_check_async (LkLicenseServer *server, GCancellable *cancellable,
                    GAsyncReadyCallback callback, gpointer user_data)
{
  lk_db_pool_inspect_async (
      LK_SQLITE_LICENSE_SERVER (server)->pool, check_job, NULL, NULL, g_free, cancellable,
      boolean_done_cb, task_new (server, sqlite_check_async, cancellable, callback, user_data));
}

static void
changed_cb (LkChangeFeed *feed, int changes, gpointer user_data)
{
  lk_license_server_emit_changed (LK_LICENSE_SERVER (user_data));
}

static void
sqlite_watch (LkLicenseServer *server)
{
  LkSqliteLicenseServer *self = LK_SQLITE_LICENSE_SERVER (server);

  if (self->feed != NULL)
    return;

  self->feed = lk_change_feed_new (self->pool, self->path);
  g_signal_connect (self->feed, "changed", G_CALLBACK (changed_cb), self);
}

static void
sqlite_close (LkLicenseServer *server)
{
  LkSqliteLicenseServer *self = LK_SQLITE_LICENSE_SERVER (server);

  if (self->feed != NULL)
    lk_change_feed_close (self->feed);
  if (self->pool != NULL)
    lk_db_pool_close (self->pool);
}

static void
lk_sqlite_license_server_dispose (GObject *object)
{
  LkSqliteLicenseServer *self = LK_SQLITE_LICENSE_SERVER (object);

  sqlite_close (LK_LICENSE_SERVER (self));
  if (self->feed != NULL)
    g_signal_handlers_disconnect_by_data (self->feed, self);
  g_clear_object (&self->feed);
  g_clear_object (&self->pool);

  G_OBJECT_CLASS (lk_sqlite_license_server_parent_class)->dispose (object);
}

static void
lk_sqlite_license_server_finalize (GObject *object)
{
  g_free (LK_SQLITE_LICENSE_SERVER (object)->path);

  G_OBJECT_CLASS (lk_sqlite_license_server_parent_class)->finalize (object);
}

static void
lk_sqlite_license_server_class_init (LkSqliteLicenseServerClass *klass)
{
  LkLicenseServerClass *server_class = LK_LICENSE_SERVER_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = lk_sqlite_license_server_dispose;
  G_OBJECT_CLASS (klass)->finalize = lk_sqlite_license_server_finalize;
  server_class->count_async = sqlite_count_async;
  server_class->list_ids_async = sqlite_list_ids_async;
  server_class->get_rows_async = sqlite_get_rows_async;
  server_class->scan_async = sqlite_scan_async;
  server_class->write_async = sqlite_write_async;
  server_class->check_async = sqlite_check_async;
  server_class->is_replaced = sqlite_is_replaced;
  server_class->watch = sqlite_watch;
  server_class->close = sqlite_close;
}

static void
lk_sqlite_license_server_init (LkSqliteLicenseServer *self)
{
}

/**
 * lk_sqlite_license_server_create:
 * @path: where; its folder is made when there is none
 * @error: return location
 *
 * Makes an empty license database, unless there is one already.
 *
 * Returns: whether there is a license database at @path now
 */
gboolean
lk_sqlite_license_server_create (const char *path, GError **error)
{
  g_autofree char *uri = g_strconcat ("sqlite:", path, NULL);

  return lk_migrator_create (uri, &lk_license_schema, error);
}

/**
 * lk_sqlite_license_server_open:
 * @path: the database file
 * @error: return location
 *
 * Opens a license database; see lk_license_server_open(), which is what others call.
 *
 * Returns: (transfer full) (nullable): the server
 */
LkLicenseServer *
lk_sqlite_license_server_open (const char *path, GError **error)
{
  g_autofree char *uri = g_strconcat ("sqlite:", path, NULL);
  g_autoptr (LkSqliteLicenseServer) self = g_object_new (LK_TYPE_SQLITE_LICENSE_SERVER, NULL);
  LkDb *writer;

  /* A look before the file is opened: whoever replaces it in between is found out next time. */
  self->path = g_strdup (path);
  if (g_stat (path, &self->file) != 0)
    self->file = (GStatBuf){ 0 };

  writer = lk_migrator_open (uri, &lk_license_schema, LK_DB_DEFAULT, error);
  if (writer == NULL)
    return NULL;

  self->pool = lk_db_pool_new (writer, uri, LK_DB_CONFINED, N_READERS, error);
  if (self->pool == NULL)
    return NULL;

  return LK_LICENSE_SERVER (g_steal_pointer (&self));
}
