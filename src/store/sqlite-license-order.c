/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-sqlite-license-order"

#include "config.h"

#include "store/license-parts.h"
#include "store/license-sql.h"
#include "store/sqlite-license-order.h"
#include "store/value-ranks.h"

/*
 * SQLite walks an index in 0.1 s at a million licenses. Without one it takes seconds, most of them
 * for looking up each license's customer in a table that does not fit into its cache, and for its
 * sorter. Here each table is read once from its beginning to its end, the values are ranked, and
 * the licenses, which come by LicenseID, are put in place by counting: 0.2 to 0.4 s.
 */

/* A row of the table that the column stands in. */
typedef struct
{
  gint64 owner; /* its key */
  guint rank;   /* first the number of the value */
} Cell;

typedef struct
{
  GArray *ids;   /* of gint64: all licenses, by LicenseID */
  GArray *ranks; /* of guint: of each license */
  guint n_ranks;
} Ranking;

static const char values_of_view[] = "SELECT LicenseID, %s FROM qryLicenseInfo ORDER BY LicenseID";
static const char values_of_customers[] =
    "SELECT CustomerID, %s FROM customers ORDER BY CustomerID";
static const char values_of_activations[] =
    "SELECT LicenseID, %s FROM activations WHERE Position = 0 ORDER BY rowid";

