/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "engine/system-clock.h"
#include "store/sample-workspace.h"
#include "tests/ui/dialog-world.h"
#include "ui/ui-init.h"

#define EXIT_SKIP 77

/* Runs the tests of a program, or skips all of them where there is no display. */
int
dialog_world_main (int argc, char **argv, void (*add_tests) (void))
{
  if (!gtk_init_check ())
    {
      g_print ("1..0 # SKIP no display\n");
      return EXIT_SKIP;
    }

  g_test_init (&argc, &argv, NULL);
  lk_ui_init ();
  if (g_getenv ("LK_DARK") != NULL)
    g_object_set (gtk_settings_get_default (), "gtk-application-prefer-dark-theme", TRUE, NULL);
  add_tests ();
  return g_test_run ();
}

/* A workspace with the sample data; its task sends to @port, or to 8787 for 0. */
DialogWorld *
dialog_world_new (guint16 port)
{
  DialogWorld *self = g_new0 (DialogWorld, 1);
  g_autoptr (LkClock) clock = lk_system_clock_new ();
  g_autofree char *path = NULL;
  g_autoptr (GError) error = NULL;

  self->folder = test_folder_new ();
  path = test_folder_get_path (self->folder, "workspace");
  lk_workspace_create (path, &error);
  g_assert_no_error (error);
  self->workspace = lk_workspace_open (path, &error);
  g_assert_no_error (error);
  lk_sample_workspace_fill (self->workspace, DIALOG_WORLD_LICENSES, port != 0 ? port : 8787,
                            lk_clock_now (clock), &error);
  g_assert_no_error (error);
  self->context = lk_context_new (self->workspace, clock, LK_HOLDER_CONSOLE);
  return self;
}

void
dialog_world_free (DialogWorld *self)
{
  g_autoptr (GAsyncResult) stopped = NULL;

  while (g_main_context_iteration (NULL, FALSE))
    ;
  lk_context_stop_async (self->context, 1, test_result_cb, &stopped);
  test_wait (&stopped);
  lk_context_stop_finish (self->context, stopped, NULL);
  g_clear_object (&self->context);
  lk_workspace_close (self->workspace);
  g_clear_object (&self->workspace);
  test_folder_free (self->folder);
  g_free (self);
}

/* What @job finds in the workspace; fails the test on an error. */
gpointer
dialog_world_read (DialogWorld *self, LkDbJobFunc job, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  gpointer result = lk_db_pool_read_sync (lk_workspace_get_pool (self->workspace), job,
                                          (gpointer) data, NULL, &error);

  g_assert_no_error (error);
  return result;
}

/* What somebody else does to the workspace meanwhile. */
void
dialog_world_write (DialogWorld *self, LkDbJobFunc job, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  lk_db_pool_write_sync (lk_workspace_get_pool (self->workspace), job, (gpointer) data, NULL,
                         &error);
  g_assert_no_error (error);
}

static GtkWidget *
find (GtkWidget *root, gboolean (*matches) (GtkWidget *widget, const char *text), const char *text)
{
  if (matches (root, text))
    return root;

  for (GtkWidget *child = gtk_widget_get_first_child (root); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find (child, matches, text);

      if (found != NULL)
        return found;
    }

  return NULL;
}

static gboolean
has_id (GtkWidget *widget, const char *id)
{
  return g_strcmp0 (gtk_buildable_get_buildable_id (GTK_BUILDABLE (widget)), id) == 0;
}

static gboolean
shows_text (GtkWidget *widget, const char *part)
{
  return GTK_IS_LABEL (widget) && gtk_widget_get_mapped (widget)
         && strstr (gtk_label_get_label (GTK_LABEL (widget)), part) != NULL;
}

GtkWidget *
dialog_find (gpointer root, const char *id)
{
  GtkWidget *found = find (GTK_WIDGET (root), has_id, id);

  if (found == NULL)
    g_error ("there is no widget with the id %s", id);
  return found;
}

/* Returns: (nullable): a label that is on the screen and contains @part */
GtkWidget *
dialog_find_label (gpointer root, const char *part)
{
  return find (GTK_WIDGET (root), shows_text, part);
}

static void
take_mnemonics (GtkWidget *widget, GHashTable *taken)
{
  guint key = GTK_IS_LABEL (widget) ? gtk_label_get_mnemonic_keyval (GTK_LABEL (widget))
                                    : GDK_KEY_VoidSymbol;
  const char *other = g_hash_table_lookup (taken, GUINT_TO_POINTER (key));

  if (!gtk_widget_get_mapped (widget))
    return;
  if (key != GDK_KEY_VoidSymbol)
    {
      const char *text = gtk_label_get_label (GTK_LABEL (widget));

      if (other != NULL)
        g_error ("“%s” and “%s” are reached by the same key", other, text);
      g_hash_table_insert (taken, GUINT_TO_POINTER (key), (gpointer) text);
    }

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    take_mnemonics (child, taken);
}

void
dialog_assert_mnemonics (gpointer root)
{
  g_autoptr (GHashTable) taken = g_hash_table_new (NULL, NULL);

  take_mnemonics (root, taken);
}

