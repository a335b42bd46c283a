/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What a person decides about deliveries and receivers. */

#define G_LOG_DOMAIN "lk-command-decision"

#include "config.h"

#include <inttypes.h>
#include <string.h>

#include <glib/gi18n.h>

#include "agent/command.h"
#include "agent/lookup.h"
#include "core/error.h"
#include "store/delivery-decision.h"
#include "store/endpoint-store.h"
#include "store/lease-store.h"
#include "store/run-store.h"

#define MAX_RATE 60000 /* a minute: one every millisecond */

/* What is to be done, and how many deliveries it was done to. */
typedef struct
{
  LkInstant now;
  const char *url;
  GArray *ids; /* (element-type gint64) */
  gint64 run_id;
  LkFailedFilter failed;
  gint64 per_minute; /* 0: no limit */
  gint64 n;
} Order;

static void
order_clear (Order *self)
{
  g_clear_pointer (&self->ids, g_array_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Order, order_clear)

static gboolean
add_id (Order *self, const char *text, GError **error)
{
  gint64 id;

  if (g_ascii_string_to_signed (text, 10, 1, G_MAXINT64, &id, NULL))
    {
      g_array_append_val (self->ids, id);
      return TRUE;
    }

  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
               _ ("“%s” is not the number of a delivery: “delivery list” shows them"), text);
  return FALSE;
}

static void
order_init (Order *self, LkCall *call)
{
  self->now = lk_clock_now (lk_call_get_clock (call));
  self->url = lk_call_get_argument (call, 0);
  self->ids = g_array_new (FALSE, FALSE, sizeof (gint64));
}

static gboolean
read_ids (Order *self, LkCall *call, GError **error)
{
  const char *text;

  for (guint i = 0; (text = lk_call_get_argument (call, i)) != NULL; i++)
    if (!add_id (self, text, error))
      return FALSE;

  return TRUE;
}

/* "60/min", or only the number. */
static gboolean
read_rate (Order *self, LkCall *call, GError **error)
{
  const char *text = lk_call_get (call, "rate");
  g_autofree char *number = g_strdup (text);

  if (text == NULL)
    return TRUE;

  if (g_str_has_suffix (number, "/min"))
    number[strlen (number) - strlen ("/min")] = '\0';
  if (g_ascii_string_to_signed (number, 10, 1, MAX_RATE, &self->per_minute, NULL))
    return TRUE;

  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
               _ ("--rate “%s” is not a number of deliveries a minute, such as 60/min"), text);
  return FALSE;
}

static gboolean
read_failed (Order *self, LkCall *call, GError **error)
{
  const char *name = lk_call_get (call, "task");
  g_autoptr (LkTask) task = NULL;

  if (!lk_call_get_instant (call, "failed-since", &self->failed.since, error))
    return FALSE;
  if (name == NULL)
    return TRUE;

  task = lk_lookup_task (call, name, error);
  if (task == NULL)
    return FALSE;

  self->failed.task_id = task->id;
  return TRUE;
}

/* Says which deliveries are meant in exactly one way. */
static gboolean
check_one_way (LkCall *call, const char *const *options, const char *message, GError **error)
{
  guint n = lk_call_get_argument (call, 0) != NULL;

  for (; *options != NULL; options++)
    n += lk_call_has (call, *options);
  if (n == 1)
    return TRUE;

  g_set_error_literal (error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED, message);
  return FALSE;
}

/* Options that only mean something beside another one. */
static gboolean
check_beside (LkCall *call, const char *option, const char *other, GError **error)
{
  if (!lk_call_has (call, option) || lk_call_has (call, other))
    return TRUE;

  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED, _ ("--%s goes with --%s only"), option,
               other);
  return FALSE;
}

static gboolean
check_apart (LkCall *call, const char *option, const char *other, GError **error)
{
  if (!lk_call_has (call, option) || !lk_call_has (call, other))
    return TRUE;

  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED,
               _ ("--%s does not go with --%s: leave one of them away"), option, other);
  return FALSE;
}

/* @sentence: a format for the number, translated */
static void
report (LkCall *call, const char *member, gint64 n, const char *sentence)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_auto (GStrv) parts = g_strsplit (sentence, "%d", 2);

  if (!lk_call_wants_json (call))
    {
      lk_output_printf (lk_call_get_output (call), "%s%" PRId64 "%s\n", parts[0], n, parts[1]);
      return;
    }

  json_builder_begin_object (builder);
  lk_json_add_int (builder, member, n);
  json_builder_end_object (builder);
  lk_output_json (lk_call_get_output (call), builder);
}

static gpointer
get_lease_job (LkDb *db, gpointer data, GCancellable *cancellable, GError **error)
{
  return lk_lease_store_get (db, error);
}

