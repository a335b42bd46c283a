/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "core/clock.h"

G_BEGIN_DECLS

char *lk_signature_qlm (GBytes *body, const char *secret);
char *lk_signature_standard (GBytes *body, const char *const *secrets, const char *webhook_id,
                             gint64 timestamp_s);
gboolean lk_signature_verify_qlm (GBytes *body, const char *secret, const char *header);
gboolean lk_signature_verify_standard (GBytes *body, const char *secret, const char *webhook_id,
                                       const char *timestamp, const char *header, gint64 now_s,
                                       GError **error);
char *lk_secret_generate (void);
gboolean lk_secret_check (const char *secret, GError **error);
char *lk_webhook_id_new (LkInstant now);

G_END_DECLS
