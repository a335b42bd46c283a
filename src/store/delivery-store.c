/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Claims: who may send what now. How they end is in delivery-settle.c. */

#define G_LOG_DOMAIN "lk-delivery-store"

#include "config.h"

#include <inttypes.h>
#include <glib/gi18n-lib.h>

#include "core/task.h"
#include "core/retry.h"
#include "store/delivery-row.h"
#include "store/delivery-store.h"
#include "store/lease-store.h"
#include "store/query.h"

/* How far beyond the room of a receiver to look for licenses that have nothing in flight. A bound,
 * so that a claim costs the same however much waits for one receiver; what it hides for now comes
 * to the front when the licenses before it are done. */
#define LOOK_AHEAD 1000

/* Leaves out deliveries of tasks that a parameter names, a JSON array or null. */
#define IS_WITHOUT(array)                                                                          \
  " AND (" array " IS NULL OR coalesce(d.task_id, 0) NOT IN (SELECT value FROM json_each(" array   \
  "))) "

/* When the last attempt of a delivery began. */
#define LAST_START "(SELECT max(a.started_at) FROM attempt a WHERE a.delivery_id = delivery.id)"

typedef struct
{
  gint64 id;
  LkInstant due_at;
} Candidate;

/* What one claim works with. */
typedef struct
{
  LkDb *db;
  LkInstant now;
  gsize limit;
  GHashTable *room;      /* (nullable): as the caller gave it */
  const char *without;   /* (nullable): a JSON array of tasks of which nothing is claimed */
  GHashTable *in_flight; /* url to a set of license ids */
  GArray *candidates;    /* of Candidate */
} Choice;

