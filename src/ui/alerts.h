/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "engine/context.h"

G_BEGIN_DECLS

void lk_alerts_watch (GApplication *application, LkContext *context);
gboolean lk_alert_describe (const LkRun *run, char **title, char **body);

G_END_DECLS
