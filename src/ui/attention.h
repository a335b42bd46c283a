/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "core/endpoint.h"
#include "engine/context.h"
#include "store/delivery-decision.h"
#include "store/task-standing.h"

G_BEGIN_DECLS

#define LK_TYPE_ATTENTION (lk_attention_get_type ())
G_DECLARE_FINAL_TYPE (LkAttention, lk_attention, LK, ATTENTION, GObject)

/**
 * LkAttention:
 *
 * What needs a person, as last read: receivers that are paused or will be, deliveries that wait for
 * a look, and a redelivery under way. It is read when it is made and after changes of deliveries or
 * tasks, whoever made them, at most four times a second.
 *
 * Signals: LkAttention::changed, after each successful reading.
 *
 * Thread: the main loop; the reading happens on a pool thread.
 */
LkAttention *lk_attention_new (LkContext *context);
GPtrArray *lk_attention_get_endpoints (LkAttention *self);
GPtrArray *lk_attention_get_held_runs (LkAttention *self);
GPtrArray *lk_attention_get_standings (LkAttention *self);
const char *lk_attention_get_keyring_problem (LkAttention *self, gboolean *can_unlock);
void lk_attention_unlock_keyring (LkAttention *self);
const LkRedelivery *lk_attention_get_redelivery (LkAttention *self);
const LkEndpoint *lk_attention_find_endpoint (LkAttention *self, const char *url);
LkInstant lk_attention_get_time (LkAttention *self);
guint lk_attention_count (LkAttention *self);
char *lk_attention_describe (LkAttention *self);

G_END_DECLS
