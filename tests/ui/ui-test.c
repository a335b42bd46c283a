/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "engine/system-clock.h"
#include "store/sample-workspace.h"
#include "ui-test.h"
#include "ui/ui-init.h"

void
ui_test_init (int *argc, char ***argv)
{
  if (!gtk_init_check ())
    {
      g_print ("1..0 # SKIP no display\n");
      exit (0);
    }
  g_test_init (argc, argv, NULL);
  lk_ui_init ();
}

void
ui_test_set_up (UiTest *self, gconstpointer n_licenses)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *path = NULL;

  self->folder = test_folder_new ();
  path = test_folder_get_path (self->folder, "workspace");
  lk_workspace_create (path, &error);
  g_assert_no_error (error);
  self->workspace = lk_workspace_open (path, &error);
  g_assert_no_error (error);
  self->clock = lk_system_clock_new ();
  if (GPOINTER_TO_INT (n_licenses) > 0)
    lk_sample_workspace_fill (self->workspace, GPOINTER_TO_INT (n_licenses), 9,
                              lk_clock_now (self->clock), &error);
  g_assert_no_error (error);

  self->context = lk_context_new (self->workspace, self->clock, LK_HOLDER_CONSOLE);
}

void
ui_test_tear_down (UiTest *self, gconstpointer n_licenses)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  lk_context_stop_async (self->context, 1, test_result_cb, &result);
  test_wait (&result);
  lk_context_stop_finish (self->context, result, &error);
  g_assert_no_error (error);
  g_clear_object (&self->context);
  lk_workspace_close (self->workspace);
  g_clear_object (&self->workspace);
  g_clear_object (&self->clock);
  g_clear_pointer (&self->folder, test_folder_free);
}

gpointer
ui_test_write (UiTest *self, LkDbJobFunc job, gpointer data)
{
  g_autoptr (GError) error = NULL;
  gpointer result =
      lk_db_pool_write_sync (lk_workspace_get_pool (self->workspace), job, data, NULL, &error);

  g_assert_no_error (error);

  return result;
}

static gpointer
read_nothing_job (LkDb *db, gpointer data, GCancellable *cancellable, GError **error)
{
  return NULL;
}

/* There are three that read: long before the last of these, each has ended what it had begun. */
void
ui_test_finish_reading (UiTest *self)
{
  for (int i = 0; i < 300; i++)
    lk_db_pool_read_sync (lk_workspace_get_pool (self->workspace), read_nothing_job, NULL, NULL,
                          NULL);
}

GtkWindow *
ui_test_show (GtkWidget *child, int width, int height)
{
  GtkWindow *window = GTK_WINDOW (gtk_window_new ());

  gtk_window_set_default_size (window, width, height);
  gtk_window_set_child (window, child);
  gtk_window_present (window);
  ui_test_settle (child);

  return window;
}

void
ui_test_settle (GtkWidget *widget)
{
  test_until (gtk_widget_get_mapped (widget) && gtk_widget_get_width (widget) > 0, 30);
  /* Two frames: the first one may still change what the second one lays out. */
  for (int i = 0; i < 2; i++)
    {
      gint64 frame = gdk_frame_clock_get_frame_counter (gtk_widget_get_frame_clock (widget));

      gtk_widget_queue_draw (widget);
      test_until (gdk_frame_clock_get_frame_counter (gtk_widget_get_frame_clock (widget)) > frame,
                  30);
    }
}

static GtkWidget *
find (GtkWidget *widget, GType type)
{
  if (g_type_is_a (G_OBJECT_TYPE (widget), type))
    return widget;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find (child, type);

      if (found != NULL)
        return found;
    }

  return NULL;
}

GtkWidget *
ui_test_find (GtkWidget *widget, GType type)
{
  GtkWidget *found = find (widget, type);

  g_assert_nonnull (found);

  return found;
}
