/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "core/clock.h"
#include "core/draft-problem.h"

G_BEGIN_DECLS

char *lk_form_make_sentence (const char *fragment);
void lk_form_show_problem (GtkLabel *label, GtkWidget *control, GPtrArray *problems, int field);
void lk_form_show_text (GtkWidget *editable, const char *text);
void lk_form_show_exact_text (GtkTextView *view, const char *text);
void lk_form_wrap_exactly (GtkLabel *label);
void lk_form_show_flag (GtkWidget *check, gboolean active);
void lk_form_name_expander (GtkExpander *expander);
void lk_form_name_pages (GtkNotebook *notebook);
void lk_form_ignore_wheel (GtkWidget *spin_button);
void lk_form_copy (GtkWidget *widget, const char *text);
char *lk_form_format_instant (LkInstant instant, GTimeZone *zone);
void lk_form_show_text_as_tooltip (GtkLabel *label);

G_END_DECLS
