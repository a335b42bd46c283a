/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Opens the console on a workspace, and while it sends webhooks opens a second delivery log in a
 * window of its own, narrows it and scrolls it. Prints what that took as one JSON document.
 *
 * usage: bench-log WORKSPACE TASK-ID
 *
 * - The task runs anew before each part, and a part counts only when webhooks were still being sent
 *   at its end: "sent" says how many were sent during it.
 * - A list is on the screen at the end of the first frame that was painted after its rows had come.
 * - What a frame takes is the time in which the main loop was busy since the frame before, and not
 *   the wait for the next frame or for other threads, which is in poll().
 */

#include "config.h"

#include <json-glib/json-glib.h>
#include <stdlib.h>

#include "busy-time.h"
#include "ui/application.h"
#include "ui/delivery-facets.h"
#include "ui/delivery-log.h"
#include "ui/window.h"

#define PATIENCE (60 * G_USEC_PER_SEC) /* microseconds */
#define N_PAGES  150
#define N_FIRST  200 /* webhooks of a run before a part begins */

typedef struct
{
  LkWindow *window;
  LkContext *context;
  LkCatalog *catalog;
  LkAttention *attention;
  LkDeliveryLog *log;
  GtkWindow *log_window;
  JsonBuilder *json;
  gint64 task_id;
  guint n_frames; /* of the second window */
  gint64 painted; /* the end of the last of them */
  gint64 busy_before;
  gint64 longest; /* of the frames since it was set to 0 */
  guint64 n_sent_before;
} Bench;

/* GTK's hooks and callbacks below take no data. */
static Bench bench;

static void
after_paint_cb (GdkFrameClock *clock, gpointer data)
{
  gint64 busy = busy_time_get ();

  bench.longest = MAX (bench.longest, busy - bench.busy_before);
  bench.busy_before = busy;
  bench.painted = g_get_monotonic_time ();
  bench.n_frames++;
}

static guint64
count_sent (void)
{
  guint64 outcomes[LK_N_OUTCOMES];

  lk_context_get_attempts (bench.context, outcomes);
  return outcomes[LK_OUTCOME_SUCCESS];
}

static void
wait_until_idle (void)
{
  while (!lk_context_is_idle (bench.context, TRUE))
    g_main_context_iteration (NULL, TRUE);
}

static void
begin_part (const char *name)
{
  wait_until_idle ();
  bench.n_sent_before = count_sent ();
  lk_context_run_task_async (bench.context, bench.task_id, NULL, NULL, NULL);
  while (count_sent () < bench.n_sent_before + N_FIRST)
    g_main_context_iteration (NULL, TRUE);

  bench.n_sent_before = count_sent ();
  json_builder_set_member_name (bench.json, name);
  json_builder_begin_object (bench.json);
}

static void
end_part (void)
{
  if (lk_context_is_idle (bench.context, TRUE))
    g_error ("the webhooks were sent before the part had ended");

  json_builder_set_member_name (bench.json, "sent");
  json_builder_add_int_value (bench.json, (gint64) (count_sent () - bench.n_sent_before));
  json_builder_end_object (bench.json);
}

static void
add_ms (const char *name, gint64 microseconds)
{
  json_builder_set_member_name (bench.json, name);
  json_builder_add_double_value (bench.json, (double) microseconds / 1000);
}

/* Until a frame was painted in which the list is whole. GTK is made to paint where the new rows
 * look as the old ones did. */
static void
wait_for_list (void)
{
  LkDeliveryList *list = lk_delivery_log_get_list (bench.log);
  gint64 deadline = g_get_monotonic_time () + PATIENCE;
  guint n_frames;

  while (lk_delivery_list_is_loading (list))
    {
      if (g_get_monotonic_time () > deadline)
        g_error ("the list did not come");
      g_main_context_iteration (NULL, TRUE);
    }

  n_frames = bench.n_frames;
  gtk_widget_queue_draw (GTK_WIDGET (bench.log));
  while (bench.n_frames == n_frames)
    g_main_context_iteration (NULL, TRUE);
}

static void
open_log (void)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  gint64 asked;

  bench.log_window = GTK_WINDOW (gtk_window_new ());
  gtk_window_set_default_size (bench.log_window, 1200, 400);
  gtk_window_set_child (bench.log_window, box);
  gtk_window_present (bench.log_window);
  g_signal_connect (
      gdk_surface_get_frame_clock (gtk_native_get_surface (GTK_NATIVE (bench.log_window))),
      "after-paint", G_CALLBACK (after_paint_cb), NULL);
  while (bench.n_frames < 2)
    g_main_context_iteration (NULL, TRUE);

  asked = g_get_monotonic_time ();
  bench.log = g_object_new (LK_TYPE_DELIVERY_LOG, "vexpand", TRUE, NULL);
  lk_delivery_log_set_up (bench.log, bench.context, bench.catalog, bench.attention);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (bench.log));
  wait_for_list ();
  add_ms ("ms", bench.painted - asked);
}

static void
narrow (const char *name, const LkDeliveryFilter *filter, LkDeliverySpan span)
{
  gint64 asked = g_get_monotonic_time ();

  lk_delivery_list_set_filter (lk_delivery_log_get_list (bench.log), filter, span);
  wait_for_list ();
  add_ms (name, bench.painted - asked);
}