void
dialog_type (gpointer root, const char *id, const char *text)
{
  GtkWidget *widget = dialog_find (root, id);

  g_assert_true (gtk_widget_is_sensitive (widget));
  if (GTK_IS_TEXT_VIEW (widget))
    gtk_text_buffer_set_text (gtk_text_view_get_buffer (GTK_TEXT_VIEW (widget)), text, -1);
  else
    gtk_editable_set_text (GTK_EDITABLE (widget), text);
}

void
dialog_click (gpointer root, const char *id)
{
  GtkWidget *widget = dialog_find (root, id);

  g_assert_true (gtk_widget_is_sensitive (widget));
  g_signal_emit_by_name (widget, "clicked");
}

void
dialog_check (gpointer root, const char *id, gboolean active)
{
  GtkWidget *widget = dialog_find (root, id);

  g_assert_true (gtk_widget_is_sensitive (widget));
  gtk_check_button_set_active (GTK_CHECK_BUTTON (widget), active);
}

void
dialog_choose (gpointer root, const char *id, guint position)
{
  GtkWidget *widget = dialog_find (root, id);

  g_assert_true (gtk_widget_is_sensitive (widget));
  gtk_drop_down_set_selected (GTK_DROP_DOWN (widget), position);
}

const char *
dialog_get_label (gpointer root, const char *id)
{
  return gtk_label_get_label (GTK_LABEL (dialog_find (root, id)));
}

char *
dialog_get_view_text (gpointer root, const char *id)
{
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (GTK_TEXT_VIEW (dialog_find (root, id)));
  GtkTextIter start;
  GtkTextIter end;

  gtk_text_buffer_get_bounds (buffer, &start, &end);
  return gtk_text_buffer_get_text (buffer, &start, &end, TRUE);
}

/* How many lines the dialog's list has. */
guint
dialog_count_rows (gpointer root)
{
  GtkListBox *list = GTK_LIST_BOX (dialog_find (root, "list"));
  guint count = 0;

  while (gtk_list_box_get_row_at_index (list, (int) count) != NULL)
    count++;
  return count;
}

static GtkDialog *
find_question (void)
{
  GListModel *windows = gtk_window_get_toplevels ();

  for (guint i = 0; i < g_list_model_get_n_items (windows); i++)
    {
      g_autoptr (GtkWidget) window = g_list_model_get_item (windows, i);

      if (GTK_IS_DIALOG (window) && gtk_widget_get_visible (window))
        return GTK_DIALOG (window);
    }

  return NULL;
}

gboolean
dialog_is_asking (void)
{
  return find_question () != NULL;
}

static gboolean
answer_cb (gpointer index)
{
  gtk_dialog_response (find_question (), GPOINTER_TO_INT (index));

  return G_SOURCE_REMOVE;
}

/* From the main loop, as a click comes: then the answer takes effect while the dialog is still at
 * work. */
void
dialog_answer (guint index)
{
  g_assert_nonnull (find_question ());
  g_idle_add (answer_cb, GINT_TO_POINTER ((int) index));
  test_until (!dialog_is_asking (), 30);
}

/* Lets the window lay itself out and paint. */
static void
settle (GtkWidget *window)
{
  gint64 deadline = g_get_monotonic_time () + G_USEC_PER_SEC / 2;

  if (g_getenv ("LK_SMALL") != NULL)
    {
      gtk_widget_set_visible (window, FALSE);
      gtk_window_set_default_size (GTK_WINDOW (window), 640, 480);
    }
  gtk_window_present (GTK_WINDOW (window));
  while (g_get_monotonic_time () < deadline)
    test_iterate ();
}

static GdkTexture *
paint (GtkWidget *window)
{
  g_autoptr (GdkPaintable) paintable = gtk_widget_paintable_new (window);
  g_autoptr (GtkSnapshot) snapshot = gtk_snapshot_new ();
  g_autoptr (GskRenderNode) node = NULL;
  int width = gtk_widget_get_width (window);
  int height = gtk_widget_get_height (window);

  gdk_paintable_snapshot (paintable, GDK_SNAPSHOT (snapshot), width, height);
  node = gtk_snapshot_free_to_node (g_steal_pointer (&snapshot));
  return gsk_renderer_render_texture (gtk_native_get_renderer (GTK_NATIVE (window)), node,
                                      &GRAPHENE_RECT_INIT (0, 0, (float) width, (float) height));
}

void
dialog_take_picture (gpointer window, const char *name)
{
  const char *folder = g_getenv ("LK_PICTURES");
  g_autofree char *path = NULL;
  g_autoptr (GdkTexture) texture = NULL;

  if (folder == NULL)
    return;

  settle (GTK_WIDGET (window));
  path = g_strdup_printf ("%s/%s.png", folder, name);
  texture = paint (GTK_WIDGET (window));
  g_assert_true (gdk_texture_save_to_png (texture, path));
}

/* Closes a window that has nothing to save and waits until it is gone. */
void
dialog_close (gpointer window)
{
  g_object_add_weak_pointer (G_OBJECT (window), &window);
  gtk_window_close (GTK_WINDOW (window));
  test_until (window == NULL, 30);
}
