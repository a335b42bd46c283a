/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "agent/call.h"
#include "engine/context.h"

G_BEGIN_DECLS

/**
 * LkService:
 *
 * The engine while a command runs it: stops it on SIGINT and SIGTERM, and gives the lease back
 * before the program ends. A plain value of one command.
 *
 * Thread: the main thread.
 */
typedef struct _LkService LkService;

LkService *lk_service_new (LkCall *call, GError **error);
void lk_service_free (LkService *self);
LkContext *lk_service_get_context (LkService *self);
GCancellable *lk_service_get_cancellable (LkService *self);
gboolean lk_service_is_interrupted (LkService *self);
gboolean lk_service_stop (LkService *self, GError **error);

void lk_service_notify (const char *state);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LkService, lk_service_free)

G_END_DECLS
