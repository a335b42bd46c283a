/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "core/clock.h"
#include "store/workspace.h"

G_BEGIN_DECLS

/* Names of what the sample workspace holds. Not translated: a script and the how-to name them. */
#define LK_SAMPLE_SERVER "Sample"
#define LK_SAMPLE_SEARCH "Upcoming Renewals"
#define LK_SAMPLE_TASK   "Upcoming Renewals"

gboolean lk_sample_workspace_fill (LkWorkspace *workspace, gint64 n_licenses, guint16 port,
                                   LkInstant now, GError **error);

G_END_DECLS
