/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Opens the console on a workspace, does what a person does with its grid, and prints what it took
 * as one JSON document. Without licenses it ends after the first frame.
 *
 * usage: bench-grid WORKSPACE
 *
 * - Moments are counted from the start of main().
 * - Rows are on the screen at the end of the first frame that was rendered after the grid was full
 *   of lines, or had them all, and every line in sight had got the license that belongs there.
 * - What a frame takes is the time in which the main loop was busy since the frame before: all
 *   handlers, layout and painting, and not the wait for the next frame or for other threads, which
 *   is in poll().
 */

#include "config.h"

#include <glib/gi18n.h>
#include <json-glib/json-glib.h>
#include <time.h>

#include "busy-time.h"
#include "ui/application.h"
#include "ui/window.h"

/* A question that is not answered by then never will be, in microseconds. */
#define PATIENCE (60 * G_USEC_PER_SEC)

#define N_PAGES 300
#define N_JUMPS 50

typedef struct
{
  LkWindow *window;
  LkKeysPage *keys;
  JsonBuilder *json;
  gint64 started;
  gint64 painted; /* the end of the last frame that was rendered */
  gboolean rendering;
  gboolean has_rows; /* in the last frame */
  guint n_frames;
  gint64 busy_before;
  GArray *frames; /* (nullable): of gint64: what the frames took, while they are counted */
} Bench;

/* GTK's hooks and callbacks below take no data. */
static Bench bench;

static void
add_ms (const char *name, gint64 microseconds)
{
  json_builder_set_member_name (bench.json, name);
  json_builder_add_double_value (bench.json, (double) microseconds / 1000);
}

/* Memory that the process alone has and no file backs, in megabytes. */
static void
add_memory (const char *name)
{
  g_autofree char *status = NULL;
  const char *line;

  if (!g_file_get_contents ("/proc/self/status", &status, NULL, NULL))
    g_error ("there is no /proc/self/status");
  line = strstr (status, "RssAnon:");
  if (line == NULL)
    g_error ("/proc/self/status has no RssAnon");

  json_builder_set_member_name (bench.json, name);
  json_builder_add_double_value (
      bench.json, (double) g_ascii_strtoull (line + strlen ("RssAnon:"), NULL, 10) / 1024);
}

static GtkAdjustment *
get_adjustment (void)
{
  return gtk_scrollable_get_vadjustment (GTK_SCROLLABLE (lk_keys_page_get_grid (bench.keys)));
}

static gboolean
has_license (LkLicenseList *list, guint position)
{
  g_autoptr (LkLicenseRow) row = g_list_model_get_item (G_LIST_MODEL (list), position);
  LkLicense *license = lk_license_row_get_license (row);

  return license != NULL
         && lk_license_get_id (license) == lk_license_list_get_id_at (list, position);
}

static gboolean
rows_in_sight_are_filled (void)
{
  LkLicenseList *list = lk_keys_page_get_list (bench.keys);
  guint n_rows = g_list_model_get_n_items (G_LIST_MODEL (list));
  GtkAdjustment *adjustment = get_adjustment ();
  double height = gtk_adjustment_get_upper (adjustment) / MAX (n_rows, 1);
  double top = gtk_adjustment_get_value (adjustment);
  double end = top + gtk_adjustment_get_page_size (adjustment);

  if (n_rows == 0 || height < 1 || !gtk_widget_get_mapped (lk_keys_page_get_grid (bench.keys)))
    return FALSE;
  if (lk_keys_page_is_loading (bench.keys)
      && (!lk_license_list_is_partial (list) || n_rows * height < end))
    return FALSE;

  for (guint i = (guint) (top / height); i < n_rows && i * height < end; i++)
    if (!has_license (list, i))
      return FALSE;
  return TRUE;
}

/* A hook, for GTK's own handler came first and ends the emission. */
static gboolean
render_cb (GSignalInvocationHint *hint, guint n_values, const GValue *values, gpointer surface)
{
  if (g_value_get_object (&values[0]) == surface)
    bench.rendering = TRUE;
  return G_SOURCE_CONTINUE;
}

