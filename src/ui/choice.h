/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* A GtkDropDown whose lines stand for the ids of searches, servers or tasks. */

void lk_choice_set_up (GtkDropDown *drop_down);
void lk_choice_clear (GtkDropDown *drop_down);
void lk_choice_add (GtkDropDown *drop_down, gint64 id, const char *name);
gint64 lk_choice_get (GtkDropDown *drop_down);
void lk_choice_set (GtkDropDown *drop_down, gint64 id);

G_END_DECLS
