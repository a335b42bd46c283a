/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the delivery log shows. */

#define G_LOG_DOMAIN "lk-delivery-log"

#include "config.h"

#include "store/delivery-row.h"
#include "store/delivery-search.h"
#include "store/delivery-store.h"
#include "store/query.h"

/* The parameter of a text, a condition for each member of the filter, and the limit. */
#define MAX_VALUES 12

/* The text and the parameters of a list, as they grow. */
typedef struct
{
  GString *sql;
  LkValue values[MAX_VALUES];
  guint n_values;
  gboolean has_conditions;
} Conditions;

static void
add_text (Conditions *self, const char *condition)
{
  g_string_append_printf (self->sql, "%s%s", self->has_conditions ? " AND " : " WHERE ", condition);
  self->has_conditions = TRUE;
}

static void
add_condition (Conditions *self, const char *condition, LkValue value)
{
  g_assert (self->n_values + 1 < MAX_VALUES);

  self->values[self->n_values++] = value;
  add_text (self, condition);
  g_string_append_printf (self->sql, "?%u", self->n_values);
}

/* Only failures are in the index of the statuses; of what was delivered the newest are found at
 * once. */
static void
add_status (Conditions *conditions, int status)
{
  gboolean is_good = status >= 200 && status < 300;

  if (!is_good)
    add_text (conditions, "d.last_error_class <> ''");
  add_condition (conditions, is_good ? "+d.last_status = " : "d.last_status = ", LK_INT (status));
}

static void
add_since (Conditions *conditions, LkInstant since)
{
  /* The first id since then ends the walk down the ids; with "+" it comes from the index of the
   * times. */
  add_condition (conditions, "+d.created_at >= ", LK_INT (since));
  g_string_append_printf (conditions->sql,
                          " AND d.id >= (SELECT min(+id) FROM delivery WHERE created_at >= ?%u)",
                          conditions->n_values);
}

static void
add_filter (Conditions *conditions, const LkDeliveryFilter *filter, const char *id)
{
  g_autofree char *before = g_strconcat (*id == '+' ? id + 1 : id, " < ", NULL);
  gboolean has_class = filter->error_class != NULL && *filter->error_class != '\0';
  gboolean has_rare = filter->state >= 0 || has_class;

  if (filter->state >= 0)
    add_condition (conditions, "d.state = ",
                   LK_TEXT (lk_delivery_state_to_string ((LkDeliveryState) filter->state)));
  if (has_class)
    {
      add_text (conditions, "d.last_error_class <> ''");
      add_condition (conditions, "d.last_error_class = ", LK_TEXT (filter->error_class));
    }
  if (filter->status > 0)
    add_status (conditions, filter->status);
  /* The states and errors that one looks for are rare: with "+" the walk is over these, not over
   * the task. */
  if (filter->task_id > 0)
    add_condition (conditions,
                   has_rare ? "+d.task_id = " : "d.task_id = ", LK_INT (filter->task_id));
  if (filter->run_id > 0)
    add_condition (conditions, "d.run_id = ", LK_INT (filter->run_id));
  if (filter->task_name != NULL)
    add_condition (conditions, "d.task_name = ", LK_TEXT (filter->task_name));
  if (filter->since > 0)
    add_since (conditions, filter->since);
  if (filter->before_id > 0)
    add_condition (conditions, before, LK_INT (filter->before_id));
}

static GPtrArray *
list_part (LkDb *db, const LkDeliveryFilter *filter, const LkDeliveryPart *part, GError **error)
{
  g_autoptr (GString) sql = g_string_new ("SELECT " LK_DELIVERY_ROW_COLUMNS " FROM ");
  Conditions conditions = { .sql = sql };

  g_string_append (sql, part->from);
  if (part->value != NULL)
    {
      conditions.values[conditions.n_values++] = LK_TEXT (part->value);
      add_text (&conditions, part->where);
    }
  add_filter (&conditions, filter, part->id);
  g_string_append_printf (sql, " ORDER BY %s DESC", part->id);
  if (filter->limit > 0)
    {
      conditions.values[conditions.n_values++] = LK_INT (filter->limit);
      g_string_append_printf (sql, " LIMIT ?%u", conditions.n_values);
    }

  return lk_query_list (db, sql->str, conditions.values, lk_delivery_row_read,
                        (GDestroyNotify) lk_delivery_free, error);
}

static int
compare_newest_first (gconstpointer a, gconstpointer b)
{
  const LkDelivery *one = *(const LkDelivery *const *) a;
  const LkDelivery *other = *(const LkDelivery *const *) b;

  return (one->id < other->id) - (one->id > other->id);
}

