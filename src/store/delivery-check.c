/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The proof of the delivery invariant. The schema's own checks say the same of each row; this says
 * it of rows that belong together, and again of a file that something else has written to. */

#define G_LOG_DOMAIN "lk-delivery-check"

#include "config.h"

#include <inttypes.h>
#include <glib/gi18n-lib.h>

#include "store/delivery-store.h"
#include "store/query.h"

/* Sentences for each rule, lest a damaged workspace fill the screen. */
#define MAX_ROWS 20

typedef struct
{
  const char *sql; /* the ids of what breaks the rule; ?1 is %MAX_ROWS */
  const char *what;
} Rule;

#define IS_FINAL "state IN ('delivered', 'exhausted', 'dropped')"

/* translators: each follows the number of a delivery, as in “delivery 7: it waits without a due
 * time”. */
static const Rule rules[] = {
  { "SELECT id FROM delivery WHERE state IN ('queued', 'retry_wait') AND due_at <= 0"
    " ORDER BY id LIMIT ?1",
    N_ ("it waits without a due time") },
  { "SELECT id FROM delivery WHERE state = 'held' AND (hold_reason = '' OR hold_kind = '')"
    " ORDER BY id LIMIT ?1",
    N_ ("it is held without a reason") },
  { "SELECT id FROM delivery WHERE state = 'sending' AND is_test = 0"
    " AND epoch <> (SELECT epoch FROM lease WHERE id = 1) ORDER BY id LIMIT ?1",
    N_ ("it is being sent under a lease that another process has taken over") },
  { "SELECT d.id FROM delivery d WHERE d.state = 'sending' AND NOT EXISTS (SELECT 1 FROM attempt a"
    " WHERE a.delivery_id = d.id AND a.outcome = 'pending') ORDER BY d.id LIMIT ?1",
    N_ ("it is being sent without an attempt") },
  { "SELECT d.id FROM delivery d WHERE d.state = 'sending' AND (SELECT count(*) FROM attempt a"
    " WHERE a.delivery_id = d.id AND a.outcome = 'pending') > 1 ORDER BY d.id LIMIT ?1",
    N_ ("it is being sent with more than one attempt without an outcome") },
  { "SELECT a.delivery_id FROM attempt a WHERE a.outcome = 'pending' AND NOT EXISTS"
    " (SELECT 1 FROM delivery d WHERE d.id = a.delivery_id AND d.state = 'sending')"
    " ORDER BY a.delivery_id LIMIT ?1",
    N_ ("it is not being sent but has an attempt without an outcome") },
  { "SELECT id FROM delivery WHERE state NOT IN ('queued', 'sending', 'retry_wait', 'held',"
    " 'delivered', 'exhausted', 'dropped') ORDER BY id LIMIT ?1",
    N_ ("it is in a state that does not exist") },
  { "SELECT id FROM delivery WHERE state IN ('queued', 'retry_wait', 'held') AND task_id IS NULL"
    " ORDER BY id LIMIT ?1",
    N_ ("it is owed although its task was deleted") },
  { "SELECT d.id FROM delivery d WHERE d.state IN ('queued', 'retry_wait', 'sending', 'held')"
    " AND NOT EXISTS (SELECT 1 FROM delivery_body b WHERE b.delivery_id = d.id)"
    " ORDER BY d.id LIMIT ?1",
    N_ ("it is owed but its body is missing") },
  { "SELECT id FROM delivery WHERE state IN ('queued', 'retry_wait') AND url IN"
    " (SELECT url FROM endpoint WHERE state = 'paused') ORDER BY id LIMIT ?1",
    N_ ("it waits for a receiver that is paused, and is not held") },
  { "SELECT id FROM delivery WHERE state = 'held' AND hold_kind = 'paused' AND url NOT IN"
    " (SELECT url FROM endpoint WHERE state = 'paused') ORDER BY id LIMIT ?1",
    N_ ("it is held for a receiver that is not paused") },
  { "SELECT id FROM delivery d WHERE attempts > (SELECT count(*) FROM attempt a"
    " WHERE a.delivery_id = d.id) AND NOT (" IS_FINAL ") ORDER BY id LIMIT ?1",
    N_ ("it counts more attempts than were made") },
  { "SELECT id FROM delivery WHERE (" IS_FINAL ") AND finished_at <= 0 ORDER BY id LIMIT ?1",
    N_ ("it has ended without a time") },
};

static gboolean
check_rule (LkDb *db, const Rule *rule, GPtrArray *violations, GError **error)
{
  g_autoptr (LkStatement) row = lk_query (db, rule->sql, LK_VALUES (LK_INT (MAX_ROWS)), error);
  LkStep step;

  if (row == NULL)
    return FALSE;

  while ((step = lk_statement_step (row, error)) == LK_STEP_ROW)
    g_ptr_array_add (violations,
                     /* translators: “delivery 7: it waits without a due time”. */
                     g_strdup_printf (_ ("delivery %" PRId64 ": %s"), lk_statement_get_int (row, 0),
                                      _ (rule->what)));

  return step == LK_STEP_DONE;
}

/**
 * lk_delivery_store_check:
 * @db: a connection
 * @error: return location
 *
 * Looks for deliveries that nothing would ever move on: every one that is not final has a due time,
 * a hold reason or a claim of the lease's epoch. Between a takeover and the
 * lk_delivery_store_recover() that follows it, claims of the epoch before are reported; do both in
 * one transaction.
 *
 * Returns: (transfer full) (element-type utf8) (nullable): a sentence for each violation,
 * translated; empty when all is well; %NULL on error
 */
GPtrArray *
lk_delivery_store_check (LkDb *db, GError **error)
{
  g_autoptr (GPtrArray) violations = g_ptr_array_new_with_free_func (g_free);

  for (gsize i = 0; i < G_N_ELEMENTS (rules); i++)
    if (!check_rule (db, &rules[i], violations, error))
      return NULL;

  return g_steal_pointer (&violations);
}
