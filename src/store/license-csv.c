/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-license-csv"

#include "config.h"

#include <string.h>

#include <inttypes.h>
#include <glib/gi18n-lib.h>

#include "core/error.h"
#include "store/csv-reader.h"
#include "store/license-csv.h"

#define MAX_PROBLEMS 100

/* An import on its way. The source's functions run on the server's writing thread. */
typedef struct
{
  GFile *file;
  GCancellable *cancellable;
  LkCsvReader *reader; /* NULL before the first record */
  GPtrArray *columns;  /* of LkLicenseField; NULL entries are ignored */
  GPtrArray *record;
  GHashTable *keys; /* ActivationKey to line: a key may stand in the file once */
  LkCsvReport *report;
  gint64 n_problems;
  gboolean is_readable; /* no: the file itself is broken, not a line of it */
} Import;

static void
import_free (Import *self)
{
  g_clear_object (&self->file);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->reader, lk_csv_reader_free);
  g_clear_pointer (&self->columns, g_ptr_array_unref);
  g_clear_pointer (&self->record, g_ptr_array_unref);
  g_clear_pointer (&self->keys, g_hash_table_unref);
  g_clear_pointer (&self->report, lk_csv_report_free);
  g_free (self);
}

static void
add_problem (Import *self, guint64 line, const char *message)
{
  self->n_problems++;
  if (self->n_problems <= MAX_PROBLEMS)
    g_ptr_array_add (self->report->problems,
                     g_strdup_printf (_ ("line %" PRIu64 ": %s"), line, message));
}

/* Both names of a column, in any case; and the names of the webhook that have no column, whose
 * values are constants. Note that `Features` is a column of its own, other than the webhook's
 * `Features`, which is EnabledFeatures here: the column wins. */
static gboolean
find_column (const char *name, const LkLicenseField **field)
{
  g_autofree char *stripped = g_strstrip (g_strdup (name));

  *field = lk_license_field_find (stripped);
  if (*field == NULL)
    *field = lk_license_field_find_json (stripped);
  if (*field == NULL)
    return FALSE;
  if ((*field)->column == NULL)
    *field = NULL;
  return TRUE;
}

static gboolean
add_column (Import *self, const char *name)
{
  g_autofree char *message = NULL;
  const LkLicenseField *field;

  if (!find_column (name, &field))
    message = g_strdup_printf (_ ("there is no column “%s”; use the names of the SQL columns or of "
                                  "the webhook"),
                               name);
  else if (field != NULL && g_ptr_array_find (self->columns, field, NULL))
    {
      /* SubscriptionID is a second name of ReceiptID, and the webhook has both. */
      if (g_ascii_strcasecmp (name, field->column) == 0)
        message = g_strdup_printf (_ ("the column “%s” stands there twice; remove one"), name);
      field = NULL;
    }

  if (message != NULL)
    add_problem (self, lk_csv_reader_get_line (self->reader), message);
  g_ptr_array_add (self->columns, (gpointer) field);
  return message == NULL;
}

static gboolean
read_record (Import *self, gboolean *at_end, GError **error)
{
  self->is_readable =
      lk_csv_reader_next (self->reader, self->record, at_end, self->cancellable, error);
  return self->is_readable;
}

static gboolean
read_header (Import *self, GError **error)
{
  const LkLicenseField *key = lk_license_field_find ("ActivationKey");
  g_autofree char *name = g_file_get_parse_name (self->file);
  g_autoptr (GFileInputStream) stream = g_file_read (self->file, self->cancellable, error);
  gboolean at_end;

  if (stream == NULL)
    {
      self->is_readable = FALSE;
      return FALSE;
    }

  self->reader = lk_csv_reader_new (G_INPUT_STREAM (stream), name);
  if (!read_record (self, &at_end, error))
    return FALSE;

  for (guint i = 0; i < self->record->len; i++)
    add_column (self, self->record->pdata[i]);
  if (!g_ptr_array_find (self->columns, key, NULL))
    add_problem (self, 1, _ ("there is no column “ActivationKey”; every license needs one"));
  if (self->n_problems == 0)
    return TRUE;

  g_set_error (error, LK_ERROR, LK_ERROR_INVALID, _ ("“%s” has a header that cannot be used"),
               name);
  return FALSE;
}

static gboolean
check_key_once (Import *self, const char *key)
{
  guint64 line = lk_csv_reader_get_line (self->reader);
  g_autofree char *folded = g_ascii_strdown (key, -1);
  g_autofree char *message = NULL;
  gpointer earlier = g_hash_table_lookup (self->keys, folded);

  if (*key == '\0')
    return TRUE; /* the writer says what is wrong with it */
  if (earlier == NULL)
    {
      g_hash_table_insert (self->keys, g_steal_pointer (&folded), GSIZE_TO_POINTER (line));
      return TRUE;
    }

  message =
      g_strdup_printf (_ ("ActivationKey “%s” stands in line %zu already; remove one of them"), key,
                       GPOINTER_TO_SIZE (earlier));
  add_problem (self, line, message);
  return FALSE;
}

