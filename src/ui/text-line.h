/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * LkTextLine:
 * @height: of a line of text, in pixels
 * @ascent: from its top to its baseline, in pixels
 *
 * How high a line of text is in a widget's font. Pango shapes a sample text each time that it is
 * asked, which takes longer than anything else that the cell of a table needs; here it is asked
 * once for each font that the widget has.
 */
typedef struct
{
  int height;
  int ascent;
} LkTextLine;

LkTextLine lk_text_line_get (GtkWidget *widget);

G_END_DECLS
