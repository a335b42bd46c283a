/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-sample-licenses"

#include "config.h"

#include <errno.h>

#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>

#include "store/migrator.h"
#include "store/sample-licenses.h"

/* What is being filled. */
typedef struct
{
  LkDb *db;
  gint64 n_licenses;
  gint64 n_customers;
  GDateTime *today;
} Filling;

static gboolean
fill_products (const Filling *self, GError **error)
{
  g_autoptr (LkStatement) statement = lk_db_prepare (
      self->db, "INSERT INTO products (ProductID, ProductName) VALUES (?1, ?2)", error);

  for (int i = 0; statement != NULL && i < LK_SAMPLE_N_PRODUCTS; i++)
    {
      lk_statement_bind_int (statement, 1, i + 1);
      lk_statement_bind_text (statement, 2, lk_sample_get_product (i));
      if (!lk_statement_run (statement, error))
        return FALSE;
    }
  return statement != NULL;
}

static gboolean
fill_organizations (const Filling *self, GError **error)
{
  g_autoptr (LkStatement) statement = lk_db_prepare (
      self->db, "INSERT INTO organizations (OrganizationID, OrganizationName) VALUES (?1, ?2)",
      error);

  for (int i = 0; statement != NULL && i < LK_SAMPLE_N_ORGANIZATIONS; i++)
    {
      g_autofree char *name = lk_sample_dup_organization (i);

      lk_statement_bind_int (statement, 1, i + 1);
      lk_statement_bind_text (statement, 2, name);
      if (!lk_statement_run (statement, error))
        return FALSE;
    }
  return statement != NULL;
}

static gboolean
fill_affiliates (const Filling *self, GError **error)
{
  g_autoptr (LkStatement) statement = lk_db_prepare (
      self->db, "INSERT INTO affiliates (AffiliateID, AffiliateName) VALUES (?1, ?2)", error);

  for (int i = 0; statement != NULL && i < LK_SAMPLE_N_AFFILIATES; i++)
    {
      g_autofree char *id = g_strdup_printf ("AFF-%d", i + 1);

      lk_statement_bind_text (statement, 1, id);
      lk_statement_bind_text (statement, 2, lk_sample_get_affiliate (i));
      if (!lk_statement_run (statement, error))
        return FALSE;
    }
  return statement != NULL;
}

static gboolean
fill_customers (const Filling *self, GError **error)
{
  g_autoptr (LkStatement) statement = lk_db_prepare (
      self->db,
      "INSERT INTO customers (CustomerID, FullName, Company, Email, Phone, Address1, City, State,"
      " Zip, Country, IncludeInMailList, PrivacyConsent)"
      " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
      error);

  for (gint64 id = 1; statement != NULL && id <= self->n_customers; id++)
    {
      lk_sample_bind_customer (statement, id);
      if (!lk_statement_run (statement, error))
        return FALSE;
    }
  return statement != NULL;
}

static gboolean
fill_licenses (const Filling *self, GError **error)
{
  g_autoptr (LkStatement) statement = lk_db_prepare (
      self->db,
      "INSERT INTO licenses (LicenseID, CustomerID, ActivationKey, LicenseModel, ProductID,"
      " MajorVersion, MinorVersion, SubscriptionExpiryDate, MaintenanceRenewalDate,"
      " SubscriptionDuration, CreationDate, OrderDate, OrderID, OrderStatus, ReceiptID,"
      " AffiliateID, OrganizationID, NumLicenses, AvailableLicenses, FloatingSeats,"
      " ActivationCount, Disabled, EnabledFeatures, Features, UserData1, Comment)"
      " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18,"
      " ?19, ?20, ?21, ?22, ?23, ?24, ?25, ?26)",
      error);

  for (gint64 id = 1; statement != NULL && id <= self->n_licenses; id++)
    {
      lk_sample_bind_license (statement, id, self->n_customers, self->today);
      if (!lk_statement_run (statement, error))
        return FALSE;
    }
  return statement != NULL;
}

static gboolean
fill_activations (const Filling *self, GError **error)
{
  g_autoptr (LkStatement) statement = lk_db_prepare (
      self->db,
      "INSERT INTO activations (LicenseID, Position, ComputerID, ComputerName, ComputerKey,"
      " ComputerType, IP_Address, ClientVersion, ActivationDate, LastAccessedDate)"
      " VALUES (?1, 0, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
      error);

  for (gint64 id = 1; statement != NULL && id <= self->n_licenses; id++)
    if (lk_sample_bind_activation (statement, id, self->today)
        && !lk_statement_run (statement, error))
      return FALSE;
  return statement != NULL;
}

/* Takes the indexes away, so that they can be made in one go when the rows are there: twice as
 * fast. Returns the statements that make them; NULL on error. */
