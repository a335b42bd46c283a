/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "core/task.h"

G_BEGIN_DECLS

LkInstant lk_overdue_since (const LkTask *task);
gboolean lk_overdue_is (const LkTask *task, gboolean is_running, LkInstant now);

G_END_DECLS
