/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-license-sql"

#include "config.h"

#include <inttypes.h>
#include <glib/gi18n-lib.h>

#include "core/text-compare.h"
#include "store/license-sql.h"

#define VIEW "qryLicenseInfo"

/* How many licenses one statement reads. To start one for each would be a third of the work. */
#define IDS_AT_ONCE 32

/**
 * lk_license_sql_is_everything:
 * @query: which licenses
 *
 * Returns: whether its condition is lk_clause_new_everything()
 */
gboolean
lk_license_sql_is_everything (const LkLicenseQuery *query)
{
  return query->only_license_id == 0 && g_str_equal (lk_clause_get_sql (query->clause), "1");
}

/* As conditions compare. */
static const char *
get_collation (const LkLicenseField *field)
{
  return field->kind == LK_FIELD_TEXT ? " COLLATE " LK_TEXT_COLLATION : "";
}

/* One license, and with a Distinct Field those that share its value: which of them stands for it is
 * decided among them, so that the rest of the licenses need not be looked at. */
static void
append_only (GString *sql, const LkLicenseQuery *query)
{
  const char *distinct;

  g_string_append_printf (sql, " AND (LicenseID = %" PRId64, query->only_license_id);
  if (query->distinct_field != NULL)
    {
      distinct = query->distinct_field->column;
      g_string_append_printf (sql,
                              " OR (trim (%s) <> '' AND %s%s = (SELECT %s FROM " VIEW
                              " WHERE LicenseID = %" PRId64 "))",
                              distinct, distinct, get_collation (query->distinct_field), distinct,
                              query->only_license_id);
    }
  g_string_append_c (sql, ')');
}

static void
append_condition (GString *sql, const LkLicenseQuery *query)
{
  if (lk_license_sql_is_everything (query))
    return;

  g_string_append_printf (sql, " WHERE (%s)", lk_clause_get_sql (query->clause));
  if (query->only_license_id != 0)
    append_only (sql, query);
}

/* Under a condition the sort column has a `+`: it keeps SQLite from walking the column's index and
 * testing each license on the way (3.7 s at a million) instead of finding the matches and sorting
 * them (0.5 s). Without a condition, walking the index is the fastest way. */
static void
append_order (GString *sql, const LkLicenseQuery *query, gboolean is_filtered)
{
  const char *plus = is_filtered ? "+" : "";
  const char *direction = query->descending ? " DESC" : "";

  g_string_append (sql, " ORDER BY ");
  if (query->order_by != NULL && !g_str_equal (query->order_by->column, "LicenseID"))
    g_string_append_printf (sql, "%s%s%s, %sLicenseID%s", plus, query->order_by->column, direction,
                            plus, direction);
  else
    g_string_append_printf (sql, "%sLicenseID%s", plus, direction);
}

/* Numbers the licenses of each distinct value, so that number 1 is the one that stands for it: the
 * one with the smallest value of the Unique ID Field (absent ones last), then the lowest LicenseID.
 * Each absent or blank value is one of its own. */
static void
append_numbered (GString *sql, const LkLicenseQuery *query)
{
  const char *distinct = query->distinct_field->column;
  const char *collation = get_collation (query->distinct_field);

  g_string_append (sql, "SELECT LicenseID");
  if (query->order_by != NULL && !g_str_equal (query->order_by->column, "LicenseID"))
    g_string_append_printf (sql, ", %s", query->order_by->column);
  g_string_append_printf (
      sql,
      ", row_number () OVER (PARTITION BY %s%s, CASE WHEN coalesce (trim (%s), '')"
      " = '' THEN LicenseID END ORDER BY ",
      distinct, collation, distinct);
  if (query->unique_id_field != NULL)
    g_string_append_printf (sql, "%s IS NULL, %s, ", query->unique_id_field->column,
                            query->unique_id_field->column);
  g_string_append (sql, "LicenseID) AS lk_number FROM " VIEW);
  append_condition (sql, query);
}

/**
 * lk_license_sql_for_ids:
 * @query: which licenses
 *
 * Returns: (transfer full): a SELECT of their ids in order; parameters are those of the clause
 */
char *
lk_license_sql_for_ids (const LkLicenseQuery *query)
{
  GString *sql = g_string_new (NULL);

  if (query->distinct_field != NULL)
    {
      g_string_append (sql, "SELECT LicenseID FROM (");
      append_numbered (sql, query);
      g_string_append (sql, ") AS numbered WHERE lk_number = 1");
    }
  else
    {
      g_string_append (sql, "SELECT LicenseID FROM " VIEW);
      append_condition (sql, query);
    }

  append_order (sql, query, query->distinct_field != NULL || !lk_license_sql_is_everything (query));
  return g_string_free (sql, FALSE);
}

