/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-attention"

#include "config.h"

#include <glib/gi18n.h>

#include "engine/alarm.h"
#include "store/endpoint-store.h"
#include "ui/attention.h"

/* Shortest time between two readings, in milliseconds. */
#define INTERVAL_MS 250

/* What one reading brings. */
typedef struct
{
  LkInstant now;
  GPtrArray *endpoints;
  GPtrArray *held_runs;
  GPtrArray *standings; /* of LkTaskStanding */
  LkRedelivery redelivery;
} Needs;

struct _LkAttention
{
  GObject parent_instance;

  LkContext *context;
  GCancellable *cancellable;
  Needs *needs;
  gboolean reading;
  gboolean unlocking; /* the desktop asks for a password */
  gboolean stale;     /* something changed while it was read, or too soon after */
  guint source;       /* set while it is too soon to read again */
  LkAlarm *alarm;     /* of the next task that becomes overdue */
};

G_DEFINE_FINAL_TYPE (LkAttention, lk_attention, G_TYPE_OBJECT)

enum
{
  CHANGED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

static void read_needs (LkAttention *self);

static void
needs_free (gpointer data)
{
  Needs *self = data;

  g_clear_pointer (&self->endpoints, g_ptr_array_unref);
  g_clear_pointer (&self->held_runs, g_ptr_array_unref);
  g_clear_pointer (&self->standings, g_ptr_array_unref);
  g_free (self);
}

static Needs *
needs_new (LkInstant now)
{
  Needs *self = g_new0 (Needs, 1);

  self->now = now;
  self->endpoints = g_ptr_array_new ();
  self->held_runs = g_ptr_array_new ();
  self->standings = g_ptr_array_new ();

  return self;
}

/* Thread: a pool thread. */
static gpointer
read_job (LkDb *db, gpointer data, GCancellable *cancellable, GError **error)
{
  Needs *needs = g_new0 (Needs, 1);

  needs->now = *(LkInstant *) data;
  if ((needs->endpoints = lk_endpoint_store_list_concerns (db, needs->now, error)) == NULL
      || (needs->held_runs = lk_delivery_decision_list_held_runs (db, error)) == NULL
      || (needs->standings = lk_task_standing_list (db, needs->now, error)) == NULL
      || !lk_delivery_decision_get_redelivery (db, needs->now, &needs->redelivery, error))
    g_clear_pointer (&needs, needs_free);

  return needs;
}

static gboolean
interval_over_cb (gpointer user_data)
{
  LkAttention *self = user_data;

  self->source = 0;
  if (self->stale)
    read_needs (self);

  return G_SOURCE_REMOVE;
}

static void
set_alarm (LkAttention *self)
{
  LkInstant next = lk_task_standing_find_next_overdue (self->needs->standings, self->needs->now);

  if (next > 0)
    lk_alarm_set (self->alarm, next);
  else
    lk_alarm_clear (self->alarm);
}

static void
read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (LkAttention) self = user_data;
  g_autoptr (GError) error = NULL;
  Needs *needs = lk_db_pool_finish (LK_DB_POOL (source), result, &error);

  g_assert (LK_IS_ATTENTION (self));

  self->reading = FALSE;
  if (g_cancellable_is_cancelled (self->cancellable))
    {
      g_clear_pointer (&needs, needs_free);
      return;
    }

  self->source = g_timeout_add (INTERVAL_MS, interval_over_cb, self);
  if (needs == NULL)
    {
      g_warning ("what needs a person could not be read: %s", error->message);
      return;
    }