static void
after_paint_cb (GdkFrameClock *clock, gpointer data)
{
  gint64 busy = busy_time_get ();
  gint64 took = busy - bench.busy_before;

  if (!bench.rendering)
    return;

  bench.rendering = FALSE;
  bench.busy_before = busy;
  bench.painted = g_get_monotonic_time ();
  bench.n_frames++;
  bench.has_rows = rows_in_sight_are_filled ();
  if (bench.frames != NULL)
    g_array_append_val (bench.frames, took);
}

/* Iterates the main loop until a frame later than @n_frames shows the rows of a whole result. Where
 * the new rows look as the old ones did GTK has nothing to paint; it is made to. */
static void
wait_for_rows (guint n_frames)
{
  gint64 deadline = g_get_monotonic_time () + PATIENCE;

  while (bench.n_frames <= n_frames || !bench.has_rows || lk_keys_page_is_loading (bench.keys))
    {
      if (g_get_monotonic_time () > deadline)
        g_error ("the rows did not appear");
      g_main_context_iteration (NULL, TRUE);
      if (!bench.has_rows && rows_in_sight_are_filled ())
        gtk_widget_queue_draw (lk_keys_page_get_grid (bench.keys));
    }
}

static void
settle (void)
{
  gint64 end = g_get_monotonic_time () + G_USEC_PER_SEC / 5;

  while (g_get_monotonic_time () < end)
    if (!g_main_context_iteration (NULL, FALSE))
      g_usleep (1000);
}

static void
measure_sort (const LkLicenseField *field, GtkSortType direction)
{
  GtkColumnView *view = GTK_COLUMN_VIEW (lk_keys_page_get_grid (bench.keys));
  LkKeyColumns *columns = lk_keys_page_get_columns (bench.keys);
  guint n_frames = bench.n_frames;
  gint64 asked = g_get_monotonic_time ();

  gtk_column_view_sort_by_column (view, lk_key_columns_get_column (columns, field), direction);
  if (lk_key_columns_get_sort (columns, NULL) != field)
    g_error ("the grid is not sorted by %s", field->column);
  wait_for_rows (n_frames);

  json_builder_begin_object (bench.json);
  json_builder_set_member_name (bench.json, "column");
  json_builder_add_string_value (bench.json, field->column);
  json_builder_set_member_name (bench.json, "descending");
  json_builder_add_boolean_value (bench.json, direction == GTK_SORT_DESCENDING);
  add_ms ("ms", bench.painted - asked);
  json_builder_end_object (bench.json);
  settle ();
}

static void
measure_sorts (void)
{
  json_builder_set_member_name (bench.json, "sorts");
  json_builder_begin_array (bench.json);
  for (gsize i = 0; i < lk_license_n_fields; i++)
    if (lk_license_fields[i].column != NULL)
      {
        measure_sort (&lk_license_fields[i], GTK_SORT_ASCENDING);
        measure_sort (&lk_license_fields[i], GTK_SORT_DESCENDING);
      }
  json_builder_end_array (bench.json);

  gtk_column_view_sort_by_column (GTK_COLUMN_VIEW (lk_keys_page_get_grid (bench.keys)), NULL,
                                  GTK_SORT_ASCENDING);
  wait_for_rows (bench.n_frames);
  settle ();
}

/* The saved search with the number 1 is Upcoming Renewals: by a date that has an index. */
static void
measure_filter (void)
{
  guint n_frames = bench.n_frames;
  gint64 asked = g_get_monotonic_time ();

  lk_keys_page_show_search (bench.keys, 1);
  if (lk_keys_page_get_search_id (bench.keys) != 1)
    g_error ("the workspace has no search");
  wait_for_rows (n_frames);
  add_ms ("filter_ms", bench.painted - asked);
  json_builder_set_member_name (bench.json, "n_matches");
  json_builder_add_int_value (
      bench.json, g_list_model_get_n_items (G_LIST_MODEL (lk_keys_page_get_list (bench.keys))));
  settle ();

  n_frames = bench.n_frames;
  lk_keys_page_show_search (bench.keys, 0);
  wait_for_rows (n_frames);
  settle ();
}