static void
choice_clear (Choice *self)
{
  g_clear_pointer (&self->in_flight, g_hash_table_unref);
  g_clear_pointer (&self->candidates, g_array_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Choice, choice_clear)

/* The licenses that have a request in flight to @url, or will by the end of this claim. */
static GHashTable *
get_busy_licenses (Choice *self, const char *url)
{
  GHashTable *licenses = g_hash_table_lookup (self->in_flight, url);

  if (licenses == NULL)
    {
      licenses = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
      g_hash_table_insert (self->in_flight, g_strdup (url), licenses);
    }

  return licenses;
}

static gboolean
load_in_flight (Choice *self, GError **error)
{
  g_autoptr (LkStatement) row = NULL;
  LkStep step;

  row = lk_query (self->db,
                  "SELECT url, license_id FROM delivery WHERE state = 'sending' AND is_test = 0",
                  NULL, error);
  if (row == NULL)
    return FALSE;

  while ((step = lk_statement_step (row, error)) == LK_STEP_ROW)
    {
      gint64 license_id = lk_statement_get_int (row, 1);

      g_hash_table_add (get_busy_licenses (self, lk_statement_get_text (row, 0)),
                        g_memdup2 (&license_id, sizeof license_id));
    }

  return step == LK_STEP_DONE;
}

/* How many requests may still start for @url. Of a receiver with a rate limit that nothing is known
 * of yet one, which makes it known. */
static gboolean
find_room (Choice *self, const char *url, gsize *room, GError **error)
{
  gsize n_busy = g_hash_table_size (get_busy_licenses (self, url));
  gpointer given;
  gint64 concurrency;

  if (self->room != NULL && g_hash_table_lookup_extended (self->room, url, NULL, &given))
    {
      *room = MIN (GPOINTER_TO_UINT (given), self->limit);
      return TRUE;
    }

  if (!lk_query_int (self->db,
                     "SELECT CASE WHEN max(rate_limit) > 0 THEN 1 ELSE max(concurrency) END"
                     " FROM task WHERE url = ?1",
                     LK_VALUES (LK_TEXT (url)), &concurrency, error))
    return FALSE;

  if (concurrency == 0)
    concurrency = LK_TASK_DEFAULT_CONCURRENCY;
  *room = (gsize) concurrency > n_busy ? MIN ((gsize) concurrency - n_busy, self->limit) : 0;

  return TRUE;
}

static gboolean
choose_for_url (Choice *self, const char *url, gsize room, GError **error)
{
  GHashTable *busy = get_busy_licenses (self, url);
  g_autoptr (LkStatement) row = NULL;
  LkStep step = LK_STEP_DONE;

  row = lk_query (self->db,
                  "SELECT d.id, d.due_at, d.license_id FROM delivery d"
                  " WHERE d.url = ?1 AND d.due_at > 0 AND d.due_at <= ?2" IS_WITHOUT (
                      "?4") "ORDER BY d.due_at, d.id LIMIT ?3",
                  LK_VALUES (LK_TEXT (url), LK_INT (self->now), LK_INT (room + LOOK_AHEAD),
                             LK_TEXT (self->without)),
                  error);
  if (row == NULL)
    return FALSE;

  while (room > 0 && (step = lk_statement_step (row, error)) == LK_STEP_ROW)
    {
      Candidate candidate = { lk_statement_get_int (row, 0), lk_statement_get_int (row, 1) };
      gint64 license_id = lk_statement_get_int (row, 2);

      if (!g_hash_table_add (busy, g_memdup2 (&license_id, sizeof license_id)))
        continue;

      g_array_append_val (self->candidates, candidate);
      room--;
    }

  return step != LK_STEP_ERROR;
}

static int
compare_candidates (gconstpointer a, gconstpointer b)
{
  const Candidate *one = a;
  const Candidate *other = b;

  if (one->due_at != other->due_at)
    return one->due_at < other->due_at ? -1 : 1;

  return one->id < other->id ? -1 : one->id > other->id;
}

/* The receiver after @url for which something waits, and when the first of that is due: a step
 * through the index, however much waits.
 *
 * @url: (inout) (nullable): %NULL after the last one */
static gboolean
find_next_receiver (LkDb *db, char **url, LkInstant *due, const char *without, GError **error)
{
  g_autoptr (LkStatement) row = NULL;
  LkStep step;

  row = lk_query (db,
                  "SELECT d.url, d.due_at FROM delivery d WHERE d.due_at > 0"
                  " AND d.url > ?1" IS_WITHOUT ("?2") "ORDER BY d.url, d.due_at LIMIT 1",
                  LK_VALUES (LK_TEXT (*url), LK_TEXT (without)), error);
  if (row == NULL)
    return FALSE;

  step = lk_statement_step (row, error);
  g_clear_pointer (url, g_free);
  if (step == LK_STEP_ROW)
    {
      *url = lk_statement_dup_text (row, 0);
      *due = lk_statement_get_int (row, 1);
    }

  return step != LK_STEP_ERROR;
}

static gboolean
choose_of_all (Choice *self, GError **error)
{
  g_autofree char *url = g_strdup ("");

  while (TRUE)
    {
      LkInstant due;
      gsize room;

      if (!find_next_receiver (self->db, &url, &due, NULL, error))
        return FALSE;
      if (url == NULL)
        return TRUE;
      if (!find_room (self, url, &room, error)
          || (room > 0 && !choose_for_url (self, url, room, error)))
        return FALSE;
    }
}

static gboolean
choose (Choice *self, GError **error)
{
  if (!load_in_flight (self, error) || !choose_of_all (self, error))
    return FALSE;

  g_array_sort (self->candidates, compare_candidates);
  if (self->candidates->len > self->limit)
    g_array_set_size (self->candidates, (guint) self->limit);

  return TRUE;
}

static gpointer
read_with_body (LkStatement *row)
{
  LkDelivery *delivery = lk_delivery_row_read (row);

  delivery->body = lk_statement_dup_bytes (row, LK_DELIVERY_ROW_BODY);

  return delivery;
}

static gpointer
read_claim (LkStatement *row)
{
  LkClaim *self = g_new0 (LkClaim, 1);

  self->delivery = read_with_body (row);
  self->task_id = self->delivery->task_id;
  self->attempt_id = lk_statement_get_int (row, LK_DELIVERY_ROW_BODY + 1);
  self->attempt_number = (int) lk_statement_get_int (row, LK_DELIVERY_ROW_BODY + 2);

  return self;
}

/* @claim: (nullable): what stands where the delivery @id is expected */
static gboolean
check_claim (const LkClaim *claim, gint64 id, GError **error)
{
  if (claim == NULL || claim->delivery->id != id)
    g_set_error (error, LK_ERROR, LK_ERROR_NOT_FOUND, _ ("there is no delivery %" PRId64), id);
  else if (claim->delivery->body == NULL)
    g_set_error (error, LK_ERROR, LK_ERROR_CORRUPT,
                 _ ("the body of delivery %" PRId64 " is missing: restore the workspace "
                    "from a backup"),
                 id);
  else
    return TRUE;

  return FALSE;
}

/* Deliveries that are in the state "sending" by now, each with a new attempt. */
static GPtrArray *
begin_attempts (LkDb *db, gint64 first, gint64 last, LkInstant now, GError **error)
{
  g_autoptr (GPtrArray) claims = NULL;

  if (!lk_attempt_row_insert (db, first, last, now, error))
    return NULL;

  claims = lk_query_list (db,
                          "SELECT " LK_DELIVERY_ROW_COLUMNS ", b.body, a.id, a.number"
                          " FROM delivery d"
                          " JOIN attempt a ON a.delivery_id = d.id AND a.number = (SELECT"
                          " max(n.number) FROM attempt n WHERE n.delivery_id = d.id)"
                          " LEFT JOIN delivery_body b ON b.delivery_id = d.id"
                          " WHERE d.id BETWEEN ?1 AND ?2 ORDER BY d.id",
                          LK_VALUES (LK_INT (first), LK_INT (last)), read_claim,
                          (GDestroyNotify) lk_claim_free, error);
  if (claims == NULL)
    return NULL;

  for (gint64 id = first; id <= last; id++)
    {
      guint i = (guint) (id - first);

      if (!check_claim (i < claims->len ? g_ptr_array_index (claims, i) : NULL, id, error))
        return NULL;
    }

  return g_steal_pointer (&claims);
}

static GPtrArray *
claim_span (LkDb *db, gint64 first, gint64 last, gint64 epoch, LkInstant now, GError **error)
{
  if (!lk_query_run (db,
                     "UPDATE delivery SET state = 'sending', epoch = ?3, due_at = 0"
                     " WHERE id BETWEEN ?1 AND ?2",
                     LK_VALUES (LK_INT (first), LK_INT (last), LK_INT (epoch)), error))
    return NULL;

  return begin_attempts (db, first, last, now, error);
}

/* Most are due in the order of their ids. Such neighbours are claimed by the same statements: to
 * begin and to end one takes longer than its work on a row. */
static gint64
find_end_of_span (const Choice *self, guint *i)
{
  gint64 last = g_array_index (self->candidates, Candidate, *i).id;

  while (++*i < self->candidates->len
         && g_array_index (self->candidates, Candidate, *i).id == last + 1)
    last++;

  return last;
}

static GPtrArray *
claim_chosen (const Choice *self, gint64 epoch, GError **error)
{
  g_autoptr (GPtrArray) claims = g_ptr_array_new_with_free_func ((GDestroyNotify) lk_claim_free);

  for (guint i = 0; i < self->candidates->len;)
    {
      gint64 first = g_array_index (self->candidates, Candidate, i).id;
      gint64 last = find_end_of_span (self, &i);
      GPtrArray *span = claim_span (self->db, first, last, epoch, self->now, error);

      if (span == NULL)
        return NULL;

      g_ptr_array_extend_and_steal (claims, span);
    }

  return g_steal_pointer (&claims);
}

/**
 * lk_claim_free:
 * @self: (nullable) (transfer full): a claim
 */
void
lk_claim_free (LkClaim *self)
{
  if (self == NULL)
    return;

  lk_delivery_free (self->delivery);
  g_free (self);
}

/**
 * lk_delivery_store_claim:
 * @db: a connection in a transaction
 * @epoch: the epoch of the caller's lease
 * @now: the wall-clock time
 * @limit: how many deliveries at most
 * @room: (nullable) (element-type utf8 guint): receivers to how many requests may still start for
 *   them, 0 for none; one that is absent has the concurrency of its task less what is in flight
 * @without: (nullable): a JSON array of the ids of tasks of which to claim nothing
 * @error: %LK_ERROR_LEASE_LOST, or %LK_ERROR_CORRUPT when a body is missing
 *
 * Marks deliveries as sending and records the intent of an attempt for each, the oldest due first.
 * Of one license at most one is in flight to one receiver. Commit before any socket opens.
 *
 * The cost depends on @limit and on how many receivers have something waiting, not on how much
 * waits.
 *
 * Returns: (transfer full) (element-type LkClaim) (nullable): what is to be sent now, perhaps
 *   nothing; %NULL on error
 */
GPtrArray *
lk_delivery_store_claim (LkDb *db, gint64 epoch, LkInstant now, gsize limit, GHashTable *room,
                         const char *without, GError **error)
{
  g_auto (Choice)
      choice = { .db = db, .now = now, .limit = limit, .room = room, .without = without };

  choice.in_flight =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_hash_table_unref);
  choice.candidates = g_array_new (FALSE, FALSE, sizeof (Candidate));

  if (!lk_lease_store_check_epoch (db, epoch, error) || !choose (&choice, error))
    return NULL;

  return claim_chosen (&choice, epoch, error);
}

