/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-license-server"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "core/error.h"
#include "store/license-server.h"
#include "store/sqlite-license-server.h"

enum
{
  CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_ABSTRACT_TYPE (LkLicenseServer, lk_license_server, G_TYPE_OBJECT)

/* The source behind lk_license_server_write_async(): an array that the caller keeps. */
typedef struct
{
  GPtrArray *changes;
  guint next;
} ChangeArray;

static void
change_array_free (ChangeArray *self)
{
  g_ptr_array_unref (self->changes);
  g_free (self);
}

/* The array's changes are lent, and what writes them frees what it is given: so it is given copies
 * that share nothing, and the new LicenseID is noted in the original. */
static LkLicenseChange *
change_copy (const LkLicenseChange *original)
{
  LkLicenseChange *copy = lk_license_change_new (original->license_id);

  copy->is_upsert = original->is_upsert;
  copy->is_delete = original->is_delete;
  copy->expected_version = original->expected_version;
  for (guint i = 0; i < original->fields->len; i++)
    lk_license_change_set (copy, original->fields->pdata[i], original->values->pdata[i]);
  return copy;
}

static LkLicenseChange *
next_of_array (gpointer data, GError **error)
{
  ChangeArray *self = data;

  if (self->next >= self->changes->len)
    return NULL;
  return change_copy (self->changes->pdata[self->next++]);
}

static void
note_written (gpointer data, const LkLicenseChange *change)
{
  ChangeArray *self = data;
  LkLicenseChange *original = self->changes->pdata[self->next - 1];

  original->license_id = change->license_id;
}

static gboolean
reject_of_array (gpointer data, const GError *reason)
{
  return FALSE;
}

static const LkLicenseSource array_source = {
  .next = next_of_array,
  .reject = reject_of_array,
  .written = note_written,
};

static void
lk_license_server_class_init (LkLicenseServerClass *klass)
{
  /**
   * LkLicenseServer::changed:
   * @self: the server
   *
   * Some process changed licenses. See lk_license_server_watch().
   */
  signals[CHANGED] = g_signal_new ("changed", LK_TYPE_LICENSE_SERVER, G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 0);
}

static void
lk_license_server_init (LkLicenseServer *self)
{
}

/**
 * lk_license_server_open:
 * @uri: `sqlite:PATH`
 * @base_folder: (nullable): what a relative PATH is relative to
 * @error: return location
 *
 * Opens a license database. Blocks until it is open; an older schema is upgraded after a backup.
 *
 * Returns: (transfer full) (nullable): the server. Fails with %LK_ERROR_INVALID for an unknown kind
 *   of database, %LK_ERROR_NOT_FOUND, %LK_ERROR_CORRUPT, %LK_ERROR_NEWER_SCHEMA, %LK_ERROR_BUSY,
 *   %LK_ERROR_READ_ONLY, %LK_ERROR_IO
 */
LkLicenseServer *
lk_license_server_open (const char *uri, const char *base_folder, GError **error)
{
  g_return_val_if_fail (uri != NULL, NULL);

  if (g_str_has_prefix (uri, "sqlite:"))
    {
      const char *location = uri + strlen ("sqlite:");
      g_autofree char *path = g_canonicalize_filename (location, base_folder);

      if (*location != '\0')
        return lk_sqlite_license_server_open (path, error);
    }

  if (g_str_has_prefix (uri, "postgresql:") || g_str_has_prefix (uri, "postgres:"))
    g_set_error (
        error, LK_ERROR, LK_ERROR_INVALID,
        _ ("“%s” cannot be opened: this build of Latchkey has no PostgreSQL support yet; use "
           "a license database of the kind sqlite:PATH"),
        uri);
  else
    g_set_error (error, LK_ERROR, LK_ERROR_INVALID,
                 _ ("“%s” names no license database; write sqlite:PATH"), uri);
  return NULL;
}

/**
 * lk_license_server_is_replaced:
 * @self: a server
 *
 * Who is handed a server that is open already would otherwise go on with a file that was deleted,
 * when a restored backup or the copy of last night took its place. Blocks for a look at the disk.
 * Any thread.
 *
 * Returns: whether another database, or none, is by now where this one was opened
 */
gboolean
lk_license_server_is_replaced (LkLicenseServer *self)
{
  LkLicenseServerClass *klass;

  g_return_val_if_fail (LK_IS_LICENSE_SERVER (self), FALSE);

  klass = LK_LICENSE_SERVER_GET_CLASS (self);
  return klass->is_replaced != NULL && klass->is_replaced (self);
}

/**
 * lk_license_server_watch:
 * @self: a server that is open
 *
 * From now on LkLicenseServer::changed is emitted, in the thread-default main context of the first
 * caller. Watching twice does no harm.
 */
void
lk_license_server_watch (LkLicenseServer *self)
{
  g_return_if_fail (LK_IS_LICENSE_SERVER (self));

  LK_LICENSE_SERVER_GET_CLASS (self)->watch (self);
}

/**
 * lk_license_server_close:
 * @self: a server
 *
 * Writes what waits to be written, cancels the rest, and closes the database. Blocks; later
 * operations fail with %G_IO_ERROR_CANCELLED.
 */
void
lk_license_server_close (LkLicenseServer *self)
{
  g_return_if_fail (LK_IS_LICENSE_SERVER (self));

  LK_LICENSE_SERVER_GET_CLASS (self)->close (self);
}

/**
 * lk_license_server_count_async:
 * @self: a server
 * @query: which licenses
 * @cancellable: (nullable): stops it
 * @callback: what to call when it is done
 * @user_data: for @callback
 *
 * Counts the licenses of a query.
 */
void
lk_license_server_count_async (LkLicenseServer *self, const LkLicenseQuery *query,
                               GCancellable *cancellable, GAsyncReadyCallback callback,
                               gpointer user_data)
{
  g_return_if_fail (LK_IS_LICENSE_SERVER (self) && query != NULL);

  LK_LICENSE_SERVER_GET_CLASS (self)->count_async (self, query, cancellable, callback, user_data);
}

/**
 * lk_license_server_count_finish:
 * @self: a server
 * @result: what the callback was given
 * @error: return location
 *
 * Returns: how many there are; -1 on error: %LK_ERROR_CLAUSE for a condition that is not valid,
 *   %LK_ERROR_LIMIT, %G_IO_ERROR_CANCELLED, or as the database fails
 */
gint64
lk_license_server_count_finish (LkLicenseServer *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), -1);

  return g_task_propagate_int (G_TASK (result), error);
}

