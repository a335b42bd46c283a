/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

const char *lk_word_list_get (const char *const *words, gsize n_words, int value);
gboolean lk_word_list_find (const char *const *words, gsize n_words, const char *text, int *value);

G_END_DECLS