/**
 * lk_delivery_store_get_next_due:
 * @db: a connection
 * @without: (nullable): a JSON array of the ids of tasks that do not count
 * @error: return location
 *
 * Returns: when the next delivery may be sent, maybe in the past; 0 when none waits, -1 on error
 */
LkInstant
lk_delivery_store_get_next_due (LkDb *db, const char *without, GError **error)
{
  g_autofree char *url = g_strdup ("");
  LkInstant due = 0;

  while (url != NULL)
    {
      LkInstant next = 0;

      if (!find_next_receiver (db, &url, &next, without, error))
        return -1;
      if (url != NULL && (due == 0 || next < due))
        due = next;
    }

  return due;
}

/* A retry keeps its delay, which is that of the last attempt at most. */
static gboolean
rewind_retries (LkDb *db, LkInstant now, GError **error)
{
  LkInstant latest = lk_retry_due_at (LK_RETRY_MAX_ATTEMPTS, now, -1, 1.0);

  return lk_query_run (db,
                       "UPDATE delivery SET due_at = ?1 + due_at - " LAST_START
                       " WHERE state = 'retry_wait' AND due_at > ?1 AND " LAST_START " > ?1",
                       LK_VALUES (LK_INT (now)), error)
         && lk_query_run (db,
                          "UPDATE delivery SET due_at = ?1"
                          " WHERE state = 'retry_wait' AND due_at > ?1",
                          LK_VALUES (LK_INT (latest)), error);
}

