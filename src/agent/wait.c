/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-wait"

#include "config.h"

#include "agent/wait.h"

/**
 * lk_wait_cb:
 * @source: who answers
 * @result: the answer
 * @slot: (type gpointer): a pointer to a #GAsyncResult pointer, in which the answer is kept
 *
 * The callback to hand to an asynchronous call that a command waits for.
 */
void
lk_wait_cb (GObject *source, GAsyncResult *result, gpointer slot)
{
  GAsyncResult **answer = slot;

  g_assert (*answer == NULL);

  *answer = g_object_ref (result);
}

/**
 * lk_wait_for:
 * @slot: what was handed to lk_wait_cb(); %NULL until the answer is there
 *
 * Runs the main loop until the call has answered.
 *
 * Returns: (transfer none): the answer
 */
GAsyncResult *
lk_wait_for (GAsyncResult **slot)
{
  while (*slot == NULL)
    g_main_context_iteration (NULL, TRUE);

  return *slot;
}