static void
report_sent (LkCall *call, gint64 n)
{
  g_autoptr (LkLease) lease = lk_call_read (call, get_lease_job, NULL, NULL);

  report (call, "sent", n,
          ngettext ("%d delivery is on its way", "%d deliveries are on their way", (gulong) n));
  if (n > 0 && lease != NULL && !lk_lease_is_alive (lease, lk_clock_now (lk_call_get_clock (call))))
    lk_message (_ ("nobody runs the schedule: start the console or “latchkey-agent run”"));
}

static void
report_dropped (LkCall *call, gint64 n)
{
  report (call, "dropped", n,
          ngettext ("%d delivery dropped", "%d deliveries dropped", (gulong) n));
}

static gboolean
write_order (LkCall *call, LkDbJobFunc job, Order *order, GError **error)
{
  g_autoptr (GError) reason = NULL;

  lk_call_write (call, job, order, &reason);
  if (reason == NULL)
    return TRUE;

  g_propagate_error (error, g_steal_pointer (&reason));
  return FALSE;
}

static gpointer
hold_job (LkDb *db, gpointer data, GCancellable *cancellable, GError **error)
{
  Order *order = data;

  lk_endpoint_store_pause_by_hand (db, order->url, g_get_user_name (), order->now, error);

  return NULL;
}

static gboolean
run_hold (LkCall *call, GError **error)
{
  g_auto (Order) order = { 0 };

  order_init (&order, call);
  if (!write_order (call, hold_job, &order, error))
    return FALSE;

  lk_call_report (call, "paused", order.url,
                  _ ("“%s” is paused: what it is owed is held until “delivery resume”"));
  return TRUE;
}

static gpointer
resume_job (LkDb *db, gpointer data, GCancellable *cancellable, GError **error)
{
  Order *order = data;

  if (lk_endpoint_store_check_known (db, order->url, error))
    order->n = lk_endpoint_store_resume (db, order->url, order->now, error);

  return NULL;
}

static gpointer
resume_chosen_job (LkDb *db, gpointer data, GCancellable *cancellable, GError **error)
{
  Order *order = data;

  if (lk_endpoint_store_check_known (db, order->url, error))
    order->n = lk_endpoint_store_resume_chosen (db, order->url, order->ids, order->now, error);

  return NULL;
}

static gpointer
resume_dropping_job (LkDb *db, gpointer data, GCancellable *cancellable, GError **error)
{
  Order *order = data;

  if (lk_endpoint_store_check_known (db, order->url, error))
    order->n =
        lk_endpoint_store_resume_dropping (db, order->url, g_get_user_name (), order->now, error);

  return NULL;
}

static gboolean
run_resume (LkCall *call, GError **error)
{
  const char *const *ids = lk_call_get_all (call, "id");
  gboolean drops = lk_call_has (call, "drop");
  gboolean keeps = ids != NULL || lk_call_has (call, "keep");
  g_auto (Order) order = { 0 };

  order_init (&order, call);
  if (drops && keeps)
    {
      g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED,
                   _ ("--drop drops everything: leave --id and --keep away"));
      return FALSE;
    }

  for (; ids != NULL && *ids != NULL; ids++)
    if (!add_id (&order, *ids, error))
      return FALSE;

  if (!write_order (call,
                    drops   ? resume_dropping_job
                    : keeps ? resume_chosen_job
                            : resume_job,
                    &order, error))
    return FALSE;

  if (drops)
    report_dropped (call, order.n);
  else
    report_sent (call, order.n);

  return TRUE;
}

static gpointer
send_job (LkDb *db, gpointer data, GCancellable *cancellable, GError **error)
{
  Order *order = data;

  for (guint i = 0; i < order->ids->len; i++)
    if (!lk_delivery_decision_send (db, g_array_index (order->ids, gint64, i),
                                    lk_delivery_decision_space (i, order->per_minute, order->now),
                                    order->now, error))
      return NULL;

  order->n = order->ids->len;
  return NULL;
}

static gboolean
check_run (LkDb *db, gint64 run_id, GError **error)
{
  g_autoptr (LkRun) run = lk_run_store_get (db, run_id, error);

  return run != NULL;
}

static gpointer
send_run_job (LkDb *db, gpointer data, GCancellable *cancellable, GError **error)
{
  Order *order = data;

  if (check_run (db, order->run_id, error))
    order->n = lk_delivery_decision_send_run (db, order->run_id, order->now, error);

  return NULL;
}

static gpointer
count_failed_job (LkDb *db, gpointer data, GCancellable *cancellable, GError **error)
{
  Order *order = data;

  order->n = lk_delivery_decision_count_failed (db, &order->failed, error);

  return NULL;
}

static gpointer
send_failed_job (LkDb *db, gpointer data, GCancellable *cancellable, GError **error)
{
  Order *order = data;

  order->n =
      lk_delivery_decision_send_failed (db, &order->failed, order->per_minute, order->now, error);

  return NULL;
}

static gpointer
stop_job (LkDb *db, gpointer data, GCancellable *cancellable, GError **error)
{
  Order *order = data;

  order->n = lk_delivery_decision_stop_redelivery (db, order->now, error);

  return NULL;
}