/* One page or one jump a frame; a frame that only fills rows in counts as well. */
static void
measure_scrolling (void)
{
  GtkAdjustment *adjustment = get_adjustment ();
  double page = gtk_adjustment_get_page_size (adjustment);
  double upper = gtk_adjustment_get_upper (adjustment);
  guint n_pages = MIN (N_PAGES, (guint) (upper / page) - 1); /* behind the end nothing moves */

  bench.frames = g_array_new (FALSE, FALSE, sizeof (gint64));
  bench.busy_before = busy_time_get ();
  for (guint i = 1; i <= n_pages + N_JUMPS; i++)
    {
      guint n_frames = bench.n_frames;

      gtk_adjustment_set_value (adjustment,
                                i <= n_pages ? i * page : (i - n_pages) * upper / (N_JUMPS + 1));
      while (bench.n_frames == n_frames)
        g_main_context_iteration (NULL, TRUE);
    }
  wait_for_rows (0);

  json_builder_set_member_name (bench.json, "frames_ms");
  json_builder_begin_array (bench.json);
  for (guint i = 0; i < bench.frames->len; i++)
    json_builder_add_double_value (bench.json,
                                   (double) g_array_index (bench.frames, gint64, i) / 1000);
  json_builder_end_array (bench.json);
  g_clear_pointer (&bench.frames, g_array_unref);
}

static gboolean
is_empty (void)
{
  return lk_keys_page_get_server (bench.keys) != NULL && !lk_keys_page_is_loading (bench.keys)
         && g_list_model_get_n_items (G_LIST_MODEL (lk_keys_page_get_list (bench.keys))) == 0;
}

static gboolean
measure_cb (gpointer data)
{
  while (bench.n_frames == 0)
    g_main_context_iteration (NULL, TRUE);
  add_ms ("first_frame_ms", bench.painted - bench.started);

  while (!bench.has_rows && !is_empty ())
    g_main_context_iteration (NULL, TRUE);
  if (bench.has_rows)
    {
      add_ms ("first_rows_ms", bench.painted - bench.started);
      wait_for_rows (0);
      add_ms ("all_rows_ms", bench.painted - bench.started);
      settle ();
      add_memory ("loaded_mb");
      measure_scrolling ();
      settle ();
      add_memory ("scrolled_mb");
      measure_filter ();
      measure_sorts ();
      add_memory ("sorted_mb");
    }

  gtk_window_close (GTK_WINDOW (bench.window));
  return G_SOURCE_REMOVE;
}

static void
realized_cb (GtkWidget *window, gpointer data)
{
  GdkSurface *surface = gtk_native_get_surface (GTK_NATIVE (window));

  bench.keys = lk_window_get_keys_page (LK_WINDOW (window));
  g_signal_add_emission_hook (g_signal_lookup ("render", GDK_TYPE_SURFACE), 0, render_cb, surface,
                              NULL);
  g_signal_connect (gdk_surface_get_frame_clock (surface), "after-paint",
                    G_CALLBACK (after_paint_cb), NULL);
  g_idle_add_full (G_PRIORITY_HIGH, measure_cb, NULL, NULL);
}

static void
window_added_cb (GtkApplication *application, GtkWindow *window, gpointer data)
{
  if (!LK_IS_WINDOW (window) || bench.window != NULL)
    return;

  bench.window = LK_WINDOW (window);
  g_signal_connect (window, "realize", G_CALLBACK (realized_cb), NULL);
}

int
main (int argc, char **argv)
{
  g_autoptr (LkApplication) application = NULL;
  g_autoptr (JsonGenerator) generator = json_generator_new ();
  g_autofree char *text = NULL;
  char *arguments[] = { argv[0], (char *) "--workspace", argv[1], NULL };
  int status;

  if (argc != 2)
    {
      g_printerr ("usage: bench-grid WORKSPACE\n");
      return 2;
    }

  bench.started = g_get_monotonic_time ();
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
