/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "core/run.h"
#include "core/task.h"
#include "store/db.h"
#include "store/delivery-store.h"
#include "support/test-folder.h"

G_BEGIN_DECLS

#define FIXTURE_URL    "http://127.0.0.1:1/hook"
#define FIXTURE_SECRET "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"

/* 2026-03-01 12:00:00 UTC */
#define FIXTURE_START (G_GINT64_CONSTANT (1772366400) * LK_SECOND)

/* An open workspace with a server and a search, and a time that stands still. */
typedef struct
{
  TestFolder *folder;
  LkDb *db;
  gint64 server_id;
  gint64 search_id;
  LkInstant now;
} Fixture;

Fixture *fixture_new (void);
void fixture_free (Fixture *self);

LkTask *fixture_make_task (Fixture *self, const char *name);
gint64 fixture_add_task (Fixture *self, const char *name);
gint64 fixture_take_lease (Fixture *self);
LkRun *fixture_start_run (Fixture *self, gint64 task_id, gint64 epoch);
gint64 fixture_add_deliveries (Fixture *self, const LkRun *run, gint64 epoch, int first, int n);
void fixture_settle (Fixture *self, gint64 epoch, const LkClaim *claim, LkOutcome outcome,
                     LkDeliveryState state, const char *hold_reason);
gint64 fixture_count (Fixture *self, LkDeliveryState state);
gint64 fixture_query (Fixture *self, const char *sql);
void fixture_assert_clean (Fixture *self);

void fixture_begin (Fixture *self);
void fixture_commit (Fixture *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Fixture, fixture_free)

/* Runs @statement in a transaction of its own. */
#define IN_TRANSACTION(fixture, statement)                                                         \
  G_STMT_START                                                                                     \
  {                                                                                                \
    fixture_begin (fixture);                                                                       \
    statement;                                                                                     \
    fixture_commit (fixture);                                                                      \
  }                                                                                                \
  G_STMT_END

G_END_DECLS