static void
measure_facets (void)
{
  const struct
  {
    const char *name;
    LkDeliveryFilter filter;
    LkDeliverySpan span;
  } rows[] = {
    { "state, rare", { .state = LK_DELIVERY_DROPPED }, LK_SPAN_ANY },
    { "state, frequent", { .state = LK_DELIVERY_DELIVERED }, LK_SPAN_ANY },
    { "task", { .state = -1, .task_id = bench.task_id }, LK_SPAN_ANY },
    { "status, rare", { .state = -1, .status = 404 }, LK_SPAN_ANY },
    { "status, frequent", { .state = -1, .status = 200 }, LK_SPAN_ANY },
    { "error", { .state = -1, .error_class = (char *) "server-error" }, LK_SPAN_ANY },
    { "last hour", { .state = -1 }, LK_SPAN_HOUR },
    { "last 30 days", { .state = -1 }, LK_SPAN_MONTH },
    { "text, rare", { .state = -1, .text = (char *) "BENCH-0ABC1" }, LK_SPAN_ANY },
    { "text, frequent", { .state = -1, .text = (char *) "abendroth" }, LK_SPAN_ANY },
    { "text, absent", { .state = -1, .text = (char *) "not to be found" }, LK_SPAN_ANY },
    { "text of an error", { .state = -1, .text = (char *) "overloaded" }, LK_SPAN_ANY },
    { "webhook id",
      { .state = -1, .text = (char *) "msg_00000000000000000000054321" },
      LK_SPAN_ANY },
    { "text and state",
      { .state = LK_DELIVERY_EXHAUSTED, .text = (char *) "abendroth" },
      LK_SPAN_ANY },
    { "frequent text and rare error",
      { .state = -1, .text = (char *) "bench", .error_class = (char *) "tls" },
      LK_SPAN_ANY },
    { "frequent text and rare state",
      { .state = LK_DELIVERY_HELD, .text = (char *) "abendroth" },
      LK_SPAN_ANY },
    { "everything", { .state = -1 }, LK_SPAN_ANY },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    narrow (rows[i].name, &rows[i].filter, rows[i].span);
}

/* How long the counts of the facets take, which come after the rows. */
static void
count (const char *name, const char *text)
{
  LkDeliveryFilter filter = { .state = -1, .text = (char *) text };
  g_autoptr (LkDeliveryFacets) facets = lk_delivery_facets_new (bench.context, bench.catalog);
  gint64 asked = g_get_monotonic_time ();

  lk_delivery_facets_set_filter (facets, &filter, LK_SPAN_ANY);
  while (lk_delivery_facets_count (facets, LK_N_DELIVERY_FACETS) < 0)
    g_main_context_iteration (NULL, TRUE);
  add_ms (name, g_get_monotonic_time () - asked);
}

static GtkWidget *
find_view (GtkWidget *widget)
{
  if (GTK_IS_COLUMN_VIEW (widget))
    return widget;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find_view (child);

      if (found != NULL)
        return found;
    }

  return NULL;
}

/* A page a frame, down and up again. */
static void
measure_scrolling (void)
{
  GtkScrollable *view = GTK_SCROLLABLE (find_view (GTK_WIDGET (bench.log)));
  GtkAdjustment *adjustment = gtk_scrollable_get_vadjustment (view);
  double page = gtk_adjustment_get_page_size (adjustment);

  bench.busy_before = busy_time_get ();
  bench.longest = 0;
  for (int i = 1; i <= N_PAGES; i++)
    {
      guint n_frames = bench.n_frames;
      double upper = gtk_adjustment_get_upper (adjustment) - page;
      int n_pages = MAX ((int) (upper / page), 1);
      int place = i % (2 * n_pages);

      gtk_adjustment_set_value (adjustment, page * (place < n_pages ? place : 2 * n_pages - place));
      gtk_widget_queue_draw (GTK_WIDGET (bench.log));
      while (bench.n_frames == n_frames)
        g_main_context_iteration (NULL, TRUE);
    }
  add_ms ("ms", bench.longest);
}

static gboolean
measure_cb (gpointer data)
{
  bench.context = lk_window_get_context (bench.window);
  bench.catalog = lk_catalog_new (bench.context);
  bench.attention = lk_attention_new (bench.context);

  begin_part ("open");
  open_log ();
  end_part ();
  begin_part ("facets");
  measure_facets ();
  end_part ();
  begin_part ("counts");
  count ("of everything", NULL);
  count ("of a rare text", "BENCH-0ABC1");
  count ("of a frequent text", "abendroth");
  end_part ();
  begin_part ("scroll");
  measure_scrolling ();
  end_part ();

  wait_until_idle ();
  gtk_window_destroy (bench.log_window);
  g_clear_object (&bench.attention);
  g_clear_object (&bench.catalog);
  gtk_window_close (GTK_WINDOW (bench.window));
  return G_SOURCE_REMOVE;
}

static void
window_added_cb (GtkApplication *application, GtkWindow *window, gpointer data)
{
  if (!LK_IS_WINDOW (window) || bench.window != NULL)
    return;

  bench.window = LK_WINDOW (window);
  g_timeout_add_seconds (2, measure_cb, NULL); /* until it stands and holds the lease */
}

int
main (int argc, char **argv)
{
  g_autoptr (LkApplication) application = NULL;
  g_autoptr (JsonGenerator) generator = json_generator_new ();
  g_autofree char *text = NULL;
  char *arguments[] = { argv[0], (char *) "--workspace", argv[1], NULL };
  int status;

  if (argc != 3)
    {
      g_printerr ("usage: bench-log WORKSPACE TASK-ID\n");
      return 2;
    }

  bench.task_id = atoll (argv[2]);
  bench.json = json_builder_new ();
  json_builder_begin_object (bench.json);
  busy_time_start ();
  application = lk_application_new ();
  g_signal_connect (application, "window-added", G_CALLBACK (window_added_cb), NULL);
  status = lk_application_run (application, 3, arguments);

  json_builder_end_object (bench.json);
  json_generator_set_root (generator, json_builder_get_root (bench.json));
  text = json_generator_to_data (generator, NULL);
  g_print ("%s\n", text);
  return status;
}
