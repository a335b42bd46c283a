/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "core/clock.h"
#include "store/db.h"

G_BEGIN_DECLS

/* Thread of all functions here: a pool thread; inside a write job where they change something. */

/**
 * LkEndpoint:
 * @url: the receiver
 * @reason: why nothing is sent to it, in words
 * @since: since when
 * @n_held: deliveries that wait because of it
 *
 * A receiver that is paused: what is owed to it is held, never dropped, until a person resumes it.
 */
typedef struct
{
  char *url;
  char *reason;
  LkInstant since;
  gint64 n_held;
} LkEndpoint;

void lk_endpoint_free (LkEndpoint *self);

gboolean lk_endpoint_store_pause (LkDb *db, gint64 epoch, const char *url, const char *reason,
                                  LkInstant now, GError **error);
/* Returns how many deliveries are due again; -1 error. Any process may. */
gint64 lk_endpoint_store_resume (LkDb *db, const char *url, LkInstant now, GError **error);
/* @reason: (out) (optional) (transfer full): why; NULL when it is not paused */
gboolean lk_endpoint_store_is_paused (LkDb *db, const char *url, gboolean *is_paused, char **reason,
                                      GError **error);
GPtrArray *lk_endpoint_store_list_paused (LkDb *db, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LkEndpoint, lk_endpoint_free)

G_END_DECLS
