/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-endpoint"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "core/endpoint.h"
#include "core/word-list.h"

static const char *const concern_words[] = {
  [LK_CONCERN_NONE] = "none",     [LK_CONCERN_DAY] = "day",       [LK_CONCERN_DAYS] = "days",
  [LK_CONCERN_LAST_DAY] = "last", [LK_CONCERN_PAUSED] = "paused",
};

/* Whole days without a success. */
static gint64
count_days (const LkEndpoint *self, LkInstant now)
{
  return self->failing_since > 0 && now > self->failing_since ? (now - self->failing_since) / LK_DAY
                                                              : 0;
}

/**
 * lk_endpoint_new:
 * @url: the receiver
 *
 * Returns: (transfer full): a receiver of which nothing bad is known
 */
LkEndpoint *
lk_endpoint_new (const char *url)
{
  LkEndpoint *self = g_new0 (LkEndpoint, 1);

  self->url = g_strdup (url);
  self->reason = g_strdup ("");

  return self;
}

/**
 * lk_endpoint_free:
 * @self: (nullable) (transfer full): an endpoint
 */
void
lk_endpoint_free (LkEndpoint *self)
{
  if (self == NULL)
    return;

  g_free (self->url);
  g_free (self->reason);
  g_free (self);
}

/**
 * lk_endpoint_get_concern:
 * @self: an endpoint
 * @now: the wall-clock time
 *
 * Returns: how much it needs a person
 */
LkConcern
lk_endpoint_get_concern (const LkEndpoint *self, LkInstant now)
{
  gint64 days = count_days (self, now);

  if (self->is_paused)
    return LK_CONCERN_PAUSED;
  if (days >= LK_ENDPOINT_PAUSE_DAYS - 1)
    return LK_CONCERN_LAST_DAY;
  if (days >= 3)
    return LK_CONCERN_DAYS;

  return days >= 1 ? LK_CONCERN_DAY : LK_CONCERN_NONE;
}

/**
 * lk_endpoint_is_to_be_paused:
 * @self: an endpoint, just after a failure
 * @now: the wall-clock time
 *
 * Returns: whether nothing has got through for so long that it is paused now
 */
gboolean
lk_endpoint_is_to_be_paused (const LkEndpoint *self, LkInstant now)
{
  return !self->is_paused && self->n_failures >= LK_ENDPOINT_PAUSE_FAILURES
         && count_days (self, now) >= LK_ENDPOINT_PAUSE_DAYS;
}

/**
 * lk_endpoint_describe:
 * @self: an endpoint
 * @now: the wall-clock time
 *
 * Returns: (transfer full): why it is paused, or when it will be; a fragment without a full stop
 */
char *
lk_endpoint_describe (const LkEndpoint *self, LkInstant now)
{
  int days = (int) count_days (self, now);

  if (self->is_paused)
    return g_strdup (self->reason);

  if (days >= LK_ENDPOINT_PAUSE_DAYS)
    return g_strdup_printf (_ ("nothing has arrived there for %d days; the next failure pauses it"),
                            days);
  if (days == 0)
    return g_strdup (_ ("nothing has arrived there since its last failure"));

  return g_strdup_printf (ngettext ("nothing has arrived there for %d day; after %d days without a "
                                    "success it is paused",
                                    "nothing has arrived there for %d days; after %d days without "
                                    "a success it is paused",
                                    (gulong) days),
                          days, LK_ENDPOINT_PAUSE_DAYS);
}

/**
 * lk_concern_to_string:
 * @concern: a concern
 *
 * Returns: its word in JSON
 */
const char *
lk_concern_to_string (LkConcern concern)
{
  return lk_word_list_get (concern_words, G_N_ELEMENTS (concern_words), (int) concern);
}