/* The newest of what the parts found, each once. */
static void
merge (GPtrArray *found, gint64 limit)
{
  gint64 last = 0;
  guint n = 0;

  g_ptr_array_sort (found, compare_newest_first);
  while (n < found->len)
    {
      gint64 id = ((const LkDelivery *) g_ptr_array_index (found, n))->id;

      if (id == last)
        g_ptr_array_remove_index (found, n);
      else
        n++;
      last = id;
    }
  if (limit > 0 && found->len > limit)
    g_ptr_array_set_size (found, (int) limit);
}

/**
 * lk_delivery_store_list:
 * @db: a connection
 * @filter: which deliveries
 * @error: return location
 *
 * A list of the log. The next page is the one before the last id of this one.
 *
 * Returns: (transfer full) (element-type LkDelivery) (nullable): deliveries without their bodies,
 *   the newest first; %NULL on error
 */
GPtrArray *
lk_delivery_store_list (LkDb *db, const LkDeliveryFilter *filter, GError **error)
{
  g_autoptr (GPtrArray) parts = NULL;
  g_autoptr (GPtrArray) found = NULL;

  g_return_val_if_fail (filter != NULL, NULL);

  parts = lk_delivery_search_list_parts (db, filter, error);
  if (parts == NULL)
    return NULL;

  for (guint i = 0; i < parts->len; i++)
    {
      GPtrArray *list = list_part (db, filter, g_ptr_array_index (parts, i), error);

      if (list == NULL)
        return NULL;
      if (found == NULL)
        found = list;
      else
        g_ptr_array_extend_and_steal (found, list);
    }
  if (parts->len > 1)
    merge (found, filter->limit);

  return g_steal_pointer (&found);
}

/**
 * lk_delivery_store_list_attempts:
 * @db: a connection
 * @delivery_id: the delivery
 * @error: return location
 *
 * Returns: (transfer full) (element-type LkAttempt) (nullable): its attempts, the first one first;
 *   %NULL on error
 */
GPtrArray *
lk_delivery_store_list_attempts (LkDb *db, gint64 delivery_id, GError **error)
{
  return lk_query_list (db,
                        "SELECT " LK_ATTEMPT_ROW_COLUMNS
                        " FROM attempt a WHERE a.delivery_id = ?1 ORDER BY a.number",
                        LK_VALUES (LK_INT (delivery_id)), lk_attempt_row_read,
                        (GDestroyNotify) lk_attempt_free, error);
}

static gboolean
read_counts (LkStatement *row, gint64 counts[LK_N_DELIVERY_STATES], GError **error)
{
  LkStep step;

  for (int i = 0; i < LK_N_DELIVERY_STATES; i++)
    counts[i] = 0;

  while ((step = lk_statement_step (row, error)) == LK_STEP_ROW)
    {
      LkDeliveryState state;

      if (lk_delivery_state_from_string (lk_statement_get_text (row, 0), &state))
        counts[state] = lk_statement_get_int (row, 1);
    }

  return step == LK_STEP_DONE;
}

/**
 * lk_delivery_store_count_by_state:
 * @db: a connection
 * @counts: (out) (array fixed-size=7): how many deliveries are in each state, tests included
 * @error: return location
 *
 * Counts over an index alone.
 *
 * Returns: whether they were counted
 */
gboolean
lk_delivery_store_count_by_state (LkDb *db, gint64 counts[LK_N_DELIVERY_STATES], GError **error)
{
  g_autoptr (LkStatement) row =
      lk_query (db, "SELECT state, count(*) FROM delivery GROUP BY state", NULL, error);

  return row != NULL && read_counts (row, counts, error);
}

/**
 * lk_delivery_store_count_run_by_state:
 * @db: a connection
 * @run_id: the run
 * @counts: (out) (array fixed-size=7): how many deliveries of the run are in each state
 * @error: return location
 *
 * Returns: whether they were counted
 */
gboolean
lk_delivery_store_count_run_by_state (LkDb *db, gint64 run_id, gint64 counts[LK_N_DELIVERY_STATES],
                                      GError **error)
{
  g_autoptr (LkStatement) row =
      lk_query (db, "SELECT state, count(*) FROM delivery WHERE run_id = ?1 GROUP BY state",
                LK_VALUES (LK_INT (run_id)), error);

  return row != NULL && read_counts (row, counts, error);
}