  needs_free (self->needs);
  self->needs = needs;
  set_alarm (self);
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
read_needs (LkAttention *self)
{
  LkInstant *now;

  self->stale = self->reading || self->source != 0;
  if (self->stale)
    return;

  self->reading = TRUE;
  now = g_new (LkInstant, 1);
  *now = lk_clock_now (lk_context_get_clock (self->context));
  lk_db_pool_read_async (lk_context_get_pool (self->context), read_job, now, g_free, needs_free,
                         self->cancellable, read_cb, g_object_ref (self));
}

static void
feed_changed_cb (LkChangeFeed *feed, LkChange changes, LkAttention *self)
{
  g_assert (LK_IS_ATTENTION (self));

  if (changes & (LK_CHANGE_DELIVERIES | LK_CHANGE_TASKS))
    read_needs (self);
}

static void
keyring_changed_cb (LkKeyring *keyring, LkAttention *self)
{
  /* Before the first reading nothing else is known, and that tells of all. */
  if (self->needs->now != 0)
    g_signal_emit (self, signals[CHANGED], 0);
}

static void
lk_attention_dispose (GObject *object)
{
  LkAttention *self = LK_ATTENTION (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_handle_id (&self->source, g_source_remove);
  g_clear_pointer (&self->alarm, lk_alarm_free);
  g_clear_object (&self->context);

  G_OBJECT_CLASS (lk_attention_parent_class)->dispose (object);
}

static void
lk_attention_finalize (GObject *object)
{
  LkAttention *self = LK_ATTENTION (object);

  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->needs, needs_free);

  G_OBJECT_CLASS (lk_attention_parent_class)->finalize (object);
}

static void
lk_attention_class_init (LkAttentionClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = lk_attention_dispose;
  object_class->finalize = lk_attention_finalize;

  signals[CHANGED] = g_signal_new ("changed", LK_TYPE_ATTENTION, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                   NULL, G_TYPE_NONE, 0);
}

static void
lk_attention_init (LkAttention *self)
{
  self->cancellable = g_cancellable_new ();
  self->needs = needs_new (0);
}

/**
 * lk_attention_new:
 * @context: the services over the workspace
 *
 * Returns: (transfer full): an attention that is being read
 */
LkAttention *
lk_attention_new (LkContext *context)
{
  LkAttention *self = g_object_new (LK_TYPE_ATTENTION, NULL);

  self->context = g_object_ref (context);
  self->alarm = lk_alarm_new (lk_context_get_clock (context), G_PRIORITY_DEFAULT,
                              (LkAlarmFunc) read_needs, self);
  g_signal_connect_object (lk_context_get_change_feed (context), "changed",
                           G_CALLBACK (feed_changed_cb), self, 0);
  g_signal_connect_object (lk_context_get_keyring (context), "changed",
                           G_CALLBACK (keyring_changed_cb), self, 0);
  read_needs (self);

  return self;
}

/**
 * lk_attention_get_endpoints:
 * @self: an attention
 *
 * Returns: (transfer none) (element-type LkEndpoint): receivers that are paused or failing
 */
GPtrArray *
lk_attention_get_endpoints (LkAttention *self)
{
  g_return_val_if_fail (LK_IS_ATTENTION (self), NULL);

  return self->needs->endpoints;
}

/**
 * lk_attention_get_held_runs:
 * @self: an attention
 *
 * Returns: (transfer none) (element-type LkHeldRun): runs of which deliveries wait for a person
 */
GPtrArray *
lk_attention_get_held_runs (LkAttention *self)
{
  g_return_val_if_fail (LK_IS_ATTENTION (self), NULL);

  return self->needs->held_runs;
}

/**
 * lk_attention_get_standings:
 * @self: an attention
 *
 * Returns: (transfer none) (element-type LkTaskStanding): all tasks, overdue or not
 */
GPtrArray *
lk_attention_get_standings (LkAttention *self)
{
  g_return_val_if_fail (LK_IS_ATTENTION (self), NULL);

  return self->needs->standings;
}

/**
 * lk_attention_get_redelivery:
 * @self: an attention
 *
 * Returns: (transfer none): what was sent again and waits for its turn
 */
const LkRedelivery *
lk_attention_get_redelivery (LkAttention *self)
{
  g_return_val_if_fail (LK_IS_ATTENTION (self), NULL);

  return &self->needs->redelivery;
}

/**
 * lk_attention_get_keyring_problem:
 * @self: an attention
 * @can_unlock: (out) (optional): whether lk_attention_unlock_keyring() may help
 *
 * Returns: (transfer none) (nullable): which task waits for its secret and why
 */
const char *
lk_attention_get_keyring_problem (LkAttention *self, gboolean *can_unlock)
{
  g_return_val_if_fail (LK_IS_ATTENTION (self), NULL);

  if (can_unlock != NULL)
    *can_unlock = lk_keyring_can_unlock (lk_context_get_keyring (self->context));

  return lk_keyring_get_problem (lk_context_get_keyring (self->context));
}

static void
unlocked_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (LkAttention) self = user_data;
  g_autoptr (GError) error = NULL;

