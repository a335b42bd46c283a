/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-license-writer"

#include "config.h"

#include <inttypes.h>
#include <string.h>

#include <glib/gi18n-lib.h>

#include "store/license-parts.h"
#include "store/license-writer.h"

/* The column that names the record which a license points to. */
static const struct
{
  const char *table;
  const char *key;
} part_tables[LK_N_PARTS] = {
  [LK_PART_LICENSE] = { "licenses", "LicenseID" },
  [LK_PART_CUSTOMER] = { "customers", "CustomerID" },
  [LK_PART_PRODUCT] = { "products", "ProductID" },
  [LK_PART_ORGANIZATION] = { "organizations", "OrganizationID" },
  [LK_PART_AFFILIATE] = { "affiliates", "AffiliateID" },
  [LK_PART_ACTIVATION] = { "activations", "LicenseID" },
};

static void
bind_values (LkStatement *statement, GPtrArray *values)
{
  for (guint i = 0; i < values->len; i++)
    lk_statement_bind_text (statement, i + 1, values->pdata[i]);
}

/* One integer of a statement with up to two parameters: the first column of its first row. Returns
 * whether it ran; @value is 0 when there is no row. */
static gboolean
query_int (LkDb *db, const char *sql, const char *text, gint64 number, gint64 *value,
           GError **error)
{
  g_autoptr (LkStatement) statement = lk_db_prepare (db, sql, error);
  LkStep step;

  *value = 0;
  if (statement == NULL)
    return FALSE;

  if (text != NULL)
    lk_statement_bind_text (statement, 1, text);
  else
    lk_statement_bind_int (statement, 1, number);
  step = lk_statement_step (statement, error);
  if (step == LK_STEP_ROW)
    *value = lk_statement_get_int (statement, 0);
  return step != LK_STEP_ERROR;
}

static gboolean
run_with_id (LkDb *db, const char *sql, gint64 id, GError **error)
{
  gint64 ignored;

  return query_int (db, sql, NULL, id, &ignored, error);
}

/* INSERT INTO table (columns) VALUES (?1 ...) RETURNING key */
static gboolean
insert_part (LkDb *db, const LkLicenseParts *parts, LkPart part, gint64 *id, GError **error)
{
  g_autoptr (GString) sql = g_string_new (NULL);
  g_autoptr (LkStatement) statement = NULL;
  GPtrArray *columns = parts->columns[part];

  g_string_append_printf (sql, "INSERT INTO %s (", part_tables[part].table);
  for (guint i = 0; i < columns->len; i++)
    g_string_append_printf (sql, "%s%s", i > 0 ? ", " : "", (char *) columns->pdata[i]);
  g_string_append (sql, ") VALUES (");
  for (guint i = 0; i < columns->len; i++)
    g_string_append_printf (sql, "%s?%u", i > 0 ? ", " : "", i + 1);
  g_string_append_printf (sql, ") RETURNING %s", part_tables[part].key);

  statement = lk_db_prepare (db, sql->str, error);
  if (statement == NULL)
    return FALSE;

  bind_values (statement, parts->values[part]);
  if (lk_statement_step (statement, error) != LK_STEP_ROW)
    return FALSE;
  *id = lk_statement_get_int (statement, 0);
  return TRUE;
}

/* UPDATE table SET column = ?1 ... WHERE key = ?n */
static gboolean
update_part (LkDb *db, const LkLicenseParts *parts, LkPart part, const char *more, gint64 id,
             GError **error)
{
  g_autoptr (GString) sql = g_string_new (NULL);
  g_autoptr (LkStatement) statement = NULL;
  GPtrArray *columns = parts->columns[part];

  if (columns->len == 0 && *more == '\0')
    return TRUE;

  g_string_append_printf (sql, "UPDATE %s SET ", part_tables[part].table);
  for (guint i = 0; i < columns->len; i++)
    g_string_append_printf (sql, "%s%s = ?%u", i > 0 ? ", " : "", (char *) columns->pdata[i],
                            i + 1);
  g_string_append_printf (sql, "%s%s WHERE %s = ?%u", columns->len > 0 && *more != '\0' ? ", " : "",
                          more, part_tables[part].key, columns->len + 1);

  statement = lk_db_prepare (db, sql->str, error);
  if (statement == NULL)
    return FALSE;

  bind_values (statement, parts->values[part]);
  lk_statement_bind_int (statement, columns->len + 1, id);
  return lk_statement_run (statement, error);
}

