/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "engine/context.h"
#include "tests/support/test-folder.h"

G_BEGIN_DECLS

/* A temporary workspace with the sample data and a context over it, and the ways in which a test
 * uses widgets as a person does. */
typedef struct
{
  TestFolder *folder;
  LkWorkspace *workspace;
  LkContext *context;
} DialogWorld;

#define DIALOG_WORLD_LICENSES 200

int dialog_world_main (int argc, char **argv, void (*add_tests) (void));
DialogWorld *dialog_world_new (guint16 port);
void dialog_world_free (DialogWorld *self);
gpointer dialog_world_read (DialogWorld *self, LkDbJobFunc job, gconstpointer data);
void dialog_world_write (DialogWorld *self, LkDbJobFunc job, gconstpointer data);

/* The widget with that id in its .ui file, somewhere below @root. */
GtkWidget *dialog_find (gpointer root, const char *id);
GtkWidget *dialog_find_label (gpointer root, const char *part);
void dialog_type (gpointer root, const char *id, const char *text);
void dialog_click (gpointer root, const char *id);
void dialog_check (gpointer root, const char *id, gboolean active);
void dialog_choose (gpointer root, const char *id, guint position);
const char *dialog_get_label (gpointer root, const char *id);
char *dialog_get_view_text (gpointer root, const char *id);
guint dialog_count_rows (gpointer root);
/* Fails when two of the labels that are on the screen below @root are reached by the same key. */
void dialog_assert_mnemonics (gpointer root);
/* Clicks the button at @index of the question that is open. */
void dialog_answer (guint index);
gboolean dialog_is_asking (void);
/* Saves a picture of @window as NAME.png where the environment variable LK_PICTURES says. */
void dialog_take_picture (gpointer window, const char *name);
void dialog_close (gpointer window);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DialogWorld, dialog_world_free)

G_END_DECLS
