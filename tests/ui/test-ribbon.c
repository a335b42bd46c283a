/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "ui-test.h"
#include "ui/ribbon-group.h"
#include "ui/ribbon-item.h"
#include "ui/ribbon.h"

static const char description[] =
    "<interface><object class='LkRibbon' id='ribbon'>"
    "<child><object class='LkRibbonPage'>"
    "<property name='name'>first</property><property name='title'>_First</property>"
    "<child><object class='LkRibbonGroup' id='a'><property name='title'>A</property>"
    "<child><object class='GtkButton'><property name='child'><object class='LkRibbonItem'>"
    "<property name='icon-name'>lk-key-symbolic</property>"
    "<property name='label'>A long label</property></object></property></object></child>"
    "</object></child>"
    "<child><object class='LkRibbonGroup' id='b'><property name='title'>B</property>"
    "<child><object class='GtkButton'><property name='child'><object class='LkRibbonItem'>"
    "<property name='icon-name'>lk-key-symbolic</property>"
    "<property name='label'>A long label</property></object></property></object></child>"
    "</object></child>"
    "</object></child>"
    "<child><object class='LkRibbonPage'>"
    "<property name='name'>second</property><property name='title'>_Second</property>"
    "</object></child>"
    "</object></interface>";

static GtkBuilder *
build (LkRibbon **ribbon)
{
  GtkBuilder *builder;

  g_type_ensure (LK_TYPE_RIBBON);
  g_type_ensure (LK_TYPE_RIBBON_GROUP);
  g_type_ensure (LK_TYPE_RIBBON_ITEM);
  builder = gtk_builder_new_from_string (description, -1);
  *ribbon = LK_RIBBON (gtk_builder_get_object (builder, "ribbon"));

  return builder;
}

static int
get_width (GtkBuilder *builder, const char *name)
{
  return gtk_widget_get_width (GTK_WIDGET (gtk_builder_get_object (builder, name)));
}

static void
test_shrinks (void)
{
  LkRibbon *ribbon;
  g_autoptr (GtkBuilder) builder = build (&ribbon);
  GtkWidget *page = gtk_widget_get_parent (GTK_WIDGET (gtk_builder_get_object (builder, "a")));
  int natural;
  int height;
  int wide_a;
  int wide_b;

  gtk_widget_measure (page, GTK_ORIENTATION_HORIZONTAL, -1, NULL, &natural, NULL, NULL);
  gtk_widget_measure (page, GTK_ORIENTATION_VERTICAL, -1, NULL, &height, NULL, NULL);
  g_object_ref_sink (ribbon);

  gtk_widget_size_allocate (page, &(GtkAllocation){ 0, 0, natural, height }, -1);
  wide_a = get_width (builder, "a");
  wide_b = get_width (builder, "b");
  g_assert_cmpint (wide_a, ==, wide_b);

  /* One pixel too few: the last group gives way, whole; the first one keeps its labels. */
  gtk_widget_size_allocate (page, &(GtkAllocation){ 0, 0, natural - 1, height }, -1);
  g_assert_cmpint (get_width (builder, "a"), ==, wide_a);
  g_assert_cmpint (get_width (builder, "b"), <, wide_b - 10);
  g_object_unref (ribbon);
}

static void
test_height (void)
{
  LkRibbon *ribbon;
  g_autoptr (GtkBuilder) builder = build (&ribbon);
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *below = gtk_label_new (NULL);
  GtkWindow *window;
  int needed;

  gtk_widget_set_vexpand (below, TRUE);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (ribbon));
  gtk_box_append (GTK_BOX (box), below);
  window = ui_test_show (box, 600, 900);

  gtk_widget_measure (GTK_WIDGET (ribbon), GTK_ORIENTATION_VERTICAL, -1, NULL, &needed, NULL, NULL);
  g_assert_cmpint (gtk_widget_get_height (GTK_WIDGET (ribbon)), <=, needed);
  g_assert_cmpint (gtk_widget_get_height (below), >, 500);
  gtk_window_destroy (window);
}

static void
test_pages (void)
{
  LkRibbon *ribbon;
  g_autoptr (GtkBuilder) builder = build (&ribbon);
  GtkWidget *first_tab = ui_test_find (GTK_WIDGET (ribbon), GTK_TYPE_TOGGLE_BUTTON);
  GtkWidget *second_tab = gtk_widget_get_next_sibling (first_tab);

  g_assert_cmpstr (lk_ribbon_get_page (ribbon), ==, "first");
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (second_tab), TRUE);
  g_assert_cmpstr (lk_ribbon_get_page (ribbon), ==, "second");
  lk_ribbon_set_page (ribbon, "first");
  g_assert_true (gtk_toggle_button_get_active (GTK_TOGGLE_BUTTON (first_tab)));
  lk_ribbon_set_page (ribbon, "third");
  g_assert_cmpstr (lk_ribbon_get_page (ribbon), ==, "first");
}

static void
count_cb (GObject *object, GParamSpec *pspec, gpointer user_data)
{
  (*(int *) user_data)++;
}

static void
test_expanded (void)
{
  LkRibbon *ribbon;
  g_autoptr (GtkBuilder) builder = build (&ribbon);
  int n_notified = 0;

  g_signal_connect (ribbon, "notify::expanded", G_CALLBACK (count_cb), &n_notified);
  g_assert_true (lk_ribbon_get_expanded (ribbon));
  lk_ribbon_set_expanded (ribbon, FALSE);
  lk_ribbon_set_expanded (ribbon, FALSE);
  g_assert_false (lk_ribbon_get_expanded (ribbon));
  g_assert_cmpint (n_notified, ==, 1);
}

int
main (int argc, char **argv)
{
  ui_test_init (&argc, &argv);

  g_test_add_func ("/ribbon/shrinks", test_shrinks);
  g_test_add_func ("/ribbon/height", test_height);
  g_test_add_func ("/ribbon/pages", test_pages);
  g_test_add_func ("/ribbon/expanded", test_expanded);

  return g_test_run ();
}