/**
 * lk_license_sql_for_count:
 * @query: which licenses
 *
 * Returns: (transfer full): a SELECT of their number; parameters are those of the clause
 */
char *
lk_license_sql_for_count (const LkLicenseQuery *query)
{
  GString *sql = g_string_new ("SELECT count (*) FROM (");

  if (query->distinct_field != NULL)
    {
      append_numbered (sql, query);
      g_string_append (sql, ") AS numbered WHERE lk_number = 1");
      return g_string_free (sql, FALSE);
    }

  /* SQLite drops the joins that nobody uses only where rows are selected. The limit keeps it from
   * merging this with the count around it, which would join them all (20 times as long). */
  g_string_append (sql, "SELECT LicenseID FROM " VIEW);
  append_condition (sql, query);
  g_string_append (sql, " LIMIT 9223372036854775807) AS matching");
  return g_string_free (sql, FALSE);
}

/**
 * lk_license_sql_prepare:
 * @db: a connection
 * @sql: what one of the functions above made
 * @query: of this query
 * @error: return location
 *
 * Prepares a query and binds the parameters of its condition. A condition that is not valid is
 * refused here, whoever handed it in.
 *
 * Returns: (transfer full) (nullable): the statement
 */
LkStatement *
lk_license_sql_prepare (LkDb *db, const char *sql, const LkLicenseQuery *query, GError **error)
{
  GPtrArray *parameters = lk_clause_get_parameters (query->clause);
  LkStatement *statement;

  if (!lk_clause_check (query->clause, error))
    return NULL;

  statement = lk_db_prepare (db, sql, error);
  for (guint i = 0; statement != NULL && parameters != NULL && i < parameters->len; i++)
    {
      const LkParameter *parameter = parameters->pdata[i];

      if (parameter->kind == LK_PARAMETER_INTEGER)
        lk_statement_bind_int (statement, i + 1, parameter->integer);
      else if (parameter->kind == LK_PARAMETER_REAL)
        lk_statement_bind_real (statement, i + 1, parameter->real);
      else
        lk_statement_bind_text (statement, i + 1, parameter->text);
    }
  return statement;
}

/**
 * lk_license_sql_check_rows:
 * @db: a connection
 * @n_rows: licenses found
 * @error: return location
 *
 * Returns: whether a search may give so many; else it fails with %LK_ERROR_LIMIT
 */
gboolean
lk_license_sql_check_rows (LkDb *db, gsize n_rows, GError **error)
{
  if (n_rows <= LK_SEARCH_MAX_ROWS)
    return TRUE;

  g_set_error (error, LK_ERROR, LK_ERROR_LIMIT,
               _ ("the search in “%s” gives more than %d licenses; make its condition narrower"),
               lk_db_get_name (db), LK_SEARCH_MAX_ROWS);
  return FALSE;
}

/**
 * lk_license_sql_read_ids:
 * @db: a connection
 * @query: which licenses
 * @head_func: (nullable): takes the first %LK_LICENSE_HEAD ids while the rest is being read
 * @user_data: for @head_func
 * @error: return location
 *
 * Returns: (transfer full) (nullable) (element-type gint64): their ids, in order; fails with
 *   %LK_ERROR_LIMIT when it takes longer than %LK_SEARCH_MAX_SECONDS or gives more than
 *   %LK_SEARCH_MAX_ROWS
 */
GArray *
lk_license_sql_read_ids (LkDb *db, const LkLicenseQuery *query, LkLicenseSqlHeadFunc head_func,
                         gpointer user_data, GError **error)
{
  g_autofree char *sql = lk_license_sql_for_ids (query);
  g_autoptr (LkStatement) statement = NULL;
  g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  LkStep step = LK_STEP_ERROR;

  lk_db_set_time_limit (db, LK_SEARCH_MAX_SECONDS * G_USEC_PER_SEC);
  statement = lk_license_sql_prepare (db, sql, query, error);
  while (statement != NULL && (step = lk_statement_step (statement, error)) == LK_STEP_ROW)
    {
      gint64 id = lk_statement_get_int (statement, 0);

      g_array_append_val (ids, id);
      if (ids->len == LK_LICENSE_HEAD && head_func != NULL)
        head_func (ids, user_data);
      if (!lk_license_sql_check_rows (db, ids->len, error))
        {
          step = LK_STEP_ERROR;
          break;
        }
    }
  lk_db_set_time_limit (db, 0);

  return step == LK_STEP_DONE ? g_steal_pointer (&ids) : NULL;
}

