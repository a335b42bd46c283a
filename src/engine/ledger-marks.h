/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "core/task.h"
#include "engine/servers.h"
#include "store/workspace.h"

G_BEGIN_DECLS

void lk_ledger_marks_start (GTask *task, LkWorkspace *workspace, LkServers *servers,
                            const LkTask *settings, gint64 license_id, LkInstant now);

G_END_DECLS