/**
 * lk_delivery_store_find_first:
 * @db: a connection
 * @run_id: the run
 * @first: (out): the id of its oldest delivery; 0 for none
 * @error: return location
 *
 * Returns: whether it could be found out
 */
gboolean
lk_delivery_store_find_first (LkDb *db, gint64 run_id, gint64 *first, GError **error)
{
  return lk_query_int (db, "SELECT min(id) FROM delivery WHERE run_id = ?1",
                       LK_VALUES (LK_INT (run_id)), first, error);
}

/**
 * lk_delivery_store_find_lacking:
 * @db: a connection
 * @run_id: the run
 * @first: its oldest delivery, or an older one
 * @lacking: (out): a delivery of the run that has yet to come to the end of its first
 *   attempt; 0 for none
 * @is_sending: (out): whether such a delivery is under way
 * @error: return location
 *
 * Held deliveries do not count: they wait for a person, not for a request. It looks from @first
 * on through what waits, not through the run, so that whoever waits for a large run may ask often.
 *
 * Returns: whether it could be found out
 */
gboolean
lk_delivery_store_find_lacking (LkDb *db, gint64 run_id, gint64 first, gint64 *lacking,
                                gboolean *is_sending, GError **error)
{
  static const char sql[] = "SELECT id FROM delivery WHERE state = ?1 AND id >= ?2 AND +run_id = ?3"
                            " AND attempts = 0 LIMIT 1";

  if (!lk_query_int (db, sql, LK_VALUES (LK_TEXT ("sending"), LK_INT (first), LK_INT (run_id)),
                     lacking, error))
    return FALSE;

  *is_sending = *lacking != 0;
  return *is_sending
         || lk_query_int (db, sql, LK_VALUES (LK_TEXT ("queued"), LK_INT (first), LK_INT (run_id)),
                          lacking, error);
}

/**
 * lk_delivery_store_find_last:
 * @db: a connection
 * @task_id: the task
 * @license_id: the license
 * @license_key: its activation key: its number may have been that of another license before
 * @group_key: how the ledger knows it: with a Distinct Field another license may have stood for it
 * @delivery: (out) (transfer full) (nullable): the newest delivery that the task made for it; %NULL
 *   for none
 * @error: return location
 *
 * Returns: whether it could be found out
 */
gboolean
lk_delivery_store_find_last (LkDb *db, gint64 task_id, gint64 license_id, const char *license_key,
                             const char *group_key, LkDelivery **delivery, GError **error)
{
  gpointer found = NULL;

  if (!lk_query_one (
          db,
          "SELECT " LK_DELIVERY_ROW_COLUMNS " FROM delivery d WHERE d.id = (SELECT max(id) FROM"
          " (SELECT max(l.id) AS id FROM delivery l WHERE l.license_id = ?2 AND +l.task_id = ?1"
          " AND l.is_test = 0 AND lower(l.license_key) = lower(?4)"
          " UNION ALL SELECT max(g.id) FROM run r CROSS JOIN delivery g"
          " ON g.run_id = r.id AND g.group_key = ?3 WHERE r.task_id = ?1"
          " AND (g.license_id <> ?2 OR lower(g.license_key) = lower(?4))))",
          LK_VALUES (LK_INT (task_id), LK_INT (license_id), LK_TEXT (group_key),
                     LK_TEXT (license_key)),
          lk_delivery_row_read, &found, error))
    return FALSE;

  *delivery = found;
  return TRUE;
}

/**
 * lk_delivery_store_list_last_errors:
 * @db: a connection
 * @limit: how many of the newest failed attempts to look at
 * @error: return location
 *
 * Returns: (transfer full) (element-type LkDelivery) (nullable): the deliveries of these attempts
 *   that did not arrive since, the one that failed last first; their @last_cause says why; %NULL on
 *   error
 */
GPtrArray *
lk_delivery_store_list_last_errors (LkDb *db, gint64 limit, GError **error)
{
  return lk_query_list (
      db,
      "SELECT " LK_DELIVERY_ROW_COLUMNS " FROM delivery d JOIN (SELECT delivery_id, max(id) AS last"
      " FROM (SELECT id, delivery_id FROM attempt WHERE outcome = 'failure' ORDER BY id DESC"
      " LIMIT ?1) AS newest GROUP BY delivery_id) AS failed ON failed.delivery_id = d.id"
      " WHERE d.state <> 'delivered' ORDER BY failed.last DESC",
      LK_VALUES (LK_INT (limit)), lk_delivery_row_read, (GDestroyNotify) lk_delivery_free, error);
}
