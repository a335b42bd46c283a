/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-metrics"

#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <glib/gi18n.h>
#include <glib/gstdio.h>

#include "agent/metrics-text.h"
#include "agent/metrics.h"
#include "core/overdue.h"
#include "engine/alarm.h"
#include "store/delivery-store.h"
#include "store/endpoint-store.h"
#include "store/task-standing.h"

#define EVERY_AT_MOST (5 * LK_SECOND)
#define FILE_MODE     0644 /* the collector is another user; there is no secret in it */

struct _LkMetrics
{
  GObject parent_instance;

  LkContext *context;
  char *path;
  LkInstant started_at;
  LkInstant read_at; /* the last reading */
  LkAlarm *alarm;    /* of a change that has to wait, or of the next task that becomes overdue */
  gboolean stopped;
  gboolean busy;
  gboolean again;  /* a change came while it was busy */
  gboolean failed; /* and that was logged */
};

G_DEFINE_FINAL_TYPE (LkMetrics, lk_metrics, G_TYPE_OBJECT)

static void look (LkMetrics *self);

static void
values_free (gpointer data)
{
  LkMetricsValues *values = data;

  g_clear_pointer (&values->tasks, g_ptr_array_unref);
  g_free (values);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LkMetricsValues, values_free)

/* @data: the time */
static gpointer
read_job (LkDb *db, gpointer data, GCancellable *cancellable, GError **error)
{
  g_autoptr (LkMetricsValues) values = g_new0 (LkMetricsValues, 1);
  g_autoptr (GPtrArray) paused = lk_endpoint_store_list_paused (db, error);

  values->now = *(LkInstant *) data;
  if (paused == NULL)
    return NULL;

  values->n_paused = paused->len;
  values->tasks = lk_task_standing_list (db, values->now, error);
  if (values->tasks == NULL || !lk_delivery_store_count_by_state (db, values->deliveries, error))
    return NULL;

  values->next_due_at = lk_delivery_store_get_next_due (db, NULL, error);

  return values->next_due_at >= 0 ? g_steal_pointer (&values) : NULL;
}

static gboolean
write_all (int fd, const char *text, gsize length)
{
  while (length > 0)
    {
      gssize n = write (fd, text, length);

      if (n < 0 && errno == EINTR)
        continue;
      if (n < 0)
        return FALSE;

      text += n;
      length -= (gsize) n;
    }

  return TRUE;
}

static gboolean
set_write_error (const char *path, int reason, GError **error)
{
  g_set_error (error, LK_ERROR, LK_ERROR_FAILED,
               _ ("the metrics cannot be written to “%s” (%s): name a file in a folder that this "
                  "user can write to"),
               path, g_strerror (reason));
  return FALSE;
}

/* Not synced: after a crash of the machine the next agent writes it anew. */
static gboolean
replace_file (const char *path, const char *text, GError **error)
{
  g_autofree char *temporary = g_strconcat (path, ".XXXXXX", NULL);
  int fd = g_mkstemp_full (temporary, O_WRONLY | O_CLOEXEC, 0600);
  int reason = errno;
  gboolean done;

  if (fd < 0)
    return set_write_error (path, reason, error);

  done = write_all (fd, text, strlen (text)) && fchmod (fd, FILE_MODE) == 0;
  reason = errno;
  close (fd);
  if (done && g_rename (temporary, path) == 0)
    return TRUE;

  reason = done ? errno : reason;
  g_unlink (temporary);
  return set_write_error (path, reason, error);
}

/* The part that is not in the workspace. */
static gboolean
write_values (LkMetrics *self, LkMetricsValues *values, GError **error)
{
  g_autofree char *text = NULL;

  values->started_at = self->started_at;
  values->holds_lease = lk_context_holds_lease (self->context);
  lk_context_get_attempts (self->context, values->attempts);
  text = lk_metrics_text_format (values);

  return replace_file (self->path, text, error);
}

/* A full disk is told of once, not at each change. */
static void
note_result (LkMetrics *self, const GError *error)
{
  if (error != NULL && !self->failed)
    g_warning ("%s", error->message);
  else if (error == NULL && self->failed)
    g_message (_ ("the metrics are written to “%s” again"), self->path);

  self->failed = error != NULL;
}

static void
set_overdue_alarm (LkMetrics *self, const LkMetricsValues *values)
{
  LkInstant next = lk_task_standing_find_next_overdue (values->tasks, values->now);

  if (next > 0)
    lk_alarm_set (self->alarm, next);
  else
    lk_alarm_clear (self->alarm);
}