static void
ranking_clear (Ranking *self)
{
  g_clear_pointer (&self->ids, g_array_unref);
  g_clear_pointer (&self->ranks, g_array_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Ranking, ranking_clear)

static int
compare_owners (gconstpointer a, gconstpointer b)
{
  gint64 left = ((const Cell *) a)->owner;
  gint64 right = ((const Cell *) b)->owner;

  return (left > right) - (left < right);
}

static char *
sql_for_values (const LkLicenseField *field)
{
  switch (lk_license_part_of_column (field->column))
    {
    case LK_PART_CUSTOMER:
      return g_strdup_printf (values_of_customers, field->column);
    case LK_PART_ACTIVATION:
      return g_strdup_printf (values_of_activations, field->column);
    default: /* the licenses' own, and few enough others to stay in SQLite's cache */
      return g_strdup_printf (values_of_view, field->column);
    }
}

/* What leads from a license to the row with its value; NULL where that is the license itself. */
static const char *
sql_for_owners (const LkLicenseField *field)
{
  switch (lk_license_part_of_column (field->column))
    {
    case LK_PART_CUSTOMER:
      return "SELECT LicenseID, CustomerID FROM licenses ORDER BY LicenseID";
    case LK_PART_ACTIVATION:
      return "SELECT LicenseID, LicenseID FROM licenses ORDER BY LicenseID";
    default:
      return NULL;
    }
}

static void
append_cell (GArray *cells, LkValueRanks *values, LkStatement *row, gboolean is_number)
{
  Cell cell = { lk_statement_get_int (row, 0), G_MAXUINT };

  if (lk_statement_is_null (row, 1))
    cell.rank = G_MAXUINT;
  else if (is_number)
    cell.rank = lk_value_ranks_add_int (values, lk_statement_get_int (row, 1));
  else
    cell.rank = lk_value_ranks_add_text (values, lk_statement_get_text (row, 1));
  g_array_append_val (cells, cell);
}

/* The rows with their ranks, by their keys. */
static GArray *
read_cells (LkDb *db, const LkLicenseField *field, guint *n_ranks, GError **error)
{
  g_autofree char *sql = sql_for_values (field);
  g_autoptr (LkStatement) statement = lk_db_prepare (db, sql, error);
  g_autoptr (LkValueRanks) values = lk_value_ranks_new (field->kind == LK_FIELD_TEXT);
  g_autoptr (GArray) cells = g_array_new (FALSE, FALSE, sizeof (Cell));
  gboolean is_number = field->kind == LK_FIELD_INTEGER || field->kind == LK_FIELD_FLAG;
  gboolean in_order = TRUE;
  LkStep step = LK_STEP_ERROR;

  while (statement != NULL && (step = lk_statement_step (statement, error)) == LK_STEP_ROW)
    {
      append_cell (cells, values, statement, is_number);
      if (cells->len > 1)
        in_order &= g_array_index (cells, Cell, cells->len - 2).owner
                    < g_array_index (cells, Cell, cells->len - 1).owner;
    }
  if (step != LK_STEP_DONE)
    return NULL;

  lk_value_ranks_sort (values);
  *n_ranks = lk_value_ranks_count (values);
  for (guint i = 0; i < cells->len; i++)
    {
      Cell *cell = &g_array_index (cells, Cell, i);

      cell->rank =
          cell->rank == G_MAXUINT ? LK_VALUE_RANK_ABSENT : lk_value_ranks_get (values, cell->rank);
    }
  if (!in_order)
    g_array_sort (cells, compare_owners);
  return g_steal_pointer (&cells);
}

/* Keys mostly have no gaps: then the row lies where its key says. */
static guint
find_rank (const GArray *cells, gint64 owner)
{
  const Cell *first = (const Cell *) (void *) cells->data;
  const Cell *found = NULL;
  Cell key = { owner, 0 };

  if (cells->len == 0)
    return LK_VALUE_RANK_ABSENT;

  if (owner >= first->owner && owner - first->owner < cells->len)
    found = &first[owner - first->owner];
  if (found == NULL || found->owner != owner)
    found = bsearch (&key, first, cells->len, sizeof (Cell), compare_owners);
  return found != NULL ? found->rank : LK_VALUE_RANK_ABSENT;
}

static void
take_cells (Ranking *self, const GArray *cells)
{
  for (guint i = 0; i < cells->len; i++)
    {
      const Cell *cell = &g_array_index (cells, Cell, i);

      g_array_append_val (self->ids, cell->owner);
      g_array_append_val (self->ranks, cell->rank);
    }
}

static gboolean
read_owners (Ranking *self, LkDb *db, const char *sql, const GArray *cells, GError **error)
{
  g_autoptr (LkStatement) statement = lk_db_prepare (db, sql, error);
  LkStep step = LK_STEP_ERROR;

  while (statement != NULL && (step = lk_statement_step (statement, error)) == LK_STEP_ROW)
    {
      gint64 id = lk_statement_get_int (statement, 0);
      guint rank = LK_VALUE_RANK_ABSENT;

      if (!lk_statement_is_null (statement, 1))
        rank = find_rank (cells, lk_statement_get_int (statement, 1));
      g_array_append_val (self->ids, id);
      g_array_append_val (self->ranks, rank);
    }
  return step == LK_STEP_DONE;
}

static gboolean
read_ranking (Ranking *self, LkDb *db, const LkLicenseField *field, GError **error)
{
  const char *owners = sql_for_owners (field);
  g_autoptr (GArray) cells = read_cells (db, field, &self->n_ranks, error);

  if (cells == NULL)
    return FALSE;

  self->ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  self->ranks = g_array_new (FALSE, FALSE, sizeof (guint));
  if (owners != NULL)
    return read_owners (self, db, owners, cells, error);

  take_cells (self, cells);
  return TRUE;
}

/* Counting keeps the order by LicenseID among equals; downwards everything is the other way. */
static GArray *
put_in_order (const Ranking *self, gboolean descending)
{
  guint n_ids = self->ids->len;
  GArray *ordered = g_array_sized_new (FALSE, FALSE, sizeof (gint64), n_ids);
  g_autofree guint *places = g_new0 (guint, self->n_ranks + 1);
  const guint *ranks = (const guint *) (void *) self->ranks->data;

  for (guint i = 0; i < n_ids; i++)
    places[ranks[i] + 1]++;
  for (guint i = 1; i <= self->n_ranks; i++)
    places[i] += places[i - 1];

  g_array_set_size (ordered, n_ids);
  for (guint i = 0; i < n_ids; i++)
    {
      guint place = places[ranks[i]]++;

      g_array_index (ordered, gint64, descending ? n_ids - 1 - place : place) =
          g_array_index (self->ids, gint64, i);
    }
  return ordered;
}

static gboolean
has_index (LkDb *db, const char *column)
{
  g_autoptr (LkStatement) statement = NULL;
  gboolean found = FALSE;

  lk_db_set_trusted (db, TRUE);
  statement = lk_db_prepare (db,
                             "SELECT 1 FROM pragma_index_list ('licenses') AS list"
                             " JOIN pragma_index_info (list.name) AS info"
                             " WHERE info.seqno = 0 AND info.name = ?1",
                             NULL);
  if (statement != NULL)
    {
      lk_statement_bind_text (statement, 1, column);
      found = lk_statement_step (statement, NULL) == LK_STEP_ROW;
    }
  lk_db_set_trusted (db, FALSE);
  return found;
}

/**
 * lk_sqlite_license_order_serves:
 * @db: a connection
 * @query: which licenses, in which order
 *
 * Returns: whether lk_sqlite_license_order_read() is the way for the query: all licenses, sorted by
 *   a column without an index
 */
gboolean
lk_sqlite_license_order_serves (LkDb *db, const LkLicenseQuery *query)
{
  const LkLicenseField *field = query->order_by;

  if (field == NULL || g_str_equal (field->column, "LicenseID") || query->distinct_field != NULL
      || !lk_license_sql_is_everything (query))
    return FALSE;

  return lk_license_part_of_column (field->column) != LK_PART_LICENSE
         || !has_index (db, field->column);
}

/**
 * lk_sqlite_license_order_read:
 * @db: a connection
 * @query: a query that this serves
 * @error: return location
 *
 * Returns: (transfer full) (nullable) (element-type gint64): the ids in the order of the query:
 *   absent values first, then as the column compares, then by LicenseID; downwards the reverse.
 *   Fails as lk_license_sql_read_ids() does
 */
GArray *
lk_sqlite_license_order_read (LkDb *db, const LkLicenseQuery *query, GError **error)
{
  g_auto (Ranking) ranking = { NULL, NULL, 0 };
  gboolean is_read;

  lk_db_set_trusted (db, TRUE);
  lk_db_set_time_limit (db, LK_SEARCH_MAX_SECONDS * G_USEC_PER_SEC);
  is_read = read_ranking (&ranking, db, query->order_by, error);
  lk_db_set_time_limit (db, 0);
  lk_db_set_trusted (db, FALSE);

  if (!is_read || !lk_license_sql_check_rows (db, ranking.ids->len, error))
    return NULL;
  return put_in_order (&ranking, query->descending);
}
