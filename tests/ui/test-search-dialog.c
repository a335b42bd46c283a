/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Edit Searches through its widgets: step 2 of the user's way. */

#include "config.h"

#include "core/error.h"
#include "core/macro.h"
#include "store/search-store.h"
#include "tests/ui/dialog-world.h"
#include "ui/list-row.h"
#include "ui/search-dialog.h"
#include "ui/sql-editor.h"

#define SQL "SubscriptionExpiryDate > [today_start] And SubscriptionExpiryDate < [today_start+30]"

static gpointer
find_job (LkDb *db, gpointer name, GCancellable *cancellable, GError **error)
{
  LkSearch *search = lk_search_store_find (db, name, error);

  if (search == NULL && g_error_matches (*error, LK_ERROR, LK_ERROR_NOT_FOUND))
    g_clear_error (error);
  return search;
}

static void
assert_stored (DialogWorld *world, const char *name)
{
  g_autoptr (LkSearch) search = dialog_world_read (world, find_job, name);

  g_assert_nonnull (search);
}

static GtkWidget *
open_dialog (DialogWorld *world)
{
  g_autoptr (LkSearch) search = dialog_world_read (world, find_job, "Upcoming Renewals");
  GtkWidget *dialog = lk_search_dialog_new (NULL, world->context, search->id);

  gtk_window_present (GTK_WINDOW (dialog));
  test_until (gtk_widget_is_sensitive (dialog_find (dialog, "add_button")), 30);
  return dialog;
}

static GtkWidget *
find_view (GtkWidget *dialog)
{
  return gtk_widget_get_first_child (gtk_widget_get_first_child (dialog_find (dialog, "editor")));
}

static void
type_sql (GtkWidget *dialog, const char *sql)
{
  gtk_text_buffer_set_text (gtk_text_view_get_buffer (GTK_TEXT_VIEW (find_view (dialog))), sql, -1);
}

static gpointer
rename_job (LkDb *db, gpointer data, GCancellable *cancellable, GError **error)
{
  g_autoptr (LkSearch) search = lk_search_store_find (db, "Upcoming Renewals", error);

  g_free (search->tooltip);
  search->tooltip = g_strdup ("theirs");
  lk_search_store_update (db, search, error);
  return NULL;
}

static gpointer
remove_tasks_job (LkDb *db, gpointer data, GCancellable *cancellable, GError **error)
{
  lk_db_execute (db, "DELETE FROM task", error);
  return NULL;
}

static void
test_add (void)
{
  g_autoptr (DialogWorld) world = dialog_world_new (0);
  GtkWidget *dialog = open_dialog (world);
  g_autoptr (LkSearch) search = NULL;

  dialog_click (dialog, "add_button");
  dialog_type (dialog, "name", "Soon");
  type_sql (dialog, SQL);
  test_until (strstr (dialog_get_label (dialog, "status"), "match") != NULL, 30);
  g_assert_true (g_str_has_prefix (dialog_get_label (dialog, "status"), "Valid: "));
  dialog_take_picture (dialog, "search-dialog");

  g_object_add_weak_pointer (G_OBJECT (dialog), (gpointer *) &dialog);
  dialog_click (dialog, "ok_button");
  test_until (dialog == NULL, 30);
  search = dialog_world_read (world, find_job, "Soon");
  g_assert_nonnull (search);
  g_assert_cmpstr (search->sql, ==, SQL);
}

static void
test_problem (void)
{
  g_autoptr (DialogWorld) world = dialog_world_new (0);
  GtkWidget *dialog = open_dialog (world);

  dialog_click (dialog, "add_button");
  dialog_type (dialog, "name", "Wrong");
  type_sql (dialog, "SubscriptionExpiryDat > [today_start]");
  g_assert_cmpstr (dialog_get_label (dialog, "status"), ==, "Not valid yet");
  test_until (dialog_find_label (dialog, "Line 1, column 1") != NULL, 30);
  dialog_take_picture (dialog, "search-dialog-problem");

  dialog_click (dialog, "ok_button");
  test_until (dialog_find_label (dialog, "was not saved") != NULL, 30);
  g_assert_null (dialog_world_read (world, find_job, "Wrong"));

  g_signal_emit_by_name (gtk_widget_get_parent (dialog_find_label (dialog, "Fi_x")), "clicked");
  test_until (strstr (dialog_get_label (dialog, "status"), "match") != NULL, 30);
  gtk_window_destroy (GTK_WINDOW (dialog));
}

static void
test_name_taken (void)
{
  g_autoptr (DialogWorld) world = dialog_world_new (0);
  GtkWidget *dialog = open_dialog (world);

  dialog_click (dialog, "add_button");
  dialog_type (dialog, "name", "upcoming renewals");
  g_assert_true (gtk_widget_get_visible (dialog_find (dialog, "name_problem")));
  dialog_type (dialog, "name", "");
  g_assert_true (gtk_widget_get_visible (dialog_find (dialog, "name_problem")));
  dialog_type (dialog, "name", "Free");
  g_assert_false (gtk_widget_get_visible (dialog_find (dialog, "name_problem")));
  gtk_window_destroy (GTK_WINDOW (dialog));
}

