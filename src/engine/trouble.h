/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "core/clock.h"

G_BEGIN_DECLS

/* How long to wait until the workspace is tried again after it could not be written. */
#define LK_TROUBLE_RETRY      (30 * LK_SECOND)
#define LK_TROUBLE_BUSY_RETRY (1 * LK_SECOND)
#define LK_TYPE_TROUBLE       (lk_trouble_get_type ())
G_DECLARE_FINAL_TYPE (LkTrouble, lk_trouble, LK, TROUBLE, GObject)

/**
 * LkTrouble:
 *
 * Whether the workspace can be written. While it cannot (disk full, I/O error), the state stays as
 * last committed and nothing new is sent; the services that write it report here and try again.
 *
 * Signals: LkTrouble::changed.
 *
 * Thread: the main loop.
 */
LkTrouble *lk_trouble_new (void);
LkInstant lk_trouble_note_error (LkTrouble *self, const GError *error, LkInstant now);
void lk_trouble_note_success (LkTrouble *self);
const char *lk_trouble_get_message (LkTrouble *self);

G_END_DECLS
