/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-endpoints"

#include "config.h"

#include "engine/endpoints.h"

typedef struct
{
  LkThrottle throttle;
  int concurrency;
  int rate_limit;    /* requests a minute; 0 for none */
  LkInstant next_at; /* by the rate limit, of the next request */
  int in_flight;
  int stragglers;          /* requests that were claimed before the breaker opened: no probes */
  LkInstant offline_until; /* 0: as far as we know there is a network */
} Endpoint;

struct _LkEndpoints
{
  GHashTable *by_url; /* of Endpoint */
  LkInstant seen_at;  /* the clock, when it was last looked at */
};

static Endpoint *
get (LkEndpoints *self, const char *url)
{
  Endpoint *endpoint = g_hash_table_lookup (self->by_url, url);

  if (endpoint == NULL)
    {
      endpoint = g_new0 (Endpoint, 1);
      g_hash_table_insert (self->by_url, g_strdup (url), endpoint);
    }

  return endpoint;
}

static void
set_back (LkInstant *moment, LkInstant by)
{
  if (*moment != 0)
    *moment -= by;
}

/* With a clock that is set back everything that is waited for comes nearer by as much. */
static void
follow_clock (LkEndpoints *self, LkInstant now)
{
  LkInstant by = self->seen_at - now;
  GHashTableIter iter;
  gpointer value;

  self->seen_at = now;
  if (by <= 0)
    return;

  g_hash_table_iter_init (&iter, self->by_url);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      Endpoint *endpoint = value;

      set_back (&endpoint->next_at, by);
      set_back (&endpoint->offline_until, by);
      set_back (&endpoint->throttle.not_before, by);
    }
}

static LkInstant
get_interval (const Endpoint *endpoint)
{
  return LK_MINUTE / endpoint->rate_limit;
}

static LkInstant
get_rate_gate (const Endpoint *endpoint)
{
  return endpoint->rate_limit > 0 ? endpoint->next_at : 0;
}

/* How many requests the rate limit lets start now. */
static int
get_rate_room (const Endpoint *endpoint, LkInstant now)
{
  LkInstant gate = get_rate_gate (endpoint);

  if (endpoint->rate_limit == 0)
    return G_MAXINT;
  if (gate > now)
    return 0;

  return 1 + (int) (MIN (now - gate, LK_RATE_BURST) / get_interval (endpoint));
}

/* Of the time in which nothing was sent no more than a burst counts, and none before the first. */
static void
note_start (Endpoint *endpoint, LkInstant now)
{
  LkInstant earliest = endpoint->next_at != 0 ? now - LK_RATE_BURST : now;

  endpoint->next_at = MAX (get_rate_gate (endpoint), earliest) + get_interval (endpoint);
}

static LkInstant
get_gate (const Endpoint *endpoint)
{
  return MAX (MAX (endpoint->offline_until, lk_throttle_get_not_before (&endpoint->throttle)),
              get_rate_gate (endpoint));
}

/* What was on its way when the breaker opened tells nothing new; only probes make it wait longer.
 */
static void
note_failure (Endpoint *endpoint, const LkAttempt *attempt, LkInstant now)
{
  gboolean was_open = lk_throttle_is_open (&endpoint->throttle);

  if (endpoint->stragglers > 0)
    {
      endpoint->stragglers--;
      return;
    }

  lk_throttle_note_failure (&endpoint->throttle, attempt->delivery_id, attempt->status,
                            attempt->retry_after_s, now);
  if (!was_open && lk_throttle_is_open (&endpoint->throttle))
    endpoint->stragglers = endpoint->in_flight;
}

/**
 * lk_endpoints_new:
 *
 * Returns: (transfer full): nothing known of any receiver
 */
LkEndpoints *
lk_endpoints_new (void)
{
  LkEndpoints *self = g_new0 (LkEndpoints, 1);

  self->by_url = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);

  return self;
}

/**
 * lk_endpoints_free:
 * @self: (transfer full): the endpoints
 */
