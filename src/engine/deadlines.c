/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-deadlines"

#include "config.h"

#include "engine/deadlines.h"

struct _LkDeadlines
{
  GSource parent;
  GQueue pending; /* of LkDeadline, by their links */
};

/* Returns: (nullable): the one that passes first */
static LkDeadline *
find_first (LkDeadlines *self)
{
  LkDeadline *first = NULL;

  for (GList *link = self->pending.head; link != NULL; link = link->next)
    {
      LkDeadline *deadline = link->data;

      if (first == NULL || deadline->when < first->when)
        first = deadline;
    }

  return first;
}

/* A function may set and clear any of them. */
static gboolean
deadlines_dispatch (GSource *source, GSourceFunc callback, gpointer user_data)
{
  LkDeadlines *self = (LkDeadlines *) source;
  gint64 now = g_source_get_time (source);
  LkDeadline *first;

  while ((first = find_first (self)) != NULL && first->when <= now)
    {
      lk_deadline_clear (first);
      first->func (first->user_data);
    }
  g_source_set_ready_time (source, first != NULL ? first->when : -1);

  return G_SOURCE_CONTINUE;
}

static GSourceFuncs deadlines_funcs = { .dispatch = deadlines_dispatch };

/**
 * lk_deadlines_new:
 * @priority: of the source in the main loop
 *
 * Returns: (transfer full): no deadlines, in the thread-default main context
 */
LkDeadlines *
lk_deadlines_new (int priority)
{
  GSource *source = g_source_new (&deadlines_funcs, sizeof (LkDeadlines));

  g_source_set_static_name (source, "LkDeadlines");
  g_source_set_priority (source, priority);
  g_source_attach (source, g_main_context_get_thread_default ());

  return (LkDeadlines *) source;
}

/**
 * lk_deadlines_free:
 * @self: (transfer full): deadlines, none of which passes any more
 */
void
lk_deadlines_free (LkDeadlines *self)
{
  g_return_if_fail (self != NULL);

  while (!g_queue_is_empty (&self->pending))
    lk_deadline_clear (g_queue_peek_head (&self->pending));
  g_source_destroy (&self->parent);
  g_source_unref (&self->parent);
}

/**
 * lk_deadlines_set:
 * @self: where @deadline belongs
 * @deadline: with its function
 * @when: monotonic time in microseconds; when it is set already, that moves it
 */
void
lk_deadlines_set (LkDeadlines *self, LkDeadline *deadline, gint64 when)
{
  gint64 ready = g_source_get_ready_time (&self->parent);

  g_return_if_fail (deadline->owner == NULL || deadline->owner == self);

  deadline->when = when;
  if (deadline->owner == NULL)
    {
      deadline->owner = self;
      deadline->link.data = deadline;
      g_queue_push_tail_link (&self->pending, &deadline->link);
    }

  /* One that was moved or cleared leaves the source as it is: it may go off in vain. */
  if (ready < 0 || when < ready)
    g_source_set_ready_time (&self->parent, when);
}

/**
 * lk_deadline_clear:
 * @deadline: a deadline, set or not
 */
void
lk_deadline_clear (LkDeadline *deadline)
{
  if (deadline->owner == NULL)
    return;

  g_queue_unlink (&deadline->owner->pending, &deadline->link);
  deadline->owner = NULL;
}
