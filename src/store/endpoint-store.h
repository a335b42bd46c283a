/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "core/endpoint.h"
#include "store/db.h"

G_BEGIN_DECLS

/* Thread of all functions here: a pool thread; inside a write job where they change something. */

/* The lease holder's: fails with LK_ERROR_LEASE_LOST when the lease has another epoch by now. */
gboolean lk_endpoint_store_pause (LkDb *db, gint64 epoch, const char *url, const char *reason,
                                  LkInstant now, GError **error);

/* A person's; any process may. Each may be repeated without harm. */
gboolean lk_endpoint_store_check_known (LkDb *db, const char *url, GError **error);
gboolean lk_endpoint_store_pause_by_hand (LkDb *db, const char *url, const char *who, LkInstant now,
                                          GError **error);
/* These return how many deliveries were sent on their way, or dropped; -1 on error. */
gint64 lk_endpoint_store_resume (LkDb *db, const char *url, LkInstant now, GError **error);
gint64 lk_endpoint_store_resume_chosen (LkDb *db, const char *url, GArray *ids, LkInstant now,
                                        GError **error);
gint64 lk_endpoint_store_resume_dropping (LkDb *db, const char *url, const char *who, LkInstant now,
                                          GError **error);

/* @reason: (out) (optional) (transfer full): why; NULL when it is not paused */
gboolean lk_endpoint_store_is_paused (LkDb *db, const char *url, gboolean *is_paused, char **reason,
                                      GError **error);
GPtrArray *lk_endpoint_store_list_paused (LkDb *db, GError **error);
GPtrArray *lk_endpoint_store_list_concerns (LkDb *db, LkInstant now, GError **error);

/* Of what waits for its time, holds what is owed to a receiver that is paused. */
gboolean lk_endpoint_store_hold_waiting (LkDb *db, GError **error);

/* Notes how attempts went, and pauses a receiver to which nothing gets through any more.
 * @settlements: (element-type LkSettlement) */
gboolean lk_endpoint_health_note (LkDb *db, gint64 epoch, GPtrArray *settlements, LkInstant now,
                                  GError **error);

G_END_DECLS
