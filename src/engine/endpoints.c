/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-endpoints"

#include "config.h"

#include "core/retry.h"
#include "engine/endpoints.h"

typedef struct
{
  LkThrottle throttle;
  int concurrency;
  int rate_limit;    /* requests a minute; 0 for none */
  LkInstant next_at; /* by the rate limit, of the next request */
  int waiting;       /* claims whose request has not begun */
  int in_flight;
  int answers;             /* good ones since room was last taken */
  gboolean never_ahead;    /* a task of it sends at most once */
  gboolean is_gone;        /* wants no more, and is not paused yet */
  int stragglers;          /* requests that began before the breaker opened: no probes */
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

static int
get_limit (const Endpoint *endpoint)
{
  return lk_throttle_get_limit (&endpoint->throttle, endpoint->concurrency);
}

static gboolean
may_begin (const Endpoint *endpoint, LkInstant now)
{
  return !endpoint->is_gone && get_gate (endpoint) <= now
         && endpoint->in_flight < get_limit (endpoint);
}

/* Gets less than its tasks ask for, so that nothing is claimed ahead for it. */
static gboolean
is_restrained (const Endpoint *endpoint, LkInstant now)
{
  return endpoint->is_gone || get_gate (endpoint) > now || endpoint->rate_limit > 0
         || lk_throttle_is_throttled (&endpoint->throttle)
         || lk_throttle_is_open (&endpoint->throttle);
}

/* How many requests may be claimed beyond those that may begin: while these claims are written, as
 * many will end as since the last ones, and twice as many where the job has to wait for one of a
 * run. A single answer promises nothing: a receiver that takes its time would let the claim wait
 * for as long. After a crash a claim counts as a request that may have arrived, so none is made
 * ahead where a task is known to send at most once. */
static int
get_ahead (const Endpoint *endpoint)
{
  if (endpoint->never_ahead || endpoint->answers < 2)
    return 0;

  return MIN (2 * endpoint->answers, endpoint->concurrency);
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
 * lk_endpoints_add:
 * @self: the endpoints
 * @url: the receiver
 * @concurrency: how many requests it may get at once while all is well
 * @rate_limit: how many requests it may get in a minute; 0 for no limit
 * @at_most_once: whether the delivery may be held if this process dies
 *
 * Notes a claim: lk_endpoints_begin() or lk_endpoints_withdraw() follows.
 */
void
lk_endpoints_add (LkEndpoints *self, const char *url, int concurrency, int rate_limit,
                  gboolean at_most_once)
{
  Endpoint *endpoint = get (self, url);

  endpoint->concurrency = concurrency;
  endpoint->rate_limit = rate_limit;
  endpoint->never_ahead |= at_most_once;
  endpoint->waiting++;
}

/**
 * lk_endpoints_withdraw:
 * @self: the endpoints
 * @url: the receiver
 *
 * Notes that a claim was given up before its request began.
 */
void
lk_endpoints_withdraw (LkEndpoints *self, const char *url)
{
  get (self, url)->waiting--;
}

/**
 * lk_endpoints_may_begin:
 * @self: the endpoints
 * @url: the receiver of a claim
 * @now: the time
 *
 * Returns: whether it may get one more request now
 */
gboolean
lk_endpoints_may_begin (LkEndpoints *self, const char *url, LkInstant now)
{
  follow_clock (self, now);

  return may_begin (get (self, url), now);
}

/**
 * lk_endpoints_may_wait:
 * @self: the endpoints
 * @url: the receiver of a claim
 * @now: the time
 *
 * Returns: whether it is soon the claim's turn; %FALSE when the receiver got into trouble after the
 *   claim was made: then it should be given back
 */
gboolean
lk_endpoints_may_wait (LkEndpoints *self, const char *url, LkInstant now)
{
  const Endpoint *endpoint = get (self, url);

  follow_clock (self, now);

  return !is_restrained (endpoint, now) || may_begin (endpoint, now);
}

/**
 * lk_endpoints_begin:
 * @self: the endpoints
 * @url: the receiver of a claim
 * @now: the time
 *
 * Notes that the request begins.
 */
void
lk_endpoints_begin (LkEndpoints *self, const char *url, LkInstant now)
{
  Endpoint *endpoint = get (self, url);

  follow_clock (self, now);
  if (endpoint->rate_limit > 0)
    note_start (endpoint, now);
  endpoint->waiting--;
  endpoint->in_flight++;
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
      endpoint->answers++;
      lk_throttle_note_success (&endpoint->throttle, attempt->retry_after_s);
      break;
    case LK_OUTCOME_FAILURE:
      endpoint->offline_until = 0;
      endpoint->is_gone |= lk_retry_judge (attempt->outcome, attempt->status) == LK_VERDICT_PAUSE;
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
 * lk_endpoints_note_stored:
 * @self: the endpoints
 * @settlements: (element-type LkSettlement): outcomes that were stored
 *
 * Who wanted no more is paused by now, and what it is owed held.
 */
void
lk_endpoints_note_stored (LkEndpoints *self, GPtrArray *settlements)
{
  for (guint i = 0; i < settlements->len; i++)
    {
      const LkSettlement *settlement = g_ptr_array_index (settlements, i);

      if (settlement->state == LK_DELIVERY_HELD)
        get (self, settlement->attempt->url)->is_gone = FALSE;
    }
}

static int
get_room (const Endpoint *endpoint, LkInstant now)
{
  int taken = endpoint->in_flight + endpoint->waiting;

  if (!is_restrained (endpoint, now))
    return MAX (endpoint->concurrency + get_ahead (endpoint) - taken, 0);
  if (endpoint->is_gone || get_gate (endpoint) > now)
    return 0;

  return CLAMP (get_limit (endpoint) - taken, 0, get_rate_room (endpoint, now));
}

/**
 * lk_endpoints_take_room:
 * @self: the endpoints
 * @now: the time
 *
 * Says how much to claim, now that the answers until here are to be stored.
 *
 * Returns: (transfer full) (element-type utf8 guint): how many requests may be claimed now for each
 *   receiver that is restrained, or for which to claim ahead
 */
GHashTable *
lk_endpoints_take_room (LkEndpoints *self, LkInstant now)
{
  GHashTable *room = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  GHashTableIter iter;
  gpointer url, value;

  follow_clock (self, now);
  g_hash_table_iter_init (&iter, self->by_url);
  while (g_hash_table_iter_next (&iter, &url, &value))
    {
      Endpoint *endpoint = value;

      if (is_restrained (endpoint, now) || get_ahead (endpoint) > 0)
        g_hash_table_insert (room, g_strdup (url), GINT_TO_POINTER (get_room (endpoint, now)));
      endpoint->answers = 0;
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