/* A record with a key that people know (a product's number, an affiliate's id): made when it is not
 * there, named when the change names it. Without its key it is found, or made, by its name. */
static gboolean
write_named (LkDb *db, LkLicenseParts *parts, LkPart part, const char *name_column, GError **error)
{
  const char *table = part_tables[part].table;
  const char *key = part_tables[part].key;
  gboolean has_name = lk_license_parts_has (parts, part, name_column);
  const char *id = lk_license_parts_get (parts, LK_PART_LICENSE, key);
  const char *name = lk_license_parts_get (parts, part, name_column);
  g_autofree char *sql = NULL;
  g_autoptr (LkStatement) statement = NULL;

  if (id == NULL)
    return TRUE;

  sql = has_name ? g_strdup_printf ("INSERT INTO %s (%s, %s) VALUES (?1, ?2)"
                                    " ON CONFLICT (%s) DO UPDATE SET %s = excluded.%s"
                                    " WHERE %s.%s IS DISTINCT FROM excluded.%s",
                                    table, key, name_column, key, name_column, name_column, table,
                                    name_column, name_column)
                 : g_strdup_printf ("INSERT INTO %s (%s) VALUES (?1) ON CONFLICT (%s) DO NOTHING",
                                    table, key, key);
  statement = lk_db_prepare (db, sql, error);
  if (statement == NULL)
    return FALSE;

  lk_statement_bind_text (statement, 1, id);
  if (has_name)
    lk_statement_bind_text (statement, 2, name);
  return lk_statement_run (statement, error);
}

/* A product's or organization's name without its number: the number of the one of that name, or a
 * new one. */
static gboolean
resolve_name (LkDb *db, LkLicenseParts *parts, LkPart part, const char *name_column, GError **error)
{
  const char *key = part_tables[part].key;
  const char *name = lk_license_parts_get (parts, part, name_column);
  g_autofree char *sql = NULL;
  g_autofree char *text = NULL;
  gint64 id;

  if (name == NULL || lk_license_parts_has (parts, LK_PART_LICENSE, key))
    return TRUE;

  sql = g_strdup_printf ("SELECT min (%s) FROM %s WHERE %s = ?1", key, part_tables[part].table,
                         name_column);
  if (!query_int (db, sql, name, 0, &id, error))
    return FALSE;
  if (id == 0 && !insert_part (db, parts, part, &id, error))
    return FALSE;

  text = g_strdup_printf ("%" G_GINT64_FORMAT, id);
  lk_license_parts_set (parts, LK_PART_LICENSE, key, text);
  return TRUE;
}

static gboolean
write_references (LkDb *db, LkLicenseParts *parts, GError **error)
{
  return resolve_name (db, parts, LK_PART_PRODUCT, "ProductName", error)
         && resolve_name (db, parts, LK_PART_ORGANIZATION, "OrganizationName", error)
         && write_named (db, parts, LK_PART_PRODUCT, "ProductName", error)
         && write_named (db, parts, LK_PART_ORGANIZATION, "OrganizationName", error)
         && write_named (db, parts, LK_PART_AFFILIATE, "AffiliateName", error);
}

/* A copy of a customer's record. */
static gboolean
copy_customer (LkDb *db, gint64 customer, gint64 *copy, GError **error)
{
  return query_int (db,
                    "INSERT INTO customers (FullName, Company, Email, Phone, Address1, Address2,"
                    " City, State, Zip, Country, IncludeInMailList, PrivacyConsent, Notes)"
                    " SELECT FullName, Company, Email, Phone, Address1, Address2, City, State, Zip,"
                    " Country, IncludeInMailList, PrivacyConsent, Notes FROM customers"
                    " WHERE CustomerID = ?1 RETURNING CustomerID",
                    NULL, customer, copy, error);
}

