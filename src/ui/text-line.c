/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-text-line"

#include "config.h"

#include "ui/text-line.h"

/* What lies on the widget. */
typedef struct
{
  LkTextLine line;
  guint serial; /* of the Pango context: it changes with the font */
} Known;

static GQuark
known_quark (void)
{
  return g_quark_from_static_string ("lk-text-line");
}

static LkTextLine
measure (PangoContext *context)
{
  PangoFontMetrics *metrics = pango_context_get_metrics (context, NULL, NULL);
  int ascent = pango_font_metrics_get_ascent (metrics);
  int height = MAX (pango_font_metrics_get_height (metrics),
                    ascent + pango_font_metrics_get_descent (metrics));

  pango_font_metrics_unref (metrics);

  return (LkTextLine){ PANGO_PIXELS_CEIL (height), PANGO_PIXELS (ascent) };
}

/**
 * lk_text_line_get:
 * @widget: a widget
 *
 * Returns: the line of its present font
 */
LkTextLine
lk_text_line_get (GtkWidget *widget)
{
  PangoContext *context = gtk_widget_get_pango_context (widget);
  Known *known = g_object_get_qdata (G_OBJECT (widget), known_quark ());
  guint serial = pango_context_get_serial (context);

  if (known == NULL)
    {
      known = g_new0 (Known, 1);
      g_object_set_qdata_full (G_OBJECT (widget), known_quark (), known, g_free);
    }
  if (known->serial != serial) /* which is never 0 */
    *known = (Known){ measure (context), serial };

  return known->line;
}
