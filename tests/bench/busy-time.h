/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* How long the main loop was busy: all handlers, layout and painting, and not the wait for the next
 * frame or for other threads, which is in poll(). */

void busy_time_start (void);
gint64 busy_time_get (void);

G_END_DECLS