/* Which customer a license belongs to after the change, see LkLicenseChange. @customer: in, the one
 * of now (0: none); out, the one to update (0: one has to be made). */
static gboolean
choose_customer (LkDb *db, const LkLicenseParts *parts, gint64 *customer, GError **error)
{
  const char *email = lk_license_parts_get (parts, LK_PART_CUSTOMER, "Email");
  gint64 owner;
  gint64 n_licenses;

  if (email == NULL)
    return TRUE;
  if (!query_int (db, "SELECT min (CustomerID) FROM customers WHERE Email = ?1", email, 0, &owner,
                  error))
    return FALSE;

  if (owner != 0 || *customer == 0)
    {
      *customer = owner;
      return TRUE;
    }
  if (!query_int (db, "SELECT count (*) FROM licenses WHERE CustomerID = ?1", NULL, *customer,
                  &n_licenses, error))
    return FALSE;
  return n_licenses <= 1 || copy_customer (db, *customer, customer, error);
}

/* @license_id: 0 for one that is about to be made. */
static gboolean
write_customer (LkDb *db, LkLicenseParts *parts, gint64 license_id, GError **error)
{
  g_autofree char *text = NULL;
  gint64 customer = 0;

  if (parts->columns[LK_PART_CUSTOMER]->len == 0)
    return TRUE;

  if (license_id != 0
      && !query_int (db, "SELECT CustomerID FROM licenses WHERE LicenseID = ?1", NULL, license_id,
                     &customer, error))
    return FALSE;
  if (!choose_customer (db, parts, &customer, error))
    return FALSE;

  if (customer == 0 ? !insert_part (db, parts, LK_PART_CUSTOMER, &customer, error)
                    : !update_part (db, parts, LK_PART_CUSTOMER, "", customer, error))
    return FALSE;

  text = g_strdup_printf ("%" G_GINT64_FORMAT, customer);
  lk_license_parts_set (parts, LK_PART_LICENSE, "CustomerID", text);
  return TRUE;
}

static gboolean
write_activation (LkDb *db, const LkLicenseParts *parts, gint64 license_id, GError **error)
{
  gboolean has_value = FALSE;

  for (guint i = 0; i < parts->values[LK_PART_ACTIVATION]->len; i++)
    has_value |= parts->values[LK_PART_ACTIVATION]->pdata[i] != NULL;

  if (has_value
      && !run_with_id (db,
                       "INSERT INTO activations (LicenseID, Position) VALUES (?1, 0)"
                       " ON CONFLICT (LicenseID, Position) DO NOTHING",
                       license_id, error))
    return FALSE;
  return update_part (db, parts, LK_PART_ACTIVATION, "", license_id, error);
}

static gboolean
check_version (LkDb *db, const LkLicenseChange *change, GError **error)
{
  gint64 version;

  if (!query_int (db, "SELECT Version FROM licenses WHERE LicenseID = ?1", NULL, change->license_id,
                  &version, error))
    return FALSE;

  if (version == 0)
    {
      g_set_error (error, LK_ERROR, LK_ERROR_NOT_FOUND,
                   _ ("license %" PRId64 " is not there any more; reload the list"),
                   change->license_id);
      return FALSE;
    }
  if (change->expected_version >= 0 && version != change->expected_version)
    {
      g_set_error (error, LK_ERROR, LK_ERROR_CONFLICT,
                   _ ("license %" PRId64 " was changed by somebody else in the meantime; "
                      "reload it and make the change again"),
                   change->license_id);
      return FALSE;
    }
  return TRUE;
}