/* The message about a mistake goes with it. */
static void
test_mistake_mended (void)
{
  g_autoptr (DialogWorld) world = dialog_world_new (0);
  GtkWidget *dialog = open_dialog (world);

  dialog_click (dialog, "add_button");
  type_sql (dialog, SQL);
  dialog_type (dialog, "name", "upcoming renewals");
  dialog_click (dialog, "ok_button");
  g_assert_nonnull (dialog_find_label (dialog, "was not saved"));
  dialog_type (dialog, "name", "");
  g_assert_nonnull (dialog_find_label (dialog, "was not saved"));
  dialog_type (dialog, "name", "Free");
  g_assert_null (dialog_find_label (dialog, "was not saved"));
  gtk_window_destroy (GTK_WINDOW (dialog));
}

static void
test_keyboard (void)
{
  g_autoptr (DialogWorld) world = dialog_world_new (0);
  GtkWidget *dialog = open_dialog (world);
  GtkWidget *focus;

  test_until ((focus = gtk_window_get_focus (GTK_WINDOW (dialog))) != NULL, 30);
  g_assert_true (LK_IS_LIST_ROW (focus));
  gtk_expander_set_expanded (GTK_EXPANDER (dialog_find (dialog, "advanced")), TRUE);
  test_until (gtk_widget_get_mapped (dialog_find (dialog, "unique_id_field")), 30);
  dialog_assert_mnemonics (dialog);
  gtk_window_destroy (GTK_WINDOW (dialog));
}

static void
test_remove_and_undo (void)
{
  g_autoptr (DialogWorld) world = dialog_world_new (0);
  GtkWidget *dialog = open_dialog (world);
  guint count = dialog_count_rows (dialog);

  dialog_click (dialog, "duplicate_button");
  g_assert_cmpuint (dialog_count_rows (dialog), ==, count + 1);
  dialog_click (dialog, "remove_button");
  g_assert_cmpuint (dialog_count_rows (dialog), ==, count);
  g_assert_true (gtk_widget_get_visible (dialog_find (dialog, "undo_bar")));
  dialog_click (dialog, "undo_button");
  g_assert_cmpuint (dialog_count_rows (dialog), ==, count + 1);
  gtk_window_destroy (GTK_WINDOW (dialog));
}

/* The sample task uses the sample search: it cannot go, and the message names the task. */
static void
test_remove_in_use (void)
{
  g_autoptr (DialogWorld) world = dialog_world_new (0);
  GtkWidget *dialog = open_dialog (world);
  guint count = dialog_count_rows (dialog);

  dialog_click (dialog, "remove_button");
  g_assert_cmpuint (dialog_count_rows (dialog), ==, count - 1);
  dialog_click (dialog, "apply_button");
  test_until (dialog_find_label (dialog, "is used by") != NULL, 30);
  g_assert_cmpuint (dialog_count_rows (dialog), ==, count);
  assert_stored (world, "Upcoming Renewals");
  gtk_window_destroy (GTK_WINDOW (dialog));
}

static void
test_remove_for_good (void)
{
  g_autoptr (DialogWorld) world = dialog_world_new (0);
  GtkWidget *dialog;

  dialog_world_write (world, remove_tasks_job, NULL);
  dialog = open_dialog (world);
  dialog_click (dialog, "remove_button");
  g_object_add_weak_pointer (G_OBJECT (dialog), (gpointer *) &dialog);
  dialog_click (dialog, "ok_button");
  test_until (dialog == NULL, 30);
  g_assert_null (dialog_world_read (world, find_job, "Upcoming Renewals"));
}

/* Somebody else saves first: nothing is overwritten before a person decides. */
static void
test_conflict (gconstpointer keep_mine)
{
  g_autoptr (DialogWorld) world = dialog_world_new (0);
  GtkWidget *dialog = open_dialog (world);
  g_autoptr (LkSearch) search = NULL;

  dialog_type (dialog, "tooltip", "mine");
  dialog_world_write (world, rename_job, NULL);
  dialog_click (dialog, "apply_button");
  test_until (dialog_find_label (dialog, "changed by somebody else") != NULL, 30);
  dialog_take_picture (dialog, "search-dialog-conflict");

  dialog_click (dialog, keep_mine != NULL ? "mine_button" : "theirs_button");
  test_until (!gtk_widget_is_sensitive (dialog_find (dialog, "apply_button"))
                  && gtk_widget_is_sensitive (dialog_find (dialog, "add_button")),
              30);
  search = dialog_world_read (world, find_job, "Upcoming Renewals");
  g_assert_cmpstr (search->tooltip, ==, keep_mine != NULL ? "mine" : "theirs");
  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (dialog_find (dialog, "tooltip"))), ==,
                   search->tooltip);
  dialog_close (dialog);
}