/* What a person spread over time keeps its times. */
static gboolean
rewind_queued (LkDb *db, LkInstant now, GError **error)
{
  return lk_query_run (db,
                       "UPDATE delivery SET due_at = ?1 WHERE state = 'queued' AND due_at > ?1"
                       " AND (created_at > ?1 OR " LAST_START
                       " > ?1 OR NOT EXISTS (SELECT 1 FROM redelivery r"
                       " WHERE r.delivery_id = delivery.id AND r.due_at = delivery.due_at))",
                       LK_VALUES (LK_INT (now)), error);
}

/**
 * lk_delivery_store_rewind:
 * @db: a connection in a transaction
 * @now: the wall-clock time
 * @error: return location
 *
 * After the clock was set back: what is counted from a moment that has not come yet is counted from
 * now, or it would wait for as long as the clock was ahead.
 *
 * Returns: whether the due times are right
 */
gboolean
lk_delivery_store_rewind (LkDb *db, LkInstant now, GError **error)
{
  return rewind_retries (db, now, error) && rewind_queued (db, now, error);
}

/**
 * lk_delivery_store_insert_test:
 * @db: a connection in a transaction
 * @delivery: what Send Test sends: webhook id, task, license, url and body; the rest does not
 * matter
 * @now: the wall-clock time
 * @error: return location
 *
 * Logs a test as sending, with its one attempt. Whoever asked sends it, without a lease, and ends
 * it with lk_delivery_store_settle_test().
 *
 * Returns: (transfer full) (nullable): the right to send it; %NULL on error
 */
LkClaim *
lk_delivery_store_insert_test (LkDb *db, const LkDelivery *delivery, LkInstant now, GError **error)
{
  g_autoptr (LkDelivery) test = NULL;
  g_autoptr (GPtrArray) claims = NULL;
  LkNewDelivery row = { .group_key = "" };

  g_return_val_if_fail (delivery != NULL && delivery->body != NULL, NULL);

  test = lk_delivery_copy (delivery);
  test->is_test = TRUE;
  test->state = LK_DELIVERY_SENDING;
  test->run_id = 0;
  test->due_at = 0;
  test->hold_kind = LK_HOLD_NONE;
  g_free (test->hold_reason);
  test->hold_reason = g_strdup ("");
  test->created_at = now;
  row.delivery = test;
  if (!lk_delivery_row_insert (db, &row, 1, now, error))
    return NULL;

  claims = begin_attempts (db, row.id, row.id, now, error);

  return claims != NULL ? g_ptr_array_steal_index (claims, 0) : NULL;
}

/**
 * lk_delivery_store_get:
 * @db: a connection
 * @id: the delivery
 * @error: %LK_ERROR_NOT_FOUND when there is none with that id
 *
 * Returns: (transfer full) (nullable): the delivery with its body; %NULL on error
 */
LkDelivery *
lk_delivery_store_get (LkDb *db, gint64 id, GError **error)
{
  gpointer delivery;

  if (lk_query_one (db,
                    "SELECT " LK_DELIVERY_ROW_COLUMNS ", b.body FROM delivery d"
                    " LEFT JOIN delivery_body b ON b.delivery_id = d.id WHERE d.id = ?1",
                    LK_VALUES (LK_INT (id)), read_with_body, &delivery, error)
      && delivery == NULL)
    g_set_error (error, LK_ERROR, LK_ERROR_NOT_FOUND, _ ("there is no delivery %" PRId64), id);

  return delivery;
}
