/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "engine/context.h"

G_BEGIN_DECLS

#define LK_TYPE_LEDGER_BUTTONS (lk_ledger_buttons_get_type ())
G_DECLARE_FINAL_TYPE (LkLedgerButtons, lk_ledger_buttons, LK, LEDGER_BUTTONS, GtkBox)

/* What the buttons are about; nothing of it is owned. */
typedef struct
{
  const LkTask *task;         /* (nullable): as it is stored; %NULL for nothing */
  gint64 license_id;          /* 0: no license is chosen */
  const char *license_key;    /* what people know it by */
  const char *distinct_field; /* of the task's search; "" for none */
  gboolean is_sent;           /* whether there is something to forget */
  const char *hindrance;      /* (nullable): why they have no effect, beside what the task says */
} LkLedgerSubject;

/**
 * LkLedgerButtons:
 *
 * Forget and Mark as Sent, for one license of one task: they say what they do, ask, and do it. When
 * they leave the screen a question that is open goes, too.
 *
 * Signals:
 *  - `changed`: the ledger was changed
 */
void lk_ledger_buttons_set_up (LkLedgerButtons *self, LkContext *context);
void lk_ledger_buttons_show (LkLedgerButtons *self, const LkLedgerSubject *subject);
void lk_ledger_buttons_name (LkLedgerButtons *self, const char *task_name);
void lk_ledger_buttons_add_mnemonics (LkLedgerButtons *self);

G_END_DECLS