/**
 * lk_license_sql_count:
 * @db: a connection
 * @query: which licenses
 * @error: return location
 *
 * Returns: how many there are; -1 on error
 */
gint64
lk_license_sql_count (LkDb *db, const LkLicenseQuery *query, GError **error)
{
  g_autofree char *sql = lk_license_sql_for_count (query);
  g_autoptr (LkStatement) statement = NULL;
  gint64 count = -1;

  lk_db_set_time_limit (db, LK_SEARCH_MAX_SECONDS * G_USEC_PER_SEC);
  statement = lk_license_sql_prepare (db, sql, query, error);
  if (statement != NULL && lk_statement_step (statement, error) == LK_STEP_ROW)
    count = lk_statement_get_int (statement, 0);
  lk_db_set_time_limit (db, 0);
  return count;
}

static char *
sql_for_rows (void)
{
  GString *sql = g_string_new ("SELECT LicenseID");

  for (gsize i = 1; i < lk_license_n_fields; i++)
    if (lk_license_fields[i].column != NULL)
      {
        g_string_append (sql, ", ");
        g_string_append (sql, lk_license_fields[i].column);
      }
  g_string_append (sql, " FROM " VIEW " WHERE LicenseID IN (?1");
  for (int i = 2; i <= IDS_AT_ONCE; i++)
    g_string_append_printf (sql, ", ?%d", i);
  g_string_append_c (sql, ')');
  return g_string_free (sql, FALSE);
}

static LkLicense *
read_license (LkStatement *statement)
{
  g_autofree const char **values = g_new0 (const char *, lk_license_n_fields);
  int column = 0;

  for (gsize i = 0; i < lk_license_n_fields; i++)
    if (lk_license_fields[i].column != NULL)
      values[i] = lk_statement_get_text (statement, column++);
  return lk_license_new (lk_statement_get_int (statement, 0), values);
}

static void
bind_ids (LkStatement *statement, const gint64 *ids, gsize n_ids)
{
  for (gsize i = 0; i < IDS_AT_ONCE; i++)
    if (i < n_ids)
      lk_statement_bind_int (statement, (int) i + 1, ids[i]);
    else
      lk_statement_bind_null (statement, (int) i + 1);
}

/* Adds up to IDS_AT_ONCE licenses to @rows. The database gives them in an order of its own. */
static gboolean
read_some (LkStatement *statement, const gint64 *ids, gsize n_ids, GPtrArray *rows, GError **error)
{
  LkLicense *found[IDS_AT_ONCE] = { NULL };
  LkStep step;

  bind_ids (statement, ids, n_ids);
  while ((step = lk_statement_step (statement, error)) == LK_STEP_ROW)
    {
      g_autoptr (LkLicense) license = read_license (statement);

      for (gsize i = 0; i < n_ids; i++)
        if (ids[i] == lk_license_get_id (license) && found[i] == NULL)
          found[i] = lk_license_ref (license);
    }
  lk_statement_reset (statement);

  for (gsize i = 0; i < n_ids; i++)
    if (found[i] != NULL)
      g_ptr_array_add (rows, found[i]);
  return step == LK_STEP_DONE;
}

/**
 * lk_license_sql_read_rows:
 * @db: a connection
 * @ids: (array length=n_ids): LicenseIDs
 * @n_ids: how many
 * @error: return location
 *
 * Returns: (transfer full) (nullable) (element-type LkLicense): the licenses in the order of the
 *   ids, without those that are gone
 */
GPtrArray *
lk_license_sql_read_rows (LkDb *db, const gint64 *ids, gsize n_ids, GError **error)
{
  g_autofree char *sql = sql_for_rows ();
  g_autoptr (LkStatement) statement = lk_db_prepare (db, sql, error);
  g_autoptr (GPtrArray) rows = NULL;

  if (statement == NULL)
    return NULL;

  rows = g_ptr_array_new_full (n_ids, (GDestroyNotify) lk_license_unref);
  for (gsize i = 0; i < n_ids; i += IDS_AT_ONCE)
    if (!read_some (statement, ids + i, MIN (IDS_AT_ONCE, n_ids - i), rows, error))
      return NULL;
  return g_steal_pointer (&rows);
}
