/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

void lk_wait_cb (GObject *source, GAsyncResult *result, gpointer slot);
GAsyncResult *lk_wait_for (GAsyncResult **slot);

G_END_DECLS
