/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

void lk_log_init (void);
char *lk_log_format (GLogLevelFlags level, gboolean for_journal, const char *message);

G_END_DECLS
