/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-delivery-count"

#include "config.h"

#include "store/delivery-count.h"
#include "store/delivery-search.h"

/* The parameters of the spans, of the run, and of the parts of a text. */
#define MAX_VALUES 20

static const LkInstant lengths[] = {
  [LK_SPAN_HOUR] = LK_HOUR,
  [LK_SPAN_DAY] = LK_DAY,
  [LK_SPAN_WEEK] = 7 * LK_DAY,
  [LK_SPAN_MONTH] = 30 * LK_DAY,
};

G_STATIC_ASSERT (G_N_ELEMENTS (lengths) == LK_N_DELIVERY_SPANS);

/**
 * lk_delivery_span_get_start:
 * @span: how far back
 * @now: the wall-clock time
 *
 * Returns: since when; 0 for any time
 */
LkInstant
lk_delivery_span_get_start (LkDeliverySpan span, LkInstant now)
{
  return span == LK_SPAN_ANY ? 0 : MAX (now - lengths[span], 1);
}

/**
 * lk_delivery_count_free:
 * @self: (nullable) (transfer full): a count
 */
void
lk_delivery_count_free (LkDeliveryCount *self)
{
  if (self == NULL)
    return;

  g_free (self->error_class);
  g_free (self);
}

static gpointer
read_count (LkStatement *row)
{
  LkDeliveryCount *self = g_new0 (LkDeliveryCount, 1);

  lk_delivery_state_from_string (lk_statement_get_text (row, 0), &self->state);
  self->task_id = lk_statement_get_int (row, 1);
  self->status = (int) lk_statement_get_int (row, 2);
  self->error_class = lk_row_take_text (row, 3);
  for (int span = 0; span < LK_N_DELIVERY_SPANS; span++)
    self->n[span] = lk_statement_get_int (row, 4 + span);

  return self;
}

/* The ids that the parts find, each once. */
static void
append_ids (GString *sql, GPtrArray *parts, LkValue *values, guint *n_values)
{
  for (guint i = 0; i < parts->len; i++)
    {
      const LkDeliveryPart *part = g_ptr_array_index (parts, i);
      g_autoptr (GString) where = g_string_new (part->where);
      g_autofree char *parameter = NULL;

      values[(*n_values)++] = LK_TEXT (part->value);
      parameter = g_strdup_printf ("?%u", *n_values);
      g_string_replace (where, "?1", parameter, 0);
      g_string_append_printf (sql, "%sSELECT d.id FROM %s WHERE %s", i > 0 ? " UNION " : "",
                              part->from, where->str);
    }
}

/* What is final is all in one index. */
static const char *const halves[] = {
  "d.finished_at > 0",
  "d.finished_at = 0 AND d.state IN ('queued', 'sending', 'retry_wait', 'held')",
};

static void
append_counts (GString *sql, const char *where)
{
  g_string_append (sql, "SELECT d.state, coalesce(d.task_id, 0), d.last_status,"
                        " d.last_error_class, count(*)");
  for (int span = LK_SPAN_ANY + 1; span < LK_N_DELIVERY_SPANS; span++)
    g_string_append_printf (sql, ", count(CASE WHEN d.created_at >= ?%d THEN 1 END)", span);
  g_string_append_printf (sql,
                          " FROM delivery d WHERE %s"
                          " GROUP BY d.state, d.task_id, d.last_status, d.last_error_class",
                          where);
}

/* Of a run or a text: those rows are looked at. */
static char *
make_where (const LkDeliveryFilter *filter, GPtrArray *parts, LkValue *values, guint *n_values)
{
  GString *where = g_string_new ("1 = 1");

  if (filter->run_id > 0)
    {
      values[(*n_values)++] = LK_INT (filter->run_id);
      g_string_append_printf (where, " AND d.run_id = ?%u", *n_values);
    }
  if (parts->len > 0)
    {
      g_string_append (where, " AND d.id IN (");
      append_ids (where, parts, values, n_values);
      g_string_append_c (where, ')');
    }

  return g_string_free (where, FALSE);
}

/**
 * lk_delivery_count_list:
 * @db: a connection
 * @filter: of which run and with which text; its other members do not matter, since every choice of
 *   them can be counted from the result
 * @now: the wall-clock time, from which the spans look back
 * @error: return location
 *
 * Reads one index as a whole, which takes a tenth of a second for a million deliveries; with a text
 * the deliveries that have it.
 *
 * Returns: (transfer full) (element-type LkDeliveryCount) (nullable): the counts that are not 0;
 *   %NULL on error
 */
GPtrArray *
lk_delivery_count_list (LkDb *db, const LkDeliveryFilter *filter, LkInstant now, GError **error)
{
  g_autoptr (GPtrArray) parts = lk_delivery_search_list_sets (filter);
  g_autoptr (GString) sql = g_string_new (NULL);
  LkValue values[MAX_VALUES + 1] = { 0 };
  guint n_values = 0;

  for (int span = LK_SPAN_ANY + 1; span < LK_N_DELIVERY_SPANS; span++)
    values[n_values++] = LK_INT (lk_delivery_span_get_start ((LkDeliverySpan) span, now));

  if (filter->run_id > 0 || parts->len > 0)
    {
      g_autofree char *where = make_where (filter, parts, values, &n_values);

      append_counts (sql, where);
    }
  else
    {
      append_counts (sql, halves[0]);
      g_string_append (sql, " UNION ALL ");
      append_counts (sql, halves[1]);
    }

  return lk_query_list (db, sql->str, values, read_count, (GDestroyNotify) lk_delivery_count_free,
                        error);
}
