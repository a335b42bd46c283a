/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "engine/sender-private.h"

G_BEGIN_DECLS

#define SECRET     "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
#define WEBHOOK_ID "msg_p5jXN8AQM9LWM0D4loKWxJek"
#define NOW        (1614265330 * LK_SECOND)

/* A sender that waits for fractions of a second, and what it sends. */
LkSender *sender_test_new (void);
LkRequest *sender_test_new_request (const char *url);

/* Sends and waits for the end. */
LkReply *sender_test_send (LkSender *sender, LkRequest *request, GCancellable *cancellable);
LkReply *sender_test_send_quickly (const char *url);

G_END_DECLS
