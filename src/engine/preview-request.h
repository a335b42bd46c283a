/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "core/task.h"
#include "engine/keyring.h"
#include "engine/servers.h"

G_BEGIN_DECLS

/**
 * LkPreviewRequest:
 * @url: the receiver
 * @headers: "Name: value" lines as they would go out, signatures included; id and time are
 * examples: the id is drawn when the delivery is made, and the time is that of each attempt
 * @body: the exact bytes
 *
 * A request that is not made.
 */
typedef struct
{
  char *url;
  char *headers;
  GBytes *body;
} LkPreviewRequest;

void lk_preview_request_free (LkPreviewRequest *self);

void lk_preview_request_start (GTask *task, LkKeyring *keyring, LkServers *servers,
                               const LkTask *settings, const char *secret, gint64 license_id,
                               LkInstant due_at);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LkPreviewRequest, lk_preview_request_free)

G_END_DECLS
