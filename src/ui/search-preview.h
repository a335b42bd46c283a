/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "engine/context.h"
#include "ui/sql-editor.h"

G_BEGIN_DECLS

#define LK_TYPE_SEARCH_PREVIEW (lk_search_preview_get_type ())
G_DECLARE_FINAL_TYPE (LkSearchPreview, lk_search_preview, LK, SEARCH_PREVIEW, GtkBox)

#define LK_SEARCH_PREVIEW_DELAY_MS 250
#define LK_SEARCH_PREVIEW_ROWS     10

/**
 * LkSearchPreview:
 *
 * Says of the condition in an editor, while it is typed, whether it is valid or what is wrong and
 * where, how many licenses match, the first of them, and the SQL as it runs. Counting starts
 * %LK_SEARCH_PREVIEW_DELAY_MS after the last change and is cancelled by the next.
 */
void lk_search_preview_set_up (LkSearchPreview *self, LkContext *context, LkSqlEditor *editor);
void lk_search_preview_set_fields (LkSearchPreview *self, const char *distinct_field,
                                   const char *unique_id_field);

G_END_DECLS
