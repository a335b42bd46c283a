/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "core/delivery.h"

G_BEGIN_DECLS

char *lk_body_format (GBytes *body);
char *lk_body_to_text (GBytes *body);
LkInstant lk_delivery_get_next_try (const LkDelivery *delivery, LkInstant now);
gboolean lk_delivery_waits_for_turn (const LkDelivery *delivery, LkInstant now);
char **lk_delivery_list_facts (const LkDelivery *delivery, LkInstant now);
char *lk_attempt_format_answer (const LkAttempt *attempt);
char *lk_attempt_format_title (const LkAttempt *attempt);
char *lk_attempt_format_exchange (const LkAttempt *attempt);

G_END_DECLS