  self->unlocking = FALSE;
  if (!lk_keyring_look_finish (LK_KEYRING (source), result, &error)
      && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_warning ("the keyring could not be looked at: %s", error->message);
}

/**
 * lk_attention_unlock_keyring:
 * @self: an attention
 *
 * Has the desktop ask for the keyring to be unlocked; what came of it shows by the problem, which
 * goes or stays.
 */
void
lk_attention_unlock_keyring (LkAttention *self)
{
  g_return_if_fail (LK_IS_ATTENTION (self));

  if (self->unlocking)
    return;

  self->unlocking = TRUE;
  lk_keyring_look_async (lk_context_get_keyring (self->context), TRUE, self->cancellable,
                         unlocked_cb, g_object_ref (self));
}

/**
 * lk_attention_find_endpoint:
 * @self: an attention
 * @url: a receiver
 *
 * Returns: (transfer none) (nullable): what is wrong with it; %NULL when nothing is
 */
const LkEndpoint *
lk_attention_find_endpoint (LkAttention *self, const char *url)
{
  g_return_val_if_fail (LK_IS_ATTENTION (self), NULL);

  for (guint i = 0; i < self->needs->endpoints->len; i++)
    {
      const LkEndpoint *endpoint = g_ptr_array_index (self->needs->endpoints, i);

      if (g_str_equal (endpoint->url, url))
        return endpoint;
    }

  return NULL;
}

/**
 * lk_attention_get_time:
 * @self: an attention
 *
 * Returns: when it was read
 */
LkInstant
lk_attention_get_time (LkAttention *self)
{
  g_return_val_if_fail (LK_IS_ATTENTION (self), 0);

  return self->needs->now;
}

static guint
count_overdue (LkAttention *self)
{
  guint n = 0;

  for (guint i = 0; i < self->needs->standings->len; i++)
    n += ((const LkTaskStanding *) g_ptr_array_index (self->needs->standings, i))->is_overdue != 0;

  return n;
}

/**
 * lk_attention_count:
 * @self: an attention
 *
 * Returns: how many things wait for a person: a redelivery goes on by itself
 */
guint
lk_attention_count (LkAttention *self)
{
  g_return_val_if_fail (LK_IS_ATTENTION (self), 0);

  return self->needs->endpoints->len + self->needs->held_runs->len + count_overdue (self)
         + (lk_attention_get_keyring_problem (self, NULL) != NULL);
}

/**
 * lk_attention_describe:
 * @self: an attention
 *
 * Returns: (transfer full) (nullable): in a few words that something needs a person; %NULL when
 *   nothing does
 */
char *
lk_attention_describe (LkAttention *self)
{
  guint n_paused = 0;
  guint n = lk_attention_count (self);

  if (n == 0)
    return NULL;

  for (guint i = 0; i < self->needs->endpoints->len; i++)
    n_paused += ((const LkEndpoint *) g_ptr_array_index (self->needs->endpoints, i))->is_paused;

  if (n_paused > 0)
    return g_strdup_printf (ngettext ("%u receiver is paused", "%u receivers are paused", n_paused),
                            n_paused);
  if (lk_attention_get_keyring_problem (self, NULL) != NULL)
    return g_strdup (_ ("A secret cannot be read"));
  if (count_overdue (self) > 0)
    return g_strdup (_ ("A task should have run and has not"));
  if (self->needs->held_runs->len > 0)
    return g_strdup (_ ("Webhooks are held for a look"));

  return g_strdup_printf (ngettext ("%u receiver fails", "%u receivers fail", n), n);
}
