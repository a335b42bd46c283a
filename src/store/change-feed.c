/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-change-feed"

#include "config.h"

#include <errno.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#include <glib-unix.h>
#include <glib/gi18n-lib.h>

#include "store/change-feed.h"

/* Changes within this time come as one. */
#define GATHER_MS 50

/* A writer first fills the -wal file (which wakes us), then syncs it, then makes the commit visible
 * (which wakes nobody). So after a look comes another one, with growing patience while there is
 * nothing new: what is found may not be the last that was written. */
static const guint look_delays_ms[] = { GATHER_MS, 250, 1000 };

/* What wakes us; and what is left of it for GATHER_MS after it did, since the kernel makes an event
 * of each page that a writer writes, ourselves included. */
#define WATCHED (IN_MODIFY | IN_ATTRIB)
#define RESTING IN_DELETE_SELF

/* What tells our own write of the -wal file from another process's. */
typedef struct
{
  gint64 size;
  gint64 modified_ns;
} FileMark;

struct _LkChangeFeed
{
  GObject parent_instance;

  LkDbPool *pool;
  char *wal_path;
  GMainContext *context;

  GMutex lock; /* guards what the writer's thread shares with the main context: */
  int pending; /* LkChange of own commits that were not taken yet */
  FileMark own_mark;
  gint64 writer_version; /* data_version as the writer last saw it; -1 before */
  gboolean is_scheduled;

  int inotify_fd;
  GSource *watch;
  GSource *rest;      /* runs while writes wake nobody */
  FileMark rest_mark; /* the file as it began */
  GSource *look;      /* the timer of the next look at data_version */
  guint n_looks;      /* without a finding since the last write */
  GSource *gather;    /* runs while an emission would come too soon after the last one */
  int gathered;       /* LkChange */
  gint64 data_version;
  GCancellable *cancellable;
};

enum
{
  CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_TYPE (LkChangeFeed, lk_change_feed, G_TYPE_OBJECT)

static const struct
{
  const char *table;
  LkChange change;
} tables[] = {
  { "server", LK_CHANGE_SERVERS },
  { "search", LK_CHANGE_SEARCHES },
  { "task", LK_CHANGE_TASKS },
  { "task_secret", LK_CHANGE_TASKS },
  { "run", LK_CHANGE_RUNS },
  { "ledger", LK_CHANGE_RUNS },
  { "delivery", LK_CHANGE_DELIVERIES },
  { "delivery_body", LK_CHANGE_DELIVERIES },
  { "attempt", LK_CHANGE_DELIVERIES },
  { "endpoint", LK_CHANGE_DELIVERIES },
  { "redelivery", LK_CHANGE_DELIVERIES },
  { "lease", LK_CHANGE_LEASE },
};

static LkChange
change_of_table (const char *table)
{
  for (gsize i = 0; i < G_N_ELEMENTS (tables); i++)
    if (g_str_equal (tables[i].table, table))
      return tables[i].change;

  /* The index of texts and its shadow tables show nothing of their own, nor does what is left over
   * in the keyring, nor how far the search for what is too old has come. */
  return g_str_has_prefix (table, "delivery_text") || g_str_equal (table, "keyring_leftover")
                 || g_str_equal (table, "retention")
             ? 0
             : LK_CHANGE_ANY;
}

static FileMark
mark_file (const char *path)
{
  FileMark mark = { 0 };
  struct stat info;

  if (stat (path, &info) == 0)
    {
      mark.size = info.st_size;
      mark.modified_ns =
          info.st_mtim.tv_sec * G_GINT64_CONSTANT (1000000000) + info.st_mtim.tv_nsec;
    }
  return mark;
}

static gboolean gather_cb (gpointer user_data);

static GSource *
attach_timer (LkChangeFeed *self, guint ms, GSourceFunc func)
{
  GSource *source = g_timeout_source_new (ms);

  g_source_set_static_name (source, "[latchkey] change feed");
  g_source_set_callback (source, func, self, NULL);
  g_source_attach (source, self->context);
  return source;
}

static void
clear_source (GSource **source)
{
  if (*source != NULL)
    g_source_destroy (*source);
  g_clear_pointer (source, g_source_unref);
}

/* Tells at once, unless it told less than GATHER_MS ago: then it tells when that time is over. */
static void
announce (LkChangeFeed *self, int changes)
{
  self->gathered |= changes;
  if (self->gather != NULL || self->gathered == 0)
    return;

  changes = self->gathered;
  self->gathered = 0;
  self->gather = attach_timer (self, GATHER_MS, gather_cb);
  g_signal_emit (self, signals[CHANGED], 0, changes);
}

static gboolean
gather_cb (gpointer user_data)
{
  LkChangeFeed *self = user_data;

  g_assert (LK_IS_CHANGE_FEED (self));

  clear_source (&self->gather);
  announce (self, 0);
  return G_SOURCE_REMOVE;
}

static int
take_pending (LkChangeFeed *self)
{
  int changes;

  g_mutex_lock (&self->lock);
  changes = self->pending;
  self->pending = 0;
  g_mutex_unlock (&self->lock);

  return changes;
}

static gboolean
take_own_commits_cb (gpointer user_data)
{
  LkChangeFeed *self = user_data;

  g_assert (LK_IS_CHANGE_FEED (self));

  g_mutex_lock (&self->lock);
  self->is_scheduled = FALSE;
  g_mutex_unlock (&self->lock);

  if (self->pool != NULL)
    announce (self, take_pending (self));
  return G_SOURCE_REMOVE;
}

/* On the writer's thread. The pool calls it no more once lk_db_pool_set_commit_func() returned.
 *
 * What another process wrote right before is found here, since the file looks as we left it. */
static void
commit_cb (LkDb *db, GPtrArray *changed_tables, gpointer user_data)
{
  LkChangeFeed *self = user_data;
  gint64 version = lk_db_get_data_version (db);
  gboolean schedule;

  g_mutex_lock (&self->lock);
  if (self->writer_version >= 0 && version != self->writer_version)
    self->pending |= LK_CHANGE_ANY;
  self->writer_version = version;
  for (guint i = 0; i < changed_tables->len; i++)
    self->pending |= change_of_table (changed_tables->pdata[i]);
  self->own_mark = mark_file (self->wal_path);
  schedule = !self->is_scheduled;
  self->is_scheduled = TRUE;
  g_mutex_unlock (&self->lock);

  if (schedule)
    {
      g_autoptr (GSource) source = g_idle_source_new ();

      g_source_set_priority (source, G_PRIORITY_DEFAULT);
      g_source_set_callback (source, take_own_commits_cb, g_object_ref (self), g_object_unref);
      g_source_attach (source, self->context);
    }
}

static gpointer
read_version_job (LkDb *db, gpointer data, GCancellable *cancellable, GError **error)
{
  LkChangeFeed *self = data;
  gint64 *version = g_new (gint64, 1);

  *version = lk_db_get_data_version (db);
  g_mutex_lock (&self->lock);
  self->writer_version = *version;
  g_mutex_unlock (&self->lock);
  return version;
}

static gboolean look_cb (gpointer user_data);

static void
look_later (LkChangeFeed *self)
{
  if (self->look == NULL && self->n_looks < G_N_ELEMENTS (look_delays_ms))
    self->look = attach_timer (self, look_delays_ms[self->n_looks++], look_cb);
}

static void
version_read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (LkChangeFeed) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree gint64 *version = lk_db_pool_finish (LK_DB_POOL (source), result, &error);
  gboolean is_first;