static GPtrArray *
drop_indexes (LkDb *db, GError **error)
{
  g_autoptr (GPtrArray) statements = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GString) drops = g_string_new (NULL);
  g_autoptr (LkStatement) query = lk_db_prepare (
      db, "SELECT name, sql FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL", error);
  LkStep step = LK_STEP_ERROR;

  while (query != NULL && (step = lk_statement_step (query, error)) == LK_STEP_ROW)
    {
      g_ptr_array_add (statements, lk_statement_dup_text (query, 1));
      g_string_append_printf (drops, "DROP INDEX %s;", lk_statement_get_text (query, 0));
    }
  g_clear_pointer (&query, lk_statement_release);

  if (step != LK_STEP_DONE || !lk_db_execute (db, drops->str, error))
    return NULL;
  return g_steal_pointer (&statements);
}

static gboolean
fill (const Filling *self, GError **error)
{
  g_autoptr (GPtrArray) indexes = drop_indexes (self->db, error);

  if (indexes == NULL || !fill_products (self, error) || !fill_organizations (self, error)
      || !fill_affiliates (self, error) || !fill_customers (self, error)
      || !fill_licenses (self, error) || !fill_activations (self, error))
    return FALSE;

  for (guint i = 0; i < indexes->len; i++)
    if (!lk_db_execute (self->db, indexes->pdata[i], error))
      return FALSE;
  return lk_db_execute (self->db, "ANALYZE", error);
}

/* Nobody sees the file before it is complete, so it needs neither a journal nor a sync on the way;
 * the checkpoint at the end syncs it. */
static gboolean
fill_file (const char *path, gint64 n_licenses, GDateTime *today, GError **error)
{
  g_autofree char *uri = g_strconcat ("sqlite:", path, NULL);
  g_autoptr (LkDb) db = lk_migrator_open (uri, &lk_license_schema, LK_DB_CREATE, error);
  Filling filling = { db, n_licenses, n_licenses / 3 + 1, today };

  if (db == NULL
      || !lk_db_execute (db,
                         "PRAGMA journal_mode=MEMORY; PRAGMA synchronous=OFF;"
                         "PRAGMA cache_size=-131072; PRAGMA foreign_keys=OFF;"
                         "PRAGMA threads=2; PRAGMA analysis_limit=1000;",
                         error)
      || !lk_db_begin (db, error))
    return FALSE;

  if (!fill (&filling, error))
    {
      lk_db_rollback (db);
      return FALSE;
    }
  return lk_db_commit (db, error)
         && lk_db_execute (db, "PRAGMA synchronous=FULL; PRAGMA journal_mode=WAL;", error);
}

static void
remove_file (const char *path)
{
  static const char *const endings[] = { "", "-wal", "-shm", "-journal" };

  for (gsize i = 0; i < G_N_ELEMENTS (endings); i++)
    {
      g_autofree char *name = g_strconcat (path, endings[i], NULL);

      g_unlink (name);
    }
}

/**
 * lk_sample_licenses_create:
 * @path: where; there must be no file yet
 * @n_licenses: how many licenses; 1 to 10 million
 * @now: the moment that their dates lie around
 * @error: return location
 *
 * Makes a license database of invented licenses, always the same ones for the same day. Of all
 * subscriptions and trials every tenth license expires within 30 days. Blocks (a million takes some
 * ten seconds).
 *
 * Returns: whether it is there; fails with %LK_ERROR_EXISTS, %LK_ERROR_FULL, %LK_ERROR_READ_ONLY,
 *   %LK_ERROR_IO; then there is no file
 */
gboolean
lk_sample_licenses_create (const char *path, gint64 n_licenses, LkInstant now, GError **error)
{
  g_autofree char *draft = g_strconcat (path, ".draft", NULL);
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc (now / LK_SECOND);
  g_autoptr (GDateTime) today = g_date_time_to_local (utc);
  gboolean filled;

  g_return_val_if_fail (n_licenses > 0 && n_licenses <= 10 * 1000 * 1000, FALSE);

  if (g_file_test (path, G_FILE_TEST_EXISTS))
    {
      g_set_error (error, LK_ERROR, LK_ERROR_EXISTS,
                   _ ("“%s” is there already; remove it or choose another path"), path);
      return FALSE;
    }

  remove_file (draft);
  filled = fill_file (draft, n_licenses, today, error);
  if (filled && g_rename (draft, path) != 0)
    {
      g_set_error (error, LK_ERROR, LK_ERROR_IO, _ ("“%s” cannot be named “%s” (%s)"), draft, path,
                   g_strerror (errno));
      filled = FALSE;
    }
  remove_file (draft); /* or what was beside it */
  return filled;
}