static gboolean
check_key (LkDb *db, const LkLicenseParts *parts, gint64 license_id, GError **error)
{
  const char *key = lk_license_parts_get (parts, LK_PART_LICENSE, "ActivationKey");
  gint64 owner;

  if (key == NULL || key[strspn (key, " \t")] == '\0')
    {
      if (key == NULL && license_id != 0
          && !lk_license_parts_has (parts, LK_PART_LICENSE, "ActivationKey"))
        return TRUE;
      g_set_error (error, LK_ERROR, LK_ERROR_INVALID,
                   _ ("ActivationKey is blank; every license needs one"));
      return FALSE;
    }
  if (!query_int (db, "SELECT LicenseID FROM licenses WHERE ActivationKey = ?1", key, 0, &owner,
                  error))
    return FALSE;
  if (owner == 0 || owner == license_id)
    return TRUE;

  g_set_error (error, LK_ERROR, LK_ERROR_EXISTS,
               _ ("ActivationKey “%s” belongs to another license already; choose another key"),
               key);
  return FALSE;
}

static gboolean
find_for_upsert (LkDb *db, LkLicenseChange *change, const LkLicenseParts *parts, GError **error)
{
  const char *key = lk_license_parts_get (parts, LK_PART_LICENSE, "ActivationKey");

  if (!change->is_upsert || change->license_id != 0 || key == NULL)
    return TRUE;

  return query_int (db, "SELECT LicenseID FROM licenses WHERE ActivationKey = ?1", key, 0,
                    &change->license_id, error);
}

static gboolean
write_change (LkDb *db, LkLicenseChange *change, GError **error)
{
  g_autoptr (LkLicenseParts) parts = lk_license_parts_new (change, error);
  gint64 id;

  if (parts == NULL || !find_for_upsert (db, change, parts, error))
    return FALSE;
  if (change->license_id != 0 && !check_version (db, change, error))
    return FALSE;
  if (change->is_delete)
    return run_with_id (db, "DELETE FROM licenses WHERE LicenseID = ?1", change->license_id, error);

  id = change->license_id;
  if (!check_key (db, parts, id, error) || !write_references (db, parts, error)
      || !write_customer (db, parts, id, error))
    return FALSE;
  if (id == 0 ? !insert_part (db, parts, LK_PART_LICENSE, &id, error)
              : !update_part (db, parts, LK_PART_LICENSE, "Version = Version + 1", id, error))
    return FALSE;

  change->license_id = id;
  return write_activation (db, parts, id, error);
}

/* What is wrong with a change, as opposed to what is wrong with the database. */
static gboolean
is_refusal (const GError *error)
{
  return g_error_matches (error, LK_ERROR, LK_ERROR_INVALID)
         || g_error_matches (error, LK_ERROR, LK_ERROR_ENCODING)
         || g_error_matches (error, LK_ERROR, LK_ERROR_EXISTS)
         || g_error_matches (error, LK_ERROR, LK_ERROR_CONFLICT)
         || g_error_matches (error, LK_ERROR, LK_ERROR_NOT_FOUND)
         || g_error_matches (error, LK_ERROR, LK_ERROR_IN_USE);
}

/**
 * lk_license_writer_run:
 * @db: a connection in a transaction
 * @source: where the changes come from
 * @data: for the functions of @source
 * @error: return location
 *
 * Makes changes, one after the other. After one that was refused it goes on as long as the source
 * wants to hear what else is wrong, but fails in the end. Thread: the writer's.
 *
 * Returns: whether all were made; otherwise the first refusal, or as the database fails; the caller
 *   rolls back
 */
gboolean
lk_license_writer_run (LkDb *db, const LkLicenseSource *source, gpointer data, GError **error)
{
  g_autoptr (GError) refusal = NULL; /* the first one */

  for (;;)
    {
      g_autoptr (GError) failure = NULL;
      g_autoptr (LkLicenseChange) change = source->next (data, &failure);

      if (failure != NULL)
        {
          g_propagate_error (error, g_steal_pointer (&failure));
          return FALSE;
        }
      if (change == NULL)
        break;

      if (write_change (db, change, &failure))
        {
          if (source->written != NULL)
            source->written (data, change);
          continue;
        }
      if (!is_refusal (failure) || !source->reject (data, failure))
        {
          g_propagate_error (error, g_steal_pointer (&failure));
          return FALSE;
        }
      if (refusal == NULL)
        refusal = g_steal_pointer (&failure);
    }

  if (refusal == NULL)
    return TRUE;

  g_propagate_error (error, g_steal_pointer (&refusal));
  return FALSE;
}
