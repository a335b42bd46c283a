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

/**
 * LkNeeds:
 * @endpoints: (element-type LkEndpoint): receivers that are paused or failing
 * @held_runs: (element-type LkHeldRun): runs that wait for a person
 * @standings: (element-type LkTaskStanding): all tasks, overdue or not
 * @keyring_problem: (nullable): which task waits for its secret and why
 *
 * What needs a person at a moment. It borrows what it points to.
 */
typedef struct
{
  GPtrArray *endpoints;
  GPtrArray *held_runs;
  GPtrArray *standings;
  const char *keyring_problem;
} LkNeeds;

void lk_news_free (LkNews *self);
GPtrArray *lk_alerts_find_news (const LkNeeds *needs, LkInstant now, GHashTable *known);
void lk_alerts_watch_attention (GApplication *application, LkAttention *attention);

gboolean lk_alert_describe (const LkRun *run, char **title, char **body);

G_END_DECLS
