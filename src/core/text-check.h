/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define LK_NAME_MAX_CHARACTERS 200

gboolean lk_text_check (const char *text, GError **error);
gboolean lk_text_check_name (const char *name, GError **error);
gboolean lk_text_check_free_name (const char *name, const char *const *taken_names, GError **error);
gboolean lk_text_is_blank (const char *text);
gboolean lk_text_same_name (const char *a, const char *b);

G_END_DECLS