/**
 * lk_license_server_list_ids_async:
 * @self: a server
 * @query: which licenses
 * @head_func: (nullable) (scope async): takes the first %LK_LICENSE_HEAD ids as soon as they are
 *   known, before @callback and at most once; not where there are fewer, where their order is known
 *   only with the last license, nor once it is cancelled
 * @cancellable: (nullable): stops it
 * @callback: what to call when it is done
 * @user_data: for @head_func and @callback
 *
 * Reads the ids of a query, in its order, out of one snapshot of the database.
 */
void
lk_license_server_list_ids_async (LkLicenseServer *self, const LkLicenseQuery *query,
                                  LkLicenseHeadFunc head_func, GCancellable *cancellable,
                                  GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (LK_IS_LICENSE_SERVER (self) && query != NULL);

  LK_LICENSE_SERVER_GET_CLASS (self)->list_ids_async (self, query, head_func, cancellable, callback,
                                                      user_data);
}

/**
 * lk_license_server_list_ids_finish:
 * @self: a server
 * @result: what the callback was given
 * @error: return location
 *
 * Returns: (transfer full) (nullable) (element-type gint64): the ids; fails as
 *   lk_license_server_count_finish() does
 */
GArray *
lk_license_server_list_ids_finish (LkLicenseServer *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * lk_license_server_get_rows_async:
 * @self: a server
 * @ids: (array length=n_ids): LicenseIDs, which are copied
 * @n_ids: how many
 * @cancellable: (nullable): stops it
 * @callback: what to call when it is done
 * @user_data: for @callback
 *
 * Reads licenses by their ids.
 */
void
lk_license_server_get_rows_async (LkLicenseServer *self, const gint64 *ids, gsize n_ids,
                                  GCancellable *cancellable, GAsyncReadyCallback callback,
                                  gpointer user_data)
{
  g_return_if_fail (LK_IS_LICENSE_SERVER (self) && (ids != NULL || n_ids == 0));

  LK_LICENSE_SERVER_GET_CLASS (self)->get_rows_async (self, ids, n_ids, cancellable, callback,
                                                      user_data);
}

/**
 * lk_license_server_get_rows_finish:
 * @self: a server
 * @result: what the callback was given
 * @error: return location
 *
 * Returns: (transfer full) (nullable) (element-type LkLicense): the licenses in the order of the
 *   ids, without those that are gone
 */
GPtrArray *
lk_license_server_get_rows_finish (LkLicenseServer *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * lk_license_server_scan_async:
 * @self: a server
 * @query: which licenses
 * @batch_size: how many at a time; 1 or more
 * @func: (scope async): takes each batch, on a pool thread
 * @func_data: for @func; it must live until the scan has ended
 * @cancellable: (nullable): stops it
 * @callback: what to call when it is done
 * @user_data: for @callback
 *
 * Reads all licenses of a query, in its order, in batches, out of one snapshot of the database. The
 * ids are read first (8 bytes a license), so the limits of a search are settled before the first
 * batch, and a slow taker is not held to them.
 */
void
lk_license_server_scan_async (LkLicenseServer *self, const LkLicenseQuery *query, gsize batch_size,
                              LkLicenseScanFunc func, gpointer func_data, GCancellable *cancellable,
                              GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (LK_IS_LICENSE_SERVER (self) && query != NULL && func != NULL);
  g_return_if_fail (batch_size > 0);

  LK_LICENSE_SERVER_GET_CLASS (self)->scan_async (self, query, batch_size, func, func_data,
                                                  cancellable, callback, user_data);
}

/**
 * lk_license_server_scan_finish:
 * @self: a server
 * @result: what the callback was given
 * @error: return location
 *
 * Returns: how many licenses were handed over; -1 on error. A scan that its taker ended without an
 *   error counts what it was handed
 */
gint64
lk_license_server_scan_finish (LkLicenseServer *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), -1);

  return g_task_propagate_int (G_TASK (result), error);
}

