/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "core/task.h"
#include "engine/context.h"
#include "engine/receiver.h"
#include "store/search-store.h"
#include "store/task-store.h"
#include "support/test-clock.h"
#include "support/test-folder.h"

G_BEGIN_DECLS

#define WORLD_SECRET "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"

/* 2026-03-01 12:00:00 UTC */
#define WORLD_START (G_GINT64_CONSTANT (1772366400) * LK_SECOND)

/**
 * World:
 *
 * A workspace with a license server of some licenses and a search for all of them, a receiver that
 * listens, and a clock that stands still. world_start() lets an engine loose on it.
 */
typedef struct
{
  TestFolder *folder;
  LkClock *clock; /* an LkTestClock */
  LkWorkspace *workspace;
  LkContext *context; /* NULL while no engine runs */
  LkReceiver *receiver;
  GPtrArray *received; /* of LkReceived */
  gint64 server_id;
  gint64 search_id;
  guint n_finished; /* runs of the engine that ended */
  LkRun *last_run;  /* the last of them */
} World;

World *world_new (guint n_licenses);
void world_free (World *self);
void world_start (World *self, LkHolderKind kind);
void world_stop (World *self);
void world_advance (World *self, LkInstant by);

LkTask *world_make_task (World *self, const char *name);
gint64 world_add_task (World *self, const LkTask *task, const char *secret);
void world_set_search (World *self, const char *sql);
gint64 world_query (World *self, const char *sql);
char *world_query_text (World *self, const char *sql);
void world_execute (World *self, const char *sql);
LkRun *world_run_task (World *self, gint64 task_id);
void world_assert_clean (World *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (World, world_free)

G_END_DECLS
