/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "core/license.h"

G_BEGIN_DECLS

GBytes *lk_payload_new (const char *task_name, const char *user_data, const LkLicense *license);

G_END_DECLS
