/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "core/clause.h"
#include "core/license.h"

G_BEGIN_DECLS

/**
 * LkLicenseQuery:
 * @clause: a valid condition; lk_clause_new_everything() for all licenses
 * @order_by: (nullable): the column to sort by; then by LicenseID
 * @descending: whether to sort downwards
 * @distinct_field: (nullable): only one license for each value of this column (absent values each
 *   count as their own)
 * @unique_id_field: (nullable): the column whose smallest value picks that license
 * @only_license_id: not 0: of the result this license alone; with @distinct_field the one that
 *   stands for the value of this license
 *
 * Which licenses, in which order.
 */
typedef struct
{
  LkClause *clause;
  const LkLicenseField *order_by;
  gboolean descending;
  const LkLicenseField *distinct_field;
  const LkLicenseField *unique_id_field;
  gint64 only_license_id;
} LkLicenseQuery;

LkLicenseQuery *lk_license_query_new (LkClause *clause);
LkLicenseQuery *lk_license_query_copy (const LkLicenseQuery *self);
void lk_license_query_free (LkLicenseQuery *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LkLicenseQuery, lk_license_query_free)

/**
 * LkLicenseChange:
 * @license_id: the license to change; 0 to create one, which sets it to the new LicenseID
 * @is_upsert: for @license_id 0: change the license that has the same ActivationKey, if there is
 * one
 * @is_delete: whether to delete it
 * @expected_version: the version that the change was based on; -1 to accept any
 * @fields: (element-type LkLicenseField): the columns to set
 * @values: (element-type utf8): the text for each of @fields; %NULL or "" mean absent
 *
 * One edit of one license. What a license only points to is changed there: a product or
 * organization by its number, an affiliate by its id, a customer by the email address. A new
 * address makes the license belong to the customer who has it (who is made from the old one's
 * values where there is none); when no other license belongs to the old customer, the address is
 * corrected.
 */
typedef struct
{
  gint64 license_id;
  gboolean is_upsert;
  gboolean is_delete;
  gint64 expected_version;
  GPtrArray *fields;
  GPtrArray *values;
} LkLicenseChange;

LkLicenseChange *lk_license_change_new (gint64 license_id);
void lk_license_change_set (LkLicenseChange *self, const LkLicenseField *field, const char *value);
void lk_license_change_free (LkLicenseChange *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LkLicenseChange, lk_license_change_free)

/**
 * LkLicenseScanFunc:
 * @licenses: (element-type LkLicense): the next batch, in the order of the query
 *
 * Takes a batch of a scan, on a pool thread of the server. The scan goes on when it returns, so a
 * slow taker slows the scan down and nothing piles up. An empty batch comes last, also when a
 * scan fails that has begun: then whatever the taker has under way has to end.
 *
 * Returns: whether to go on; %FALSE with @error set ends the scan with that error
 */
typedef gboolean (*LkLicenseScanFunc) (GPtrArray *licenses, gpointer user_data, GError **error);

/**
 * LkLicenseSource:
 * @next: gives the next change (transfer full); %NULL at the end, or with its error set
 * @reject: tells that the last change was refused, and why; returns whether to try the following
 *   ones, too, to find all that is wrong. With anything refused nothing is written
 * @written: (nullable): tells that the last change was made, with the id of the license in it
 *
 * Where changes come from, one by one, so that a large import need not stand in memory. All
 * functions are called on the server's writing thread.
 */
typedef struct
{
  LkLicenseChange *(*next) (gpointer data, GError **error);
  gboolean (*reject) (gpointer data, const GError *reason);
  void (*written) (gpointer data, const LkLicenseChange *change);
} LkLicenseSource;

/* The longest that a search may run, and the most licenses it may give. */
#define LK_SEARCH_MAX_SECONDS 30
#define LK_SEARCH_MAX_ROWS    (20 * 1000 * 1000)

#define LK_TYPE_LICENSE_SERVER (lk_license_server_get_type ())
G_DECLARE_DERIVABLE_TYPE (LkLicenseServer, lk_license_server, LK, LICENSE_SERVER, GObject)

/**
 * LkLicenseHeadFunc:
 * @self: the server
 * @ids: (element-type gint64): the ids that the result begins with
 *
 * Takes the beginning of a result while the rest is still being read, in the main loop that asked.
 */
typedef void (*LkLicenseHeadFunc) (LkLicenseServer *self, GArray *ids, gpointer user_data);

/* How many ids a LkLicenseHeadFunc is given: as many as a large window has lines, and not more,
 * because GTK makes the widgets of some 200 lines when a list has them, and that takes its time. */
#define LK_LICENSE_HEAD 40

