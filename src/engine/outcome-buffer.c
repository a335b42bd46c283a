/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-outcome-buffer"

#include "config.h"

#include "engine/outcome-buffer.h"
#include "engine/source.h"

/* Outcomes are to be stored once there is one for each request that is still in flight, or the
 * first has waited for this long. */
#define LINGER_MS 2

struct _LkOutcomeBuffer
{
  GPtrArray *settlements; /* of LkSettlement */
  int priority;
  LkOutcomeBufferFunc func;
  gpointer func_data;
  GSource *linger;
  gboolean lingered; /* the first outcome has waited long enough */
};

static GPtrArray *
new_array (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify) lk_settlement_free);
}

static gboolean
linger_cb (gpointer user_data)
{
  LkOutcomeBuffer *self = user_data;

  lk_source_clear (&self->linger);
  self->lingered = TRUE;
  self->func (self->func_data);

  return G_SOURCE_REMOVE;
}

static void
start_to_linger (LkOutcomeBuffer *self)
{
  self->linger = g_timeout_source_new (LINGER_MS);
  g_source_set_priority (self->linger, self->priority);
  g_source_set_callback (self->linger, linger_cb, self, NULL);
  g_source_attach (self->linger, g_main_context_get_thread_default ());
}

static void
stop_to_linger (LkOutcomeBuffer *self)
{
  lk_source_clear (&self->linger);
  self->lingered = FALSE;
}

/**
 * lk_outcome_buffer_new:
 * @priority: of its source in the main loop
 * @func: (scope forever): called when outcomes have waited long enough to be stored
 * @user_data: for @func
 *
 * Returns: (transfer full): an empty buffer
 */
LkOutcomeBuffer *
lk_outcome_buffer_new (int priority, LkOutcomeBufferFunc func, gpointer user_data)
{
  LkOutcomeBuffer *self = g_new0 (LkOutcomeBuffer, 1);

  self->settlements = new_array ();
  self->priority = priority;
  self->func = func;
  self->func_data = user_data;

  return self;
}

/**
 * lk_outcome_buffer_free:
 * @self: (transfer full): a buffer
 */
void
lk_outcome_buffer_free (LkOutcomeBuffer *self)
{
  g_return_if_fail (self != NULL);

  stop_to_linger (self);
  g_ptr_array_unref (self->settlements);
  g_free (self);
}

/**
 * lk_outcome_buffer_get_length:
 * @self: a buffer
 *
 * Returns: how many outcomes it holds
 */
guint
lk_outcome_buffer_get_length (LkOutcomeBuffer *self)
{
  return self->settlements->len;
}

/**
 * lk_outcome_buffer_add:
 * @self: a buffer
 * @settlement: (transfer full): an outcome
 */
void
lk_outcome_buffer_add (LkOutcomeBuffer *self, LkSettlement *settlement)
{
  g_ptr_array_add (self->settlements, settlement);
  if (self->linger == NULL && !self->lingered)
    start_to_linger (self);
}

/**
 * lk_outcome_buffer_is_ripe:
 * @self: a buffer
 * @n_in_flight: how many requests have no answer yet
 *
 * Returns: whether it has outcomes that are to be stored now
 */
gboolean
lk_outcome_buffer_is_ripe (LkOutcomeBuffer *self, guint n_in_flight)
{
  guint n = self->settlements->len;

  return n > 0 && (self->lingered || n >= n_in_flight);
}

/**
 * lk_outcome_buffer_take:
 * @self: a buffer
 *
 * Returns: (transfer full) (element-type LkSettlement): all that it held
 */
GPtrArray *
lk_outcome_buffer_take (LkOutcomeBuffer *self)
{
  GPtrArray *taken = self->settlements;

  stop_to_linger (self);
  self->settlements = new_array ();

  return taken;
}

/**
 * lk_outcome_buffer_put_back:
 * @self: a buffer
 * @settlements: (transfer full): what was taken and could not be stored; it comes first again
 */
void
lk_outcome_buffer_put_back (LkOutcomeBuffer *self, GPtrArray *settlements)
{
  g_ptr_array_extend_and_steal (settlements, self->settlements);
  self->settlements = settlements;
  self->lingered = TRUE;
}

/**
 * lk_outcome_buffer_clear:
 * @self: a buffer
 *
 * Forgets what it holds.
 */
void
lk_outcome_buffer_clear (LkOutcomeBuffer *self)
{
  stop_to_linger (self);
  g_ptr_array_set_size (self->settlements, 0);
}
