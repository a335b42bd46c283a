/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * lk_source_clear:
 * @source: (inout): where a source is kept; may hold %NULL
 *
 * Takes a source out of its main context and lets go of it.
 */
static inline void
lk_source_clear (GSource **source)
{
  if (*source != NULL)
    g_source_destroy (*source);
  g_clear_pointer (source, g_source_unref);
}

G_END_DECLS