/* Returns NULL for a record that cannot be one license; then the problem was noted. */
static LkLicenseChange *
make_change (Import *self)
{
  g_autoptr (LkLicenseChange) change = lk_license_change_new (0);
  const LkLicenseField *key = lk_license_field_find ("ActivationKey");

  if (self->record->len != self->columns->len)
    {
      g_autofree char *message =
          g_strdup_printf (_ ("it has %u values where the header has %u; look for a stray "
                              "delimiter or quote"),
                           self->record->len, self->columns->len);

      add_problem (self, lk_csv_reader_get_line (self->reader), message);
      return NULL;
    }

  change->is_upsert = TRUE;
  for (guint i = 0; i < self->record->len; i++)
    {
      const LkLicenseField *field = self->columns->pdata[i];

      if (field == key && !check_key_once (self, self->record->pdata[i]))
        return NULL;
      if (field != NULL)
        lk_license_change_set (change, field, self->record->pdata[i]);
    }
  return g_steal_pointer (&change);
}

static LkLicenseChange *
next_change (gpointer data, GError **error)
{
  Import *self = data;
  LkLicenseChange *change = NULL;
  gboolean at_end = FALSE;

  if (self->reader == NULL && !read_header (self, error))
    return NULL;

  while (change == NULL)
    {
      if (!read_record (self, &at_end, error))
        return NULL;
      if (at_end)
        break;
      change = make_change (self);
    }

  if (change == NULL && self->n_problems > 0)
    g_set_error (error, LK_ERROR, LK_ERROR_INVALID, _ ("some lines cannot be imported"));
  return change;
}

static gboolean
reject_change (gpointer data, const GError *reason)
{
  Import *self = data;

  add_problem (self, lk_csv_reader_get_line (self->reader), reason->message);
  return TRUE;
}

static void
count_change (gpointer data, const LkLicenseChange *change)
{
  Import *self = data;

  self->report->n_rows++;
}

static const LkLicenseSource import_source = {
  .next = next_change,
  .reject = reject_change,
  .written = count_change,
};

/* The report of an import that was refused: nothing was imported. */
static void
close_report (Import *self)
{
  if (self->n_problems == 0)
    return;

  self->report->n_rows = 0;
  if (self->n_problems > MAX_PROBLEMS)
    g_ptr_array_add (self->report->problems,
                     g_strdup_printf (_ ("and %" PRId64 " more"), self->n_problems - MAX_PROBLEMS));
}

static void
imported_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Import *self = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  gboolean written = lk_license_server_write_finish (LK_LICENSE_SERVER (source), result, &error);

  close_report (self);
  if (written || (self->n_problems > 0 && self->is_readable))
    g_task_return_pointer (task, g_steal_pointer (&self->report),
                           (GDestroyNotify) lk_csv_report_free);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

static gboolean
needs_quotes (const char *value)
{
  gsize length = strlen (value);

  return strpbrk (value, "\",;\t\r\n") != NULL
         || (length > 0 && (value[0] == ' ' || value[length - 1] == ' '));
}

static void
append_value (GString *line, const char *value)
{
  if (value == NULL)
    return;
  if (!needs_quotes (value))
    {
      g_string_append (line, value);
      return;
    }

  g_string_append_c (line, '"');
  for (; *value != '\0'; value++)
    {
      if (*value == '"')
        g_string_append_c (line, '"');
      g_string_append_c (line, *value);
    }
  g_string_append_c (line, '"');
}

/* The header for a license of NULL. */
static void
append_line (GString *text, const LkLicense *license)
{
  gboolean is_first = TRUE;

  for (gsize i = 0; i < lk_license_n_fields; i++)
    {
      const LkLicenseField *field = &lk_license_fields[i];

      if (field->column == NULL)
        continue;
      if (!is_first)
        g_string_append_c (text, ',');
      is_first = FALSE;
      append_value (text, license != NULL ? lk_license_get (license, field) : field->column);
    }
  g_string_append (text, "\r\n");
}

typedef struct
{
  GOutputStream *stream;
  GCancellable *cancellable;
  gboolean has_header;
} Export;

static void
export_free (Export *self)
{
  g_clear_object (&self->stream);
  g_clear_object (&self->cancellable);
  g_free (self);
}