/**
 * LkLicenseServer:
 *
 * A license database that is open: count, ids in order, rows by id, scan, write. SQLite is one kind
 * (sqlite-license-server.h); others subclass this.
 *
 * All operations work on threads of the server's own and complete in the main loop that asked.
 * Cancelling one interrupts the statement that it runs. Every search runs confined: a read-only
 * connection, an authorizer that allows reading the license views and a list of functions, limits
 * of time and rows.
 *
 * Signals: LkLicenseServer::changed, after any process changed the licenses; only once
 * lk_license_server_watch() was called, since watching is not free.
 */
struct _LkLicenseServerClass
{
  GObjectClass parent_class;

  void (*count_async) (LkLicenseServer *self, const LkLicenseQuery *query,
                       GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
  void (*list_ids_async) (LkLicenseServer *self, const LkLicenseQuery *query,
                          LkLicenseHeadFunc head_func, GCancellable *cancellable,
                          GAsyncReadyCallback callback, gpointer user_data);
  void (*get_rows_async) (LkLicenseServer *self, const gint64 *ids, gsize n_ids,
                          GCancellable *cancellable, GAsyncReadyCallback callback,
                          gpointer user_data);
  void (*scan_async) (LkLicenseServer *self, const LkLicenseQuery *query, gsize batch_size,
                      LkLicenseScanFunc func, gpointer func_data, GCancellable *cancellable,
                      GAsyncReadyCallback callback, gpointer user_data);
  void (*write_async) (LkLicenseServer *self, const LkLicenseSource *source, gpointer data,
                       GDestroyNotify data_free, GCancellable *cancellable,
                       GAsyncReadyCallback callback, gpointer user_data);
  void (*check_async) (LkLicenseServer *self, GCancellable *cancellable,
                       GAsyncReadyCallback callback, gpointer user_data);
  gboolean (*is_replaced) (LkLicenseServer *self); /* may be NULL: never */
  void (*watch) (LkLicenseServer *self);
  void (*close) (LkLicenseServer *self);
};

LkLicenseServer *lk_license_server_open (const char *uri, const char *base_folder, GError **error);
gboolean lk_license_server_is_replaced (LkLicenseServer *self);
void lk_license_server_watch (LkLicenseServer *self);
void lk_license_server_close (LkLicenseServer *self);

void lk_license_server_count_async (LkLicenseServer *self, const LkLicenseQuery *query,
                                    GCancellable *cancellable, GAsyncReadyCallback callback,
                                    gpointer user_data);
gint64 lk_license_server_count_finish (LkLicenseServer *self, GAsyncResult *result,
                                       GError **error); /* -1 on error */
void lk_license_server_list_ids_async (LkLicenseServer *self, const LkLicenseQuery *query,
                                       LkLicenseHeadFunc head_func, GCancellable *cancellable,
                                       GAsyncReadyCallback callback, gpointer user_data);
GArray *lk_license_server_list_ids_finish (LkLicenseServer *self, GAsyncResult *result,
                                           GError **error); /* of gint64 */
void lk_license_server_get_rows_async (LkLicenseServer *self, const gint64 *ids, gsize n_ids,
                                       GCancellable *cancellable, GAsyncReadyCallback callback,
                                       gpointer user_data);
GPtrArray *lk_license_server_get_rows_finish (LkLicenseServer *self, GAsyncResult *result,
                                              GError **error); /* of LkLicense; found ones only */
void lk_license_server_scan_async (LkLicenseServer *self, const LkLicenseQuery *query,
                                   gsize batch_size, LkLicenseScanFunc func, gpointer func_data,
                                   GCancellable *cancellable, GAsyncReadyCallback callback,
                                   gpointer user_data);
gint64 lk_license_server_scan_finish (LkLicenseServer *self, GAsyncResult *result,
                                      GError **error); /* licenses seen; -1 on error */
void lk_license_server_write_async (LkLicenseServer *self, GPtrArray *changes,
                                    GCancellable *cancellable, GAsyncReadyCallback callback,
                                    gpointer user_data);
void lk_license_server_write_from_async (LkLicenseServer *self, const LkLicenseSource *source,
                                         gpointer data, GDestroyNotify data_free,
                                         GCancellable *cancellable, GAsyncReadyCallback callback,
                                         gpointer user_data);
gboolean lk_license_server_write_finish (LkLicenseServer *self, GAsyncResult *result,
                                         GError **error);
void lk_license_server_check_async (LkLicenseServer *self, GCancellable *cancellable,
                                    GAsyncReadyCallback callback, gpointer user_data);
gboolean lk_license_server_check_finish (LkLicenseServer *self, GAsyncResult *result,
                                         GError **error);

/* For implementations. */
void lk_license_server_emit_changed (LkLicenseServer *self);

G_END_DECLS