  if (version == NULL || self->pool == NULL)
    return; /* closed */

  is_first = self->data_version < 0;
  if (*version >= 0 && *version != self->data_version)
    {
      self->data_version = *version;
      self->n_looks = is_first ? G_N_ELEMENTS (look_delays_ms) : 0;
      if (!is_first)
        announce (self, LK_CHANGE_ANY);
    }
  look_later (self);
}

static void
read_version (LkChangeFeed *self)
{
  lk_db_pool_inspect_async (self->pool, read_version_job, self, NULL, g_free, self->cancellable,
                            version_read_cb, g_object_ref (self));
}

static gboolean
is_same_mark (FileMark one, FileMark other)
{
  return one.size == other.size && one.modified_ns == other.modified_ns;
}

static gboolean
is_own_mark (LkChangeFeed *self, FileMark mark)
{
  gboolean is_own;

  g_mutex_lock (&self->lock);
  is_own = is_same_mark (mark, self->own_mark);
  g_mutex_unlock (&self->lock);
  return is_own;
}

/* A write of our own wakes us before its commit is done. Once it is, commit_cb() has looked. */
static gboolean
look_cb (gpointer user_data)
{
  LkChangeFeed *self = user_data;

  g_assert (LK_IS_CHANGE_FEED (self));

  clear_source (&self->look);
  if (!is_own_mark (self, mark_file (self->wal_path)))
    read_version (self);
  return G_SOURCE_REMOVE;
}

static void
take_write (LkChangeFeed *self, FileMark mark)
{
  if (is_own_mark (self, mark))
    return;

  if (self->n_looks > 1) /* the pending one is far away */
    clear_source (&self->look);
  self->n_looks = 0;
  look_later (self);
}

static gboolean
watch_for (LkChangeFeed *self, guint32 events)
{
  return inotify_add_watch (self->inotify_fd, self->wal_path, events) >= 0;
}

/* What was written meanwhile is found by the looks of the file. One that is gone (with its
 * database, for which a backup was put in place) needs no watch. */
static gboolean
rested_cb (gpointer user_data)
{
  LkChangeFeed *self = user_data;
  FileMark mark;

  g_assert (LK_IS_CHANGE_FEED (self));

  clear_source (&self->rest);
  watch_for (self, WATCHED);
  mark = mark_file (self->wal_path);
  if (!is_same_mark (mark, self->rest_mark))
    take_write (self, mark);
  return G_SOURCE_REMOVE;
}

