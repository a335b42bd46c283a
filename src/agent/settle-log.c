/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the journal gets to know of webhooks that did not arrive. Of an address only the host goes
 * there: in its path there may be a password of the receiver, and more people read a journal than a
 * workspace. */

#define G_LOG_DOMAIN "lk-delivery"

#include "config.h"

#include <inttypes.h>

#include <glib/gi18n.h>

#include "agent/settle-log.h"

/* Of what is settled at once: a receiver that is down fails them all for the same reason. */
#define LINES_AT_MOST 5

static char *
get_host (const char *url)
{
  g_autoptr (GUri) uri = g_uri_parse (url, G_URI_FLAGS_NONE, NULL);
  const char *host = uri != NULL ? g_uri_get_host (uri) : NULL;

  return g_strdup (host != NULL ? host : _ ("the receiver"));
}

/* The cause of a redirect names an address. */
static char *
get_cause (const LkAttempt *attempt)
{
  if (*attempt->location == '\0')
    return g_strdup (attempt->cause);

  return g_strdup_printf (_ ("%d: it names another address, which the delivery log shows"),
                          attempt->status);
}

static char *
format_time (LkInstant instant)
{
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc (instant / LK_SECOND);
  g_autoptr (GDateTime) local = g_date_time_to_local (utc);

  return g_date_time_format (local, "%Y-%m-%d %H:%M:%S");
}

/* It goes on by itself, so nobody has to do anything. */
static gboolean
goes_on (const LkSettlement *settlement)
{
  return settlement->state == LK_DELIVERY_RETRY_WAIT || settlement->state == LK_DELIVERY_QUEUED;
}

/**
 * lk_settle_log_describe:
 * @settlement: how an attempt ended
 *
 * Returns: (transfer full) (nullable): delivery, task, host, cause and what comes next, in words;
 *   %NULL when it arrived
 */
char *
lk_settle_log_describe (const LkSettlement *settlement)
{
  const LkAttempt *attempt = settlement->attempt;
  const char *task = settlement->task_name != NULL ? settlement->task_name : "";
  g_autofree char *host = get_host (attempt->url);
  g_autofree char *cause = get_cause (attempt);
  g_autofree char *next = NULL;

  if (settlement->state == LK_DELIVERY_DELIVERED)
    return NULL;

  if (goes_on (settlement))
    {
      next = format_time (settlement->due_at);
      /* translators: the number of a delivery, its task, a host, the cause, a time */
      return g_strdup_printf (_ ("delivery %" PRId64 " of “%s” to %s did not arrive: %s; the next "
                                 "try is at %s"),
                              attempt->delivery_id, task, host, cause, next);
    }

  if (settlement->state == LK_DELIVERY_HELD)
    /* translators: the number of a delivery, its task, a host, the cause */
    return g_strdup_printf (_ ("delivery %" PRId64 " of “%s” to %s is held until somebody decides: "
                               "%s"),
                            attempt->delivery_id, task, host, cause);

  /* translators: the number of a delivery, its task, a host, the number of attempts, the cause */
  return g_strdup_printf (_ ("delivery %" PRId64 " of “%s” to %s is given up after attempt %d: %s"),
                          attempt->delivery_id, task, host, attempt->number, cause);
}

/**
 * lk_settle_log_write:
 * @settlements: (element-type LkSettlement): what was settled at once
 *
 * Logs what did not arrive: as a warning what waits for a person or was given up, as a message what
 * is tried again. What arrived is only counted, for those who want to know.
 */
void
lk_settle_log_write (GPtrArray *settlements)
{
  guint n_failed = 0;

  for (guint i = 0; i < settlements->len; i++)
    {
      const LkSettlement *settlement = g_ptr_array_index (settlements, i);
      g_autofree char *text = lk_settle_log_describe (settlement);

      if (text == NULL || n_failed++ >= LINES_AT_MOST)
        continue;

      if (goes_on (settlement))
        g_message ("%s", text);
      else
        g_warning ("%s", text);
    }

  if (n_failed > LINES_AT_MOST)
    g_message (ngettext ("and %u delivery more did not arrive",
                         "and %u deliveries more did not arrive", n_failed - LINES_AT_MOST),
               n_failed - LINES_AT_MOST);
  if (settlements->len > n_failed)
    g_info (ngettext ("%u webhook delivered", "%u webhooks delivered", settlements->len - n_failed),
            settlements->len - n_failed);
}