/**
 * lk_license_server_write_async:
 * @self: a server
 * @changes: (element-type LkLicenseChange): the changes, which stay alone until it is done
 * @cancellable: (nullable): stops it
 * @callback: what to call when it is done
 * @user_data: for @callback
 *
 * Makes changes, all or none. Changes that create a license have its id afterwards.
 */
void
lk_license_server_write_async (LkLicenseServer *self, GPtrArray *changes, GCancellable *cancellable,
                               GAsyncReadyCallback callback, gpointer user_data)
{
  ChangeArray *array = g_new0 (ChangeArray, 1);

  array->changes = g_ptr_array_ref (changes);
  lk_license_server_write_from_async (self, &array_source, array,
                                      (GDestroyNotify) change_array_free, cancellable, callback,
                                      user_data);
}

/**
 * lk_license_server_write_from_async:
 * @self: a server
 * @source: (transfer none): where the changes come from; a constant
 * @data: for the functions of @source
 * @data_free: (nullable): frees @data, where @callback runs
 * @cancellable: (nullable): stops it
 * @callback: what to call when it is done
 * @user_data: for @callback
 *
 * Makes changes, all or none; end it with lk_license_server_write_finish().
 */
void
lk_license_server_write_from_async (LkLicenseServer *self, const LkLicenseSource *source,
                                    gpointer data, GDestroyNotify data_free,
                                    GCancellable *cancellable, GAsyncReadyCallback callback,
                                    gpointer user_data)
{
  g_return_if_fail (LK_IS_LICENSE_SERVER (self) && source != NULL);

  LK_LICENSE_SERVER_GET_CLASS (self)->write_async (self, source, data, data_free, cancellable,
                                                   callback, user_data);
}

/**
 * lk_license_server_write_finish:
 * @self: a server
 * @result: what the callback was given
 * @error: return location
 *
 * Returns: whether all changes are durable. Fails with %LK_ERROR_INVALID for a value that is not of
 *   its field's kind, %LK_ERROR_EXISTS for an ActivationKey that is taken, %LK_ERROR_NOT_FOUND,
 *   %LK_ERROR_CONFLICT, or as the database fails; then nothing was changed
 */
gboolean
lk_license_server_write_finish (LkLicenseServer *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * lk_license_server_check_async:
 * @self: a server
 * @cancellable: (nullable): stops it
 * @callback: what to call when it is done
 * @user_data: for @callback
 *
 * Reads the whole database and looks for damage.
 */
void
lk_license_server_check_async (LkLicenseServer *self, GCancellable *cancellable,
                               GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (LK_IS_LICENSE_SERVER (self));

  LK_LICENSE_SERVER_GET_CLASS (self)->check_async (self, cancellable, callback, user_data);
}

/**
 * lk_license_server_check_finish:
 * @self: a server
 * @result: what the callback was given
 * @error: return location
 *
 * Returns: whether the database is sound; otherwise %LK_ERROR_CORRUPT
 */
gboolean
lk_license_server_check_finish (LkLicenseServer *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/* For implementations: tells that licenses were changed. */
void
lk_license_server_emit_changed (LkLicenseServer *self)
{
  g_return_if_fail (LK_IS_LICENSE_SERVER (self));

  g_signal_emit (self, signals[CHANGED], 0);
}