static void
read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (LkMetrics) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (LkMetricsValues) values = lk_db_pool_finish (LK_DB_POOL (source), result, &error);

  self->busy = FALSE;
  if (self->stopped)
    return;

  if (values != NULL)
    {
      write_values (self, values, &error);
      set_overdue_alarm (self, values);
    }
  note_result (self, error);

  if (self->again)
    look (self);
}

static void
read_async (LkMetrics *self, LkInstant now)
{
  self->busy = TRUE;
  self->again = FALSE;
  self->read_at = now;
  lk_db_pool_read_async (lk_context_get_pool (self->context), read_job,
                         g_memdup2 (&now, sizeof now), g_free, values_free, NULL, read_cb,
                         g_object_ref (self));
}

/* Something may be new: now, or when the file is old enough. */
static void
look (LkMetrics *self)
{
  LkInstant now = lk_clock_now (lk_context_get_clock (self->context));

  if (self->busy)
    self->again = TRUE;
  else if (now < self->read_at + EVERY_AT_MOST && now >= self->read_at)
    lk_alarm_set (self->alarm, self->read_at + EVERY_AT_MOST);
  else
    read_async (self, now);
}

static void
alarm_cb (gpointer user_data)
{
  look (user_data);
}

static void
feed_changed_cb (LkChangeFeed *feed, LkChange changes, gpointer user_data)
{
  look (user_data);
}

static void
lease_changed_cb (LkContext *context, GParamSpec *property, gpointer user_data)
{
  look (user_data);
}

static gboolean
write_now (LkMetrics *self, GError **error)
{
  LkInstant now = lk_clock_now (lk_context_get_clock (self->context));
  g_autoptr (LkMetricsValues) values =
      lk_db_pool_read_sync (lk_context_get_pool (self->context), read_job, &now, NULL, error);

  if (values == NULL || !write_values (self, values, error))
    return FALSE;

  self->read_at = now;
  set_overdue_alarm (self, values);
  return TRUE;
}

static void
forget_sources (LkMetrics *self)
{
  g_signal_handlers_disconnect_by_data (lk_context_get_change_feed (self->context), self);
  g_signal_handlers_disconnect_by_data (self->context, self);
  lk_alarm_clear (self->alarm);
}

static void
lk_metrics_dispose (GObject *object)
{
  LkMetrics *self = LK_METRICS (object);

  if (self->context != NULL)
    forget_sources (self);
  g_clear_pointer (&self->alarm, lk_alarm_free);
  g_clear_pointer (&self->path, g_free);
  g_clear_object (&self->context);

  G_OBJECT_CLASS (lk_metrics_parent_class)->dispose (object);
}

static void
lk_metrics_class_init (LkMetricsClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = lk_metrics_dispose;
}

static void
lk_metrics_init (LkMetrics *self)
{
}

/**
 * lk_metrics_new:
 * @context: the services
 * @path: the file
 * @error: %LK_ERROR_FAILED when it cannot be written
 *
 * Writes the file for the first time and keeps it up to date from then on.
 *
 * Returns: (transfer full): the metrics
 */
LkMetrics *
lk_metrics_new (LkContext *context, const char *path, GError **error)
{
  g_autoptr (LkMetrics) self = g_object_new (LK_TYPE_METRICS, NULL);
  LkClock *clock = lk_context_get_clock (context);

  self->context = g_object_ref (context);
  self->path = g_strdup (path);
  self->started_at = lk_clock_now (clock);
  self->alarm = lk_alarm_new (clock, G_PRIORITY_LOW, alarm_cb, self);
  if (!write_now (self, error))
    return NULL;

  g_signal_connect (lk_context_get_change_feed (context), "changed", G_CALLBACK (feed_changed_cb),
                    self);
  g_signal_connect (context, "notify::lease", G_CALLBACK (lease_changed_cb), self);

  return g_steal_pointer (&self);
}

/**
 * lk_metrics_stop:
 * @self: the metrics
 *
 * Writes the file for the last time: the process is about to end.
 */
void
lk_metrics_stop (LkMetrics *self)
{
  g_autoptr (GError) error = NULL;

  g_return_if_fail (LK_IS_METRICS (self));

  self->stopped = TRUE;
  write_now (self, &error);
  note_result (self, error);
  forget_sources (self);
}