static gboolean
written_cb (int fd, GIOCondition condition, gpointer user_data)
{
  LkChangeFeed *self = user_data;
  char events[4096];

  g_assert (LK_IS_CHANGE_FEED (self));

  while (read (fd, events, sizeof events) > 0)
    continue; /* there is one file and one kind of event: only that it came counts */

  if (self->rest == NULL)
    {
      watch_for (self, RESTING);
      self->rest = attach_timer (self, GATHER_MS, rested_cb);
    }
  self->rest_mark = mark_file (self->wal_path);
  take_write (self, self->rest_mark);
  return G_SOURCE_CONTINUE;
}

static void
watch_file (LkChangeFeed *self)
{
  self->inotify_fd = inotify_init1 (IN_NONBLOCK | IN_CLOEXEC);
  if (self->inotify_fd < 0 || !watch_for (self, WATCHED))
    {
      g_warning (_ ("“%s” cannot be watched (%s); changes of other programs will show late"),
                 self->wal_path, g_strerror (errno));
      return;
    }

  self->watch = g_unix_fd_source_new (self->inotify_fd, G_IO_IN);
  g_source_set_static_name (self->watch, "[latchkey] change feed");
  g_source_set_callback (self->watch, (GSourceFunc) (void (*) (void)) written_cb, self, NULL);
  g_source_attach (self->watch, self->context);
}

static gpointer
close_thread (gpointer data)
{
  close (GPOINTER_TO_INT (data));

  return NULL;
}

/* The kernel waits for all readers of its list of watches before an inotify descriptor is closed:
 * some 13 ms, which no main loop should wait for. */
static void
close_elsewhere (int fd)
{
  g_autoptr (GThread) thread =
      g_thread_try_new ("lk-close", close_thread, GINT_TO_POINTER (fd), NULL);

  if (thread == NULL)
    close (fd);
}

/* Not in finalize: a commit that is on its way may still take a reference. */
static void
lk_change_feed_dispose (GObject *object)
{
  lk_change_feed_close (LK_CHANGE_FEED (object));

  G_OBJECT_CLASS (lk_change_feed_parent_class)->dispose (object);
}

static void
lk_change_feed_finalize (GObject *object)
{
  LkChangeFeed *self = LK_CHANGE_FEED (object);

  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->wal_path, g_free);
  g_clear_pointer (&self->context, g_main_context_unref);
  g_mutex_clear (&self->lock);

  G_OBJECT_CLASS (lk_change_feed_parent_class)->finalize (object);
}

static void
lk_change_feed_class_init (LkChangeFeedClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = lk_change_feed_dispose;
  G_OBJECT_CLASS (klass)->finalize = lk_change_feed_finalize;

  /**
   * LkChangeFeed::changed:
   * @self: the feed
   * @changes: #LkChange bits
   *
   * Something was committed. Thread: the context the feed was made in.
   */
  signals[CHANGED] = g_signal_new ("changed", LK_TYPE_CHANGE_FEED, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                   NULL, G_TYPE_NONE, 1, G_TYPE_INT);
}

static void
lk_change_feed_init (LkChangeFeed *self)
{
  self->inotify_fd = -1;
  self->data_version = -1;
  self->writer_version = -1;
  self->cancellable = g_cancellable_new ();
  g_mutex_init (&self->lock);
}

/**
 * lk_change_feed_new:
 * @pool: the pool whose commits it tells of
 * @database_path: the file that the pool has open
 *
 * Starts to watch. It emits in the thread-default main context of the caller.
 *
 * Returns: (transfer full): a feed; lk_change_feed_close() it before the pool
 */
LkChangeFeed *
lk_change_feed_new (LkDbPool *pool, const char *database_path)
{
  LkChangeFeed *self = g_object_new (LK_TYPE_CHANGE_FEED, NULL);

  g_return_val_if_fail (LK_IS_DB_POOL (pool) && database_path != NULL, NULL);

  self->pool = g_object_ref (pool);
  self->wal_path = g_strconcat (database_path, "-wal", NULL);
  self->context = g_main_context_ref_thread_default ();
  watch_file (self);
  lk_db_pool_set_commit_func (pool, commit_cb, self);
  read_version (self);
  return self;
}

/**
 * lk_change_feed_flush:
 * @self: a feed
 *
 * Tells at once of all that this process has committed, instead of gathering more.
 */
void
lk_change_feed_flush (LkChangeFeed *self)
{
  g_return_if_fail (LK_IS_CHANGE_FEED (self));

  if (self->pool == NULL)
    return;

  clear_source (&self->gather);
  announce (self, take_pending (self));
}

/**
 * lk_change_feed_close:
 * @self: a feed
 *
 * Stops to watch; it emits nothing any more. Closing twice does no harm.
 */
void
lk_change_feed_close (LkChangeFeed *self)
{
  g_return_if_fail (LK_IS_CHANGE_FEED (self));

  if (self->pool == NULL)
    return;

  lk_db_pool_set_commit_func (self->pool, NULL, NULL);
  g_cancellable_cancel (self->cancellable);
  clear_source (&self->watch);
  clear_source (&self->rest);
  clear_source (&self->look);
  clear_source (&self->gather);
  if (self->inotify_fd >= 0)
    close_elsewhere (self->inotify_fd);
  self->inotify_fd = -1;
  g_clear_object (&self->pool);
}
