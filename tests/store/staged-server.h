/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "store/license-server.h"

G_BEGIN_DECLS

#define STAGED_TYPE_SERVER (staged_server_get_type ())
G_DECLARE_FINAL_TYPE (StagedServer, staged_server, STAGED, SERVER, LkLicenseServer)

/* A license server that answers when the test says so. Questions for ids are numbered from 0; the
 * licenses of a page come with the next iteration of the main loop. */
StagedServer *staged_server_new (void);

/* Sends the ids from @first to @last as the beginning of the answer, or as all of it. */
void staged_server_send_head (StagedServer *self, guint question, gint64 first, gint64 last);
void staged_server_answer (StagedServer *self, guint question, gint64 first, gint64 last);
void staged_server_fail (StagedServer *self, guint question);

G_END_DECLS
