/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "engine/context.h"

G_BEGIN_DECLS

void lk_curl_copy (GtkWidget *widget, LkContext *context, gint64 delivery_id);

G_END_DECLS
