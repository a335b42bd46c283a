/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The list of time zones by keyboard. */

#include "config.h"

#include "ui-test.h"
#include "ui/zone-chooser.h"

typedef struct
{
  GtkWindow *window;
  GtkEditable *entry;
  GtkMenuButton *button;
  GtkPopover *popover;
  GtkWidget *find;
  GtkListView *list;
} Fixture;

static void
set_up (Fixture *self, gconstpointer zone)
{
  GtkWidget *chooser = g_object_new (LK_TYPE_ZONE_CHOOSER, NULL);

  self->window = ui_test_show (chooser, 400, 400);
  self->entry = GTK_EDITABLE (lk_zone_chooser_get_entry (LK_ZONE_CHOOSER (chooser)));
  self->button = GTK_MENU_BUTTON (ui_test_find (chooser, GTK_TYPE_MENU_BUTTON));
  self->popover = gtk_menu_button_get_popover (self->button);
  self->find = ui_test_find (GTK_WIDGET (self->popover), GTK_TYPE_SEARCH_ENTRY);
  self->list = GTK_LIST_VIEW (ui_test_find (GTK_WIDGET (self->popover), GTK_TYPE_LIST_VIEW));
  test_until (g_list_model_get_n_items (G_LIST_MODEL (gtk_list_view_get_model (self->list))) > 0,
              30);

  gtk_editable_set_text (self->entry, zone);
  gtk_menu_button_popup (self->button);
  ui_test_settle (self->find);
}

static void
tear_down (Fixture *self, gconstpointer zone)
{
  gtk_window_destroy (self->window);
}

static void
assert_closed_with (Fixture *self, const char *zone)
{
  test_until (!gtk_widget_get_visible (GTK_WIDGET (self->popover)), 30);
  g_assert_cmpstr (gtk_editable_get_text (self->entry), ==, zone);
}

static void
test_starts_at_the_chosen_zone (Fixture *self, gconstpointer zone)
{
  GtkSingleSelection *selection = GTK_SINGLE_SELECTION (gtk_list_view_get_model (self->list));
  GtkStringObject *selected = gtk_single_selection_get_selected_item (selection);

  g_assert_cmpstr (gtk_string_object_get_string (selected), ==, zone);
}

static void
test_enter_keeps_it (Fixture *self, gconstpointer zone)
{
  g_signal_emit_by_name (self->find, "activate");
  assert_closed_with (self, zone);
}

static void
test_escape_closes (Fixture *self, gconstpointer zone)
{
  g_signal_emit_by_name (self->find, "stop-search");
  assert_closed_with (self, zone);
}

int
main (int argc, char **argv)
{
  ui_test_init (&argc, &argv);
  g_test_add ("/zone-chooser/starts-at-the-chosen-zone", Fixture, "Etc/UTC", set_up,
              test_starts_at_the_chosen_zone, tear_down);
  g_test_add ("/zone-chooser/enter-keeps-it", Fixture, "US/Eastern", set_up, test_enter_keeps_it,
              tear_down);
  g_test_add ("/zone-chooser/escape-closes", Fixture, "Etc/UTC", set_up, test_escape_closes,
              tear_down);

  return g_test_run ();
}