void
lk_endpoints_free (LkEndpoints *self)
{
  g_return_if_fail (self != NULL);

  g_hash_table_unref (self->by_url);
  g_free (self);
}

/**
 * lk_endpoints_begin:
 * @self: the endpoints
 * @url: the receiver
 * @concurrency: how many requests it may get at once while all is well
 * @rate_limit: how many requests it may get in a minute; 0 for no limit
 * @now: the time
 *
 * Notes that a request starts; it may have been claimed before the breaker opened.
 */
void
lk_endpoints_begin (LkEndpoints *self, const char *url, int concurrency, int rate_limit,
                    LkInstant now)
{
  Endpoint *endpoint = get (self, url);

  follow_clock (self, now);
  endpoint->concurrency = concurrency;
  endpoint->rate_limit = rate_limit;
  if (rate_limit > 0)
    note_start (endpoint, now);
  endpoint->in_flight++;
  if (lk_throttle_get_not_before (&endpoint->throttle) > now)
    endpoint->stragglers++;
}

/**
 * lk_endpoints_end:
 * @self: the endpoints
 * @url: the receiver
 * @attempt: how a request that was begun went
 * @now: the time
 */
void
lk_endpoints_end (LkEndpoints *self, const char *url, const LkAttempt *attempt, LkInstant now)
{
  Endpoint *endpoint = get (self, url);

  follow_clock (self, now);
  endpoint->in_flight--;

  switch (attempt->outcome)
    {
    case LK_OUTCOME_SUCCESS:
      endpoint->offline_until = 0;
      endpoint->stragglers = 0;
      lk_throttle_note_success (&endpoint->throttle, attempt->retry_after_s);
      break;
    case LK_OUTCOME_FAILURE:
      endpoint->offline_until = 0;
      note_failure (endpoint, attempt, now);
      break;
    case LK_OUTCOME_OFFLINE:
      endpoint->offline_until = now + LK_OFFLINE_RETRY;
      break;
    case LK_OUTCOME_PENDING:
    case LK_OUTCOME_UNKNOWN:
    default:
      break;
    }
}

/**
 * lk_endpoints_get_room:
 * @self: the endpoints
 * @now: the time
 *
 * Returns: (transfer full) (element-type utf8 guint): for each receiver that is treated gently, how
 *   many requests may start now
 */
GHashTable *
lk_endpoints_get_room (LkEndpoints *self, LkInstant now)
{
  GHashTable *room = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  GHashTableIter iter;
  gpointer url, value;

  follow_clock (self, now);
  g_hash_table_iter_init (&iter, self->by_url);
  while (g_hash_table_iter_next (&iter, &url, &value))
    {
      const Endpoint *endpoint = value;
      int limit = lk_throttle_get_limit (&endpoint->throttle, endpoint->concurrency);

      if (get_gate (endpoint) > now)
        limit = 0;
      if (limit < endpoint->concurrency || endpoint->rate_limit > 0)
        g_hash_table_insert (room, g_strdup (url),
                             GINT_TO_POINTER (CLAMP (limit - endpoint->in_flight, 0,
                                                     get_rate_room (endpoint, now))));
    }

  return room;
}

/**
 * lk_endpoints_get_next_gate:
 * @self: the endpoints
 * @now: the time
 *
 * Returns: when the first receiver that gets nothing now may be tried again; 0 when none waits
 */
LkInstant
lk_endpoints_get_next_gate (LkEndpoints *self, LkInstant now)
{
  LkInstant next = 0;
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, self->by_url);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      LkInstant gate = get_gate (value);

      if (gate > now && (next == 0 || gate < next))
        next = gate;
    }

  return next;
}

/**
 * lk_endpoints_clear_offline:
 * @self: the endpoints
 *
 * The network came back: whoever could not be reached for want of it may be tried again.
 */
void
lk_endpoints_clear_offline (LkEndpoints *self)
{
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, self->by_url);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    ((Endpoint *) value)->offline_until = 0;
}
