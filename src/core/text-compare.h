/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * LK_TEXT_COLLATION:
 *
 * The name under which the store registers lk_text_compare() as a collation. Every comparison of
 * texts in a condition names it.
 */
#define LK_TEXT_COLLATION "LK_TEXT"

int lk_text_compare (const char *a, gsize a_length, const char *b, gsize b_length);
char *lk_text_fold (const char *text, gsize length);
gssize lk_text_find (const char *text, gsize text_length, const char *part, gsize part_length,
                     gsize *match_length);
gboolean lk_text_like (const char *text, gsize text_length, const char *pattern,
                       gsize pattern_length, gunichar escape);

G_END_DECLS
