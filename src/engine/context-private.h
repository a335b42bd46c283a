/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "engine/caretaker.h"
#include "engine/context.h"
#include "engine/dispatcher.h"
#include "engine/keyring.h"
#include "engine/lease-keeper.h"
#include "engine/log-indexer.h"
#include "engine/scheduler.h"
#include "engine/servers.h"
#include "engine/task-runner.h"
#include "engine/trouble.h"

G_BEGIN_DECLS

/* Shared by context.c, which starts and stops the services, and context-actions.c, which is asked
 * for single pieces of work. */
struct _LkContext
{
  GObject parent_instance;

  LkWorkspace *workspace;
  LkClock *clock;
  LkTrouble *trouble;
  LkServers *servers;
  LkSender *sender;
  LkKeyring *keyring;
  LkLeaseKeeper *keeper;
  LkScheduler *scheduler;
  LkTaskRunner *runner;
  LkDispatcher *dispatcher;
  LkCaretaker *caretaker;
  LkLogIndexer *log_indexer;

  gboolean winding_down; /* gives the lease back: for good, or to an agent */
  gboolean at_rest;      /* nothing is in flight any more */
  GTask *stopping;
  GError *stop_error;
  gboolean was_idle, was_done;
};

G_END_DECLS