static void
test_close_asks (void)
{
  g_autoptr (DialogWorld) world = dialog_world_new (0);
  GtkWidget *dialog = open_dialog (world);
  gpointer gone = dialog;

  dialog_type (dialog, "tooltip", "mine");
  gtk_window_close (GTK_WINDOW (dialog));
  test_until (dialog_is_asking (), 30);
  dialog_answer (0);
  test_until (!dialog_is_asking (), 30);
  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (dialog_find (dialog, "tooltip"))), ==,
                   "mine");

  g_object_add_weak_pointer (G_OBJECT (dialog), &gone);
  gtk_window_close (GTK_WINDOW (dialog));
  test_until (dialog_is_asking (), 30);
  dialog_answer (1);
  test_until (gone == NULL, 30);
}

/* What others add while the dialog is open appears in it; what is edited stays. */
static void
test_follows_others (void)
{
  g_autoptr (DialogWorld) world = dialog_world_new (0);
  GtkWidget *dialog = open_dialog (world);

  dialog_world_write (world, rename_job, NULL);
  test_until (
      g_strcmp0 (gtk_editable_get_text (GTK_EDITABLE (dialog_find (dialog, "tooltip"))), "theirs")
          == 0,
      30);
  dialog_close (dialog);
}

/* The menu shows what each macro stands for at this moment, and a choice types it. */
static void
test_macro_menu (void)
{
  g_autoptr (DialogWorld) world = dialog_world_new (0);
  GtkWidget *dialog = open_dialog (world);
  GtkMenuButton *button = GTK_MENU_BUTTON (dialog_find (dialog, "macro_menu"));
  g_autofree char *label = NULL;
  GMenuModel *menu;

  gtk_menu_button_popup (button);
  menu = gtk_menu_button_get_menu_model (button);
  g_assert_cmpint (g_menu_model_get_n_items (menu), ==, (int) lk_n_macros);
  g_assert_true (g_menu_model_get_item_attribute (menu, 0, "label", "s", &label));
  g_assert_nonnull (strchr (label, ':'));
  gtk_menu_button_popdown (button);

  dialog_click (dialog, "add_button");
  gtk_widget_activate_action (dialog_find (dialog, "editor"), "search.insert-macro", "s",
                              "[today_end]");
  g_assert_cmpstr (lk_sql_editor_get_text (LK_SQL_EDITOR (dialog_find (dialog, "editor"))), ==,
                   "[today_end]");
  gtk_window_destroy (GTK_WINDOW (dialog));
}

static gpointer
wait_job (LkDb *db, gpointer gate, GCancellable *cancellable, GError **error)
{
  g_mutex_lock (gate);
  g_mutex_unlock (gate);

  return NULL;
}

/* Who closes the window while the list is read again after Apply need not do it twice. */
static void
test_close_after_apply (void)
{
  g_autoptr (DialogWorld) world = dialog_world_new (0);
  GtkWidget *dialog = open_dialog (world);
  gint64 until;
  GMutex gate;

  g_mutex_init (&gate);
  dialog_type (dialog, "name", "Later Renewals");
  g_mutex_lock (&gate); /* nothing is read */
  for (int i = 0; i < 3; i++)
    lk_db_pool_read_async (lk_workspace_get_pool (world->workspace), wait_job, &gate, NULL, NULL,
                           NULL, NULL, NULL);
  dialog_click (dialog, "apply_button");
  until = g_get_monotonic_time () + G_TIME_SPAN_SECOND / 2;
  while (g_get_monotonic_time () < until)
    test_iterate ();

  g_object_add_weak_pointer (G_OBJECT (dialog), (gpointer *) &dialog);
  gtk_window_close (GTK_WINDOW (dialog));
  g_assert_nonnull (dialog);
  g_mutex_unlock (&gate);
  test_until (dialog == NULL, 5);
  g_mutex_clear (&gate);
}

static void
add_tests (void)
{
  g_test_add_func ("/search-dialog/macro-menu", test_macro_menu);
  g_test_add_func ("/search-dialog/add", test_add);
  g_test_add_func ("/search-dialog/problem", test_problem);
  g_test_add_func ("/search-dialog/name-taken", test_name_taken);
  g_test_add_func ("/search-dialog/mistake-mended", test_mistake_mended);
  g_test_add_func ("/search-dialog/keyboard", test_keyboard);
  g_test_add_func ("/search-dialog/remove-and-undo", test_remove_and_undo);
  g_test_add_func ("/search-dialog/remove-in-use", test_remove_in_use);
  g_test_add_func ("/search-dialog/remove-for-good", test_remove_for_good);
  g_test_add_data_func ("/search-dialog/conflict-theirs", NULL, test_conflict);
  g_test_add_data_func ("/search-dialog/conflict-mine", "mine", test_conflict);
  g_test_add_func ("/search-dialog/close-asks", test_close_asks);
  g_test_add_func ("/search-dialog/close-after-apply", test_close_after_apply);
  g_test_add_func ("/search-dialog/follows-others", test_follows_others);
}

int
main (int argc, char **argv)
{
  return dialog_world_main (argc, argv, add_tests);
}
