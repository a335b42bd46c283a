/* SPDX-License-Identifier: GPL-3.0-or-later */

/* License Servers through its widgets. */

#include "config.h"

#include "core/error.h"
#include "store/server-store.h"
#include "store/sqlite-license-server.h"
#include "tests/ui/dialog-world.h"
#include "ui/server-dialog.h"

static gpointer
find_job (LkDb *db, gpointer name, GCancellable *cancellable, GError **error)
{
  LkServerProfile *profile = lk_server_store_find (db, name, error);

  if (profile == NULL && g_error_matches (*error, LK_ERROR, LK_ERROR_NOT_FOUND))
    g_clear_error (error);
  return profile;
}

static GtkWidget *
open_dialog (DialogWorld *world)
{
  GtkWidget *dialog = lk_server_dialog_new (NULL, world->context);

  gtk_window_present (GTK_WINDOW (dialog));
  test_until (gtk_widget_is_sensitive (dialog_find (dialog, "add_button")), 30);
  return dialog;
}

static void
wait_saved (GtkWidget *dialog)
{
  test_until (!gtk_widget_is_sensitive (dialog_find (dialog, "apply_button"))
                  && gtk_widget_is_sensitive (dialog_find (dialog, "add_button")),
              30);
}

static void
test_test (void)
{
  g_autoptr (DialogWorld) world = dialog_world_new (0);
  GtkWidget *dialog = open_dialog (world);

  dialog_click (dialog, "test_button");
  test_until (dialog_get_label (dialog, "verdict")[0] != '\0', 30);
  g_assert_cmpstr (dialog_get_label (dialog, "verdict"), ==, "It opens, and holds 200 licenses.");
  dialog_take_picture (dialog, "server-dialog");

  dialog_type (dialog, "database", "/nowhere/at/all.db");
  g_assert_cmpstr (dialog_get_label (dialog, "verdict"), ==, "");
  dialog_click (dialog, "test_button");
  test_until (dialog_get_label (dialog, "verdict")[0] != '\0', 30);
  g_assert_null (strstr (dialog_get_label (dialog, "verdict"), "It opens"));
  dialog_take_picture (dialog, "server-dialog-fails");
  gtk_window_destroy (GTK_WINDOW (dialog));
}

static void
test_add_and_default (void)
{
  g_autoptr (DialogWorld) world = dialog_world_new (0);
  g_autofree char *path = test_folder_get_path (world->folder, "more.db");
  GtkWidget *dialog = open_dialog (world);
  g_autoptr (LkServerProfile) more = NULL;
  g_autoptr (LkServerProfile) sample = NULL;
  g_autoptr (GError) error = NULL;

  lk_sqlite_license_server_create (path, &error);
  g_assert_no_error (error);
  dialog_click (dialog, "add_button");
  dialog_type (dialog, "name", "More");
  dialog_type (dialog, "database", path);
  dialog_check (dialog, "is_default", TRUE);
  dialog_click (dialog, "apply_button");
  wait_saved (dialog);
  more = dialog_world_read (world, find_job, "More");
  sample = dialog_world_read (world, find_job, "Sample");
  g_assert_true (more->is_default);
  g_assert_false (sample->is_default);
  g_assert_true (g_str_has_prefix (more->uri, "sqlite:/"));
  dialog_close (dialog);
}

static void
test_problems (void)
{
  g_autoptr (DialogWorld) world = dialog_world_new (0);
  GtkWidget *dialog = open_dialog (world);

  dialog_type (dialog, "name", " ");
  g_assert_true (gtk_widget_get_visible (dialog_find (dialog, "name_problem")));
  dialog_assert_mnemonics (dialog);
  dialog_type (dialog, "database", "");
  g_assert_cmpstr (dialog_get_label (dialog, "database_problem"), ==,
                   "The database file is blank: type its path, or choose Browse or Create New.");
  dialog_type (dialog, "database", "ftp://example.com/x");
  g_assert_true (gtk_widget_get_visible (dialog_find (dialog, "database_problem")));
  dialog_click (dialog, "apply_button");
  test_until (dialog_find_label (dialog, "was not saved") != NULL, 30);
  gtk_window_destroy (GTK_WINDOW (dialog));
}

/* The sample task searches it: it stays, and the message names the task. */
static void
test_remove_in_use (void)
{
  g_autoptr (DialogWorld) world = dialog_world_new (0);
  GtkWidget *dialog = open_dialog (world);

  dialog_click (dialog, "remove_button");
  g_assert_cmpuint (dialog_count_rows (dialog), ==, 0);
  dialog_click (dialog, "apply_button");
  test_until (dialog_find_label (dialog, "is used by") != NULL, 30);
  g_assert_cmpuint (dialog_count_rows (dialog), ==, 1);
  g_assert_nonnull (strstr (dialog_get_label (dialog, "message"), "Upcoming Renewals"));
  gtk_window_destroy (GTK_WINDOW (dialog));
}

/* Removing the row that has the focus leaves it where it is of use, and so does Undo. */
static void
test_focus (void)
{
  g_autoptr (DialogWorld) world = dialog_world_new (0);
  GtkWidget *dialog = open_dialog (world);
  GtkWidget *list = dialog_find (dialog, "list");

  g_assert_true (gtk_widget_is_ancestor (gtk_window_get_focus (GTK_WINDOW (dialog)), list));
  gtk_widget_activate_action (list, "list.remove", NULL);
  g_assert_true (gtk_window_get_focus (GTK_WINDOW (dialog)) == dialog_find (dialog, "add_button"));
  dialog_click (dialog, "undo_button");
  g_assert_cmpuint (dialog_count_rows (dialog), ==, 1);
  g_assert_true (gtk_widget_is_ancestor (gtk_window_get_focus (GTK_WINDOW (dialog)), list));

  dialog_click (dialog, "add_button");
  gtk_widget_grab_focus (GTK_WIDGET (gtk_list_box_get_selected_row (GTK_LIST_BOX (list))));
  gtk_widget_activate_action (list, "list.remove", NULL);
  g_assert_true (gtk_window_get_focus (GTK_WINDOW (dialog))
                 == GTK_WIDGET (gtk_list_box_get_selected_row (GTK_LIST_BOX (list))));
  gtk_window_destroy (GTK_WINDOW (dialog));
}

static void
add_tests (void)
{
  g_test_add_func ("/server-dialog/test", test_test);
  g_test_add_func ("/server-dialog/add-and-default", test_add_and_default);
  g_test_add_func ("/server-dialog/problems", test_problems);
  g_test_add_func ("/server-dialog/remove-in-use", test_remove_in_use);
  g_test_add_func ("/server-dialog/focus", test_focus);
}

int
main (int argc, char **argv)
{
  return dialog_world_main (argc, argv, add_tests);
}
