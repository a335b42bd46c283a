/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-claim-queue"

#include "config.h"

#include "engine/claim-queue.h"

struct _LkClaimQueue
{
  GQueue assignments; /* of LkAssignment, the oldest first */
};

static LkAssignment *
take_link (LkClaimQueue *self, GList *link)
{
  LkAssignment *assignment = link->data;

  g_queue_delete_link (&self->assignments, link);

  return assignment;
}

static const char *
get_url (const GList *link)
{
  return ((const LkAssignment *) link->data)->request->url;
}

/**
 * lk_claim_queue_new:
 *
 * Returns: (transfer full): an empty queue
 */
LkClaimQueue *
lk_claim_queue_new (void)
{
  return g_new0 (LkClaimQueue, 1);
}

/**
 * lk_claim_queue_free:
 * @self: (transfer full): a queue, with whatever it holds
 */
void
lk_claim_queue_free (LkClaimQueue *self)
{
  g_return_if_fail (self != NULL);

  g_queue_clear_full (&self->assignments, (GDestroyNotify) lk_assignment_free);
  g_free (self);
}

/**
 * lk_claim_queue_get_length:
 * @self: a queue
 *
 * Returns: how many claims wait
 */
guint
lk_claim_queue_get_length (LkClaimQueue *self)
{
  return self->assignments.length;
}

/**
 * lk_claim_queue_add:
 * @self: a queue
 * @assignments: (element-type LkAssignment): claims, which are taken out
 * @endpoints: is told that they wait
 */
void
lk_claim_queue_add (LkClaimQueue *self, GPtrArray *assignments, LkEndpoints *endpoints)
{
  while (assignments->len > 0)
    {
      LkAssignment *assignment = g_ptr_array_steal_index (assignments, 0);

      lk_endpoints_add (endpoints, assignment->request->url, assignment->concurrency,
                        assignment->rate_limit, assignment->at_most_once);
      g_queue_push_tail (&self->assignments, assignment);
    }
}

/**
 * lk_claim_queue_begin:
 * @self: a queue
 * @endpoints: knows which receivers may get one more request, and is told that it begins
 * @now: the time
 *
 * Returns: (transfer full) (nullable): the oldest claim whose request may begin; %NULL for none
 */
LkAssignment *
lk_claim_queue_begin (LkClaimQueue *self, LkEndpoints *endpoints, LkInstant now)
{
  for (GList *link = self->assignments.head; link != NULL; link = link->next)
    if (lk_endpoints_may_begin (endpoints, get_url (link), now))
      {
        lk_endpoints_begin (endpoints, get_url (link), now);
        return take_link (self, link);
      }

  return NULL;
}

/**
 * lk_claim_queue_withdraw:
 * @self: a queue
 * @endpoints: knows which receivers got into trouble, and is told that the claims are gone
 * @all: whether to take out all claims, and not only those for such receivers
 * @now: the time
 *
 * Returns: (transfer full) (element-type LkAssignment): claims to give back
 */
GPtrArray *
lk_claim_queue_withdraw (LkClaimQueue *self, LkEndpoints *endpoints, gboolean all, LkInstant now)
{
  GPtrArray *withdrawn = g_ptr_array_new_with_free_func ((GDestroyNotify) lk_assignment_free);
  GList *next;

  for (GList *link = self->assignments.head; link != NULL; link = next)
    {
      next = link->next;
      if (!all && lk_endpoints_may_wait (endpoints, get_url (link), now))
        continue;

      lk_endpoints_withdraw (endpoints, get_url (link));
      g_ptr_array_add (withdrawn, take_link (self, link));
    }

  return withdrawn;
}
