/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "engine/context.h"
#include "tests/support/test-folder.h"

G_BEGIN_DECLS

/* Starts GTK and the test framework; leaves the program, as skipped, where there is no display. */
void ui_test_init (int *argc, char ***argv);

/* A workspace in a folder of its own, with services that run no schedule. */
typedef struct
{
  TestFolder *folder;
  LkWorkspace *workspace;
  LkClock *clock;
  LkContext *context;
} UiTest;

/* @n_licenses: how many the sample License Server has; 0 for a workspace without a server */
void ui_test_set_up (UiTest *self, gconstpointer n_licenses);
void ui_test_tear_down (UiTest *self, gconstpointer n_licenses);

/* Runs @job as a write job; the test fails when the job does. */
gpointer ui_test_write (UiTest *self, LkDbJobFunc job, gpointer data);

/* Waits until what is being read is there, without telling anybody: that is left to the main loop.
 */
void ui_test_finish_reading (UiTest *self);

/* A window around @child, shown, for tests of a widget alone. */
GtkWindow *ui_test_show (GtkWidget *child, int width, int height);

/* Lets the main loop draw until the widget has its place. */
void ui_test_settle (GtkWidget *widget);

/* The first widget of that type below @widget; the test fails when there is none. */
GtkWidget *ui_test_find (GtkWidget *widget, GType type);

G_END_DECLS
