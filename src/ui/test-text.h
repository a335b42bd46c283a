/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "engine/sender.h"

G_BEGIN_DECLS

/* What Send Test shows, as text. */

char *lk_test_text_format_request (const LkReply *reply, const LkDelivery *delivery,
                                   gboolean pretty);
char *lk_test_text_format_response (const LkReply *reply);
char *lk_test_text_format_verdict (const LkReply *reply);
char *lk_test_text_format_body (GBytes *body, gboolean pretty);

G_END_DECLS
