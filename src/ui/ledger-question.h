/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "engine/context.h"

G_BEGIN_DECLS

/* Forget and Mark as Sent, for one license of one task: says what it does, asks, and does it. */

void lk_ledger_question_ask_async (GtkWidget *parent, LkContext *context, const LkTask *task,
                                   gint64 license_id, const char *license_key,
                                   const char *distinct_field, LkLedgerChange change,
                                   GCancellable *cancellable, GAsyncReadyCallback callback,
                                   gpointer user_data);
gboolean lk_ledger_question_ask_finish (GAsyncResult *result, GError **error);
const char *lk_ledger_question_find_hindrance (const LkTask *task);

G_END_DECLS
