/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "engine/context.h"
#include "ui/attention.h"

G_BEGIN_DECLS

void lk_alerts_watch (GApplication *application, LkContext *context);
/**
 * LkNews:
 * @id: of the notification: a newer one of the same thing takes its place
 * @title, @body: what it says
 *
 * Something that begins to need a person.
 */
typedef struct
{
  char *id;
  char *title;
  char *body;
} LkNews;

void lk_news_free (LkNews *self);
GPtrArray *lk_alerts_find_news (GPtrArray *endpoints, GPtrArray *held_runs, LkInstant now,
                                GHashTable *known);
void lk_alerts_watch_attention (GApplication *application, LkAttention *attention);

gboolean lk_alert_describe (const LkRun *run, char **title, char **body);

G_END_DECLS