/* On a pool thread of the server. */
static gboolean
write_batch (GPtrArray *licenses, gpointer user_data, GError **error)
{
  Export *self = user_data;
  g_autoptr (GString) text = g_string_new (NULL);

  if (!self->has_header)
    append_line (text, NULL);
  self->has_header = TRUE;
  for (guint i = 0; i < licenses->len; i++)
    append_line (text, licenses->pdata[i]);

  return g_output_stream_write_all (self->stream, text->str, text->len, NULL, self->cancellable,
                                    error);
}

static void
exported_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  gint64 n_seen = lk_license_server_scan_finish (LK_LICENSE_SERVER (source), result, &error);

  if (n_seen < 0)
    g_task_return_error (task, g_steal_pointer (&error));
  else
    g_task_return_int (task, n_seen);
}

/**
 * lk_csv_report_free:
 * @self: (transfer full) (nullable): a report
 */
void
lk_csv_report_free (LkCsvReport *self)
{
  if (self == NULL)
    return;

  g_ptr_array_unref (self->problems);
  g_free (self);
}

/**
 * lk_license_csv_import_async:
 * @server: where the licenses go
 * @file: comma-separated values, see #LkCsvReader, with a header of SQL or webhook names
 * @cancellable: (nullable): stops it; then nothing was imported
 * @callback: what to call when it is done
 * @user_data: for @callback
 *
 * Imports licenses in one transaction, off the main loop. A license whose ActivationKey is there
 * already is changed in the columns that the file has; an empty value makes the license's value
 * absent. A column LicenseID is ignored: the database gives the ids.
 */
void
lk_license_csv_import_async (LkLicenseServer *server, GFile *file, GCancellable *cancellable,
                             GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task;
  Import *import;

  g_return_if_fail (LK_IS_LICENSE_SERVER (server) && G_IS_FILE (file));

  import = g_new0 (Import, 1);
  import->file = g_object_ref (file);
  g_set_object (&import->cancellable, cancellable);
  import->columns = g_ptr_array_new ();
  import->record = g_ptr_array_new_with_free_func (g_free);
  import->keys = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  import->report = g_new0 (LkCsvReport, 1);
  import->report->problems = g_ptr_array_new_with_free_func (g_free);
  import->is_readable = TRUE;

  task = g_task_new (server, cancellable, callback, user_data);
  g_task_set_source_tag (task, lk_license_csv_import_async);
  g_task_set_check_cancellable (task, FALSE); /* what was imported was imported */
  g_task_set_task_data (task, import, (GDestroyNotify) import_free);
  lk_license_server_write_from_async (server, &import_source, import, NULL, cancellable,
                                      imported_cb, task);
}

/**
 * lk_license_csv_import_finish:
 * @server: the server
 * @result: what the callback was given
 * @error: return location
 *
 * Returns: (transfer full) (nullable): what happened: with any problem in it nothing was imported.
 *   Fails with %LK_ERROR_ENCODING when the file is not UTF-8, %LK_ERROR_INVALID when a quote is
 *   never closed, or as the file or the database fails
 */
LkCsvReport *
lk_license_csv_import_finish (LkLicenseServer *server, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, server), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * lk_license_csv_export_async:
 * @server: where the licenses are
 * @query: which ones, in which order
 * @stream: where they go; it stays open
 * @cancellable: (nullable): stops it
 * @callback: what to call when it is done
 * @user_data: for @callback
 *
 * Writes licenses as comma-separated values (RFC 4180; UTF-8 without a byte order mark) with a
 * header of SQL names, off the main loop. Values are written as they are, also those that begin
 * with `=`, `+`, `-` or `@`, so that an import gives back what was exported: who opens the file in
 * a spreadsheet imports these columns as text.
 */
void
lk_license_csv_export_async (LkLicenseServer *server, const LkLicenseQuery *query,
                             GOutputStream *stream, GCancellable *cancellable,
                             GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task;
  Export *export;

  g_return_if_fail (LK_IS_LICENSE_SERVER (server) && G_IS_OUTPUT_STREAM (stream));

  export = g_new0 (Export, 1);
  export->stream = g_object_ref (stream);
  g_set_object (&export->cancellable, cancellable);

  task = g_task_new (server, cancellable, callback, user_data);
  g_task_set_source_tag (task, lk_license_csv_export_async);
  g_task_set_task_data (task, export, (GDestroyNotify) export_free);
  lk_license_server_scan_async (server, query, 1000, write_batch, export, cancellable, exported_cb,
                                task);
}

/**
 * lk_license_csv_export_finish:
 * @server: the server
 * @result: what the callback was given
 * @error: return location
 *
 * Returns: how many licenses were written; -1 on error
 */
gint64
lk_license_csv_export_finish (LkLicenseServer *server, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, server), -1);

  return g_task_propagate_int (G_TASK (result), error);
}