static gboolean
check_redeliver (LkCall *call, GError **error)
{
  static const char *const ways[] = { "run", "failed-since", "stop", NULL };

  return check_one_way (call, ways,
                        _ ("say what to send again: numbers of deliveries, --run, "
                           "--failed-since, or --stop to end that"),
                        error)
         && check_apart (call, "rate", "run", error) && check_apart (call, "rate", "stop", error)
         && check_beside (call, "task", "failed-since", error)
         && check_beside (call, "dry-run", "failed-since", error);
}

static LkDbJobFunc
choose_redeliver_job (LkCall *call)
{
  if (lk_call_has (call, "stop"))
    return stop_job;
  if (lk_call_has (call, "run"))
    return send_run_job;
  if (lk_call_has (call, "dry-run"))
    return count_failed_job;

  return lk_call_has (call, "failed-since") ? send_failed_job : send_job;
}

static gboolean
run_redeliver (LkCall *call, GError **error)
{
  g_auto (Order) order = { 0 };

  order_init (&order, call);
  if (!check_redeliver (call, error) || !read_ids (&order, call, error)
      || !read_rate (&order, call, error) || !read_failed (&order, call, error)
      || !lk_call_get_number (call, "run", 1, G_MAXINT64, &order.run_id, error)
      || !write_order (call, choose_redeliver_job (call), &order, error))
    return FALSE;

  if (lk_call_has (call, "stop"))
    report (call, "putBack", order.n,
            ngettext ("%d delivery is as it was before", "%d deliveries are as they were before",
                      (gulong) order.n));
  else if (lk_call_has (call, "dry-run"))
    report (call, "wouldSend", order.n,
            ngettext ("%d delivery would be sent again", "%d deliveries would be sent again",
                      (gulong) order.n));
  else
    report_sent (call, order.n);

  return TRUE;
}

static gpointer
drop_job (LkDb *db, gpointer data, GCancellable *cancellable, GError **error)
{
  Order *order = data;

  for (guint i = 0; i < order->ids->len; i++)
    if (!lk_delivery_decision_drop (db, g_array_index (order->ids, gint64, i), g_get_user_name (),
                                    order->now, error))
      return NULL;

  order->n = order->ids->len;
  return NULL;
}

static gpointer
drop_run_job (LkDb *db, gpointer data, GCancellable *cancellable, GError **error)
{
  Order *order = data;

  if (check_run (db, order->run_id, error))
    order->n =
        lk_delivery_decision_drop_run (db, order->run_id, g_get_user_name (), order->now, error);

  return NULL;
}

static gboolean
run_drop (LkCall *call, GError **error)
{
  static const char *const ways[] = { "run", NULL };
  g_auto (Order) order = { 0 };

  order_init (&order, call);
  if (!check_one_way (call, ways, _ ("say what to drop: numbers of deliveries, or --run"), error)
      || !read_ids (&order, call, error)
      || !lk_call_get_number (call, "run", 1, G_MAXINT64, &order.run_id, error)
      || !write_order (call, order.run_id > 0 ? drop_run_job : drop_job, &order, error))
    return FALSE;

  report_dropped (call, order.n);
  return TRUE;
}

static const GOptionEntry resume_options[] = {
  LK_OPTION ("id", N_ ("ID"), N_ ("send only this one of what is held, keep the rest; repeat it")),
  LK_FLAG ("keep", N_ ("send nothing of what is held: keep it for a look")),
  LK_FLAG ("drop", N_ ("drop what is held")),
  LK_OPTIONS_END,
};

static const GOptionEntry redeliver_options[] = {
  LK_OPTION ("failed-since", N_ ("MOMENT"),
             N_ ("everything that failed since then and never succeeded")),
  LK_OPTION ("task", N_ ("NAME"), N_ ("of that, only what this task owes")),
  LK_FLAG ("dry-run", N_ ("only count that")),
  LK_OPTION ("run", N_ ("N"), N_ ("what this run holds for a look")),
  LK_OPTION ("rate", N_ ("N/min"), N_ ("at most N a minute, spread over time")),
  LK_FLAG ("stop", N_ ("put back what was sent again and whose turn has not come")),
  LK_OPTIONS_END,
};

static const GOptionEntry drop_options[] = {
  LK_OPTION ("run", N_ ("N"), N_ ("what this run holds for a look")),
  LK_OPTIONS_END,
};

const LkCommand lk_decision_commands[] = {
  { "delivery hold", N_ ("URL"), N_ ("pause a receiver: what it is owed is held"), 1, 1, NULL,
    run_hold },
  { "delivery resume", N_ ("URL"), N_ ("send to a paused receiver again"), 1, 1, resume_options,
    run_resume },
  { "delivery redeliver", N_ ("[ID…]"), N_ ("send deliveries now or again"), 0, G_MAXUINT,
    redeliver_options, run_redeliver },
  { "delivery drop", N_ ("[ID…]"), N_ ("drop deliveries that wait or are held"), 0, G_MAXUINT,
    drop_options, run_drop },
  { NULL },
};
