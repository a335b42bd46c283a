/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "store/delivery-store.h"

G_BEGIN_DECLS

/**
 * LkOutcomeBuffer:
 *
 * Outcomes that are not stored yet. They are gathered for a moment, so that a transaction with its
 * wait for the disk serves several. A plain value of the dispatcher.
 *
 * Thread: the main loop.
 */
typedef struct _LkOutcomeBuffer LkOutcomeBuffer;

typedef void (*LkOutcomeBufferFunc) (gpointer user_data);

LkOutcomeBuffer *lk_outcome_buffer_new (int priority, LkOutcomeBufferFunc func, gpointer user_data);
void lk_outcome_buffer_free (LkOutcomeBuffer *self);
guint lk_outcome_buffer_get_length (LkOutcomeBuffer *self);
void lk_outcome_buffer_add (LkOutcomeBuffer *self, LkSettlement *settlement);
gboolean lk_outcome_buffer_is_ripe (LkOutcomeBuffer *self, guint n_in_flight);
GPtrArray *lk_outcome_buffer_take (LkOutcomeBuffer *self);
void lk_outcome_buffer_put_back (LkOutcomeBuffer *self, GPtrArray *settlements);
void lk_outcome_buffer_clear (LkOutcomeBuffer *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LkOutcomeBuffer, lk_outcome_buffer_free)

G_END_DECLS
