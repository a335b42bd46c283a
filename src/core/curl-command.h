/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "core/delivery.h"

G_BEGIN_DECLS

char *lk_curl_command_new (const LkDelivery *delivery, const LkAttempt *attempt);

G_END_DECLS
