/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "store/lease-store.h"
#include "store/migrator.h"
#include "store/query.h"
#include "store/run-store.h"
#include "store/search-store.h"
#include "store/server-store.h"
#include "store/task-store.h"

#include "fixture.h"

static gint64
add_server (Fixture *self)
{
  g_autoptr (LkServerProfile) profile = lk_server_profile_new ();
  g_autoptr (GError) error = NULL;
  gint64 id;

  g_free (profile->name);
  profile->name = g_strdup ("Main");
  g_free (profile->uri);
  profile->uri = g_strdup ("sqlite:licenses.db");
  id = lk_server_store_insert (self->db, profile, &error);
  g_assert_no_error (error);

  return id;
}

static gint64
add_search (Fixture *self)
{
  g_autoptr (LkSearch) search = lk_search_new ();
  g_autoptr (GError) error = NULL;
  gint64 id;

  g_free (search->name);
  search->name = g_strdup ("Renewals");
  g_free (search->sql);
  search->sql = g_strdup ("1 = 1");
  id = lk_search_store_insert (self->db, search, &error);
  g_assert_no_error (error);

  return id;
}

Fixture *
fixture_new (void)
{
  Fixture *self = g_new0 (Fixture, 1);
  g_autoptr (GError) error = NULL;
  g_autofree char *uri = NULL;

  self->folder = test_folder_new ();
  self->now = FIXTURE_START;
  uri = test_folder_get_uri (self->folder, "workspace.db");
  self->db = lk_db_open (uri, LK_DB_CREATE, &error);
  g_assert_no_error (error);
  lk_migrator_run (self->db, &lk_workspace_schema, &error);
  g_assert_no_error (error);
  IN_TRANSACTION (self, self->server_id = add_server (self));
  IN_TRANSACTION (self, self->search_id = add_search (self));

  return self;
}

void
fixture_free (Fixture *self)
{
  lk_db_close (self->db);
  test_folder_free (self->folder);
  g_free (self);
}

void
fixture_begin (Fixture *self)
{
  g_autoptr (GError) error = NULL;

  lk_db_begin (self->db, &error);
  g_assert_no_error (error);
}

void
fixture_commit (Fixture *self)
{
  g_autoptr (GError) error = NULL;

  lk_db_commit (self->db, &error);
  g_assert_no_error (error);
}

/* Daily at 08:00 UTC with a webhook. */
LkTask *
fixture_make_task (Fixture *self, const char *name)
{
  LkTask *task = lk_task_new ();

  g_free (task->name);
  task->name = g_strdup (name);
  g_free (task->url);
  task->url = g_strdup (FIXTURE_URL);
  task->server_id = self->server_id;
  task->search_id = self->search_id;
  task->webhook_enabled = TRUE;
  task->recurrence.hour = 8;
  task->recurrence.zone = g_intern_static_string ("UTC");

  return task;
}

gint64
fixture_add_task (Fixture *self, const char *name)
{
  g_autoptr (LkTask) task = fixture_make_task (self, name);
  g_autoptr (GError) error = NULL;
  gint64 id;

  IN_TRANSACTION (self,
                  id = lk_task_store_insert (self->db, task, FIXTURE_SECRET, self->now, &error));
  g_assert_no_error (error);

  return id;
}

/* As a new process does after the holder stopped renewing: the time moves beyond its lease. */
gint64
fixture_take_lease (Fixture *self)
{
  g_autoptr (LkLease) mine = lk_lease_new ();
  g_autoptr (LkLease) lease = NULL;
  g_autoptr (GError) error = NULL;

  mine->kind = LK_HOLDER_AGENT;
  self->now += (LK_LEASE_SECONDS + 1) * LK_SECOND;
  fixture_begin (self);
  lease = lk_lease_store_acquire (self->db, mine, self->now, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (lease->owner, ==, mine->owner);
  lk_delivery_store_recover (self->db, lease->epoch, self->now, &error);
  g_assert_no_error (error);
  fixture_commit (self);

  return lease->epoch;
}

LkRun *
fixture_start_run (Fixture *self, gint64 task_id, gint64 epoch)
{
  g_autoptr (GPtrArray) runs = NULL;
  g_autoptr (GError) error = NULL;

  fixture_begin (self);
  lk_run_store_request (self->db, task_id, self->now, &error);
  g_assert_no_error (error);
  runs = lk_run_store_take_pending (self->db, epoch, self->now, &error);
  g_assert_no_error (error);
  fixture_commit (self);
  g_assert_cmpuint (runs->len, ==, 1);

  return lk_run_copy (g_ptr_array_index (runs, 0));
}

static LkRunMatch *
make_match (const LkRun *run, int license_id)
{
  LkRunMatch *match = g_new0 (LkRunMatch, 1);
  LkDelivery *delivery = lk_delivery_new ();

  g_free (delivery->webhook_id);
  delivery->webhook_id = g_strdup_printf ("msg_%" G_GINT64_FORMAT "_%d", run->id, license_id);
  g_free (delivery->task_name);
  delivery->task_name = g_strdup (run->task_name);
  g_free (delivery->url);
  delivery->url = g_strdup (FIXTURE_URL);
  delivery->license_id = license_id;
  delivery->body = g_bytes_new ("{}", 2);
  match->group_key = g_strdup_printf ("%d", license_id);
  match->memory = g_strdup ("");
  match->delivery = delivery;

  return match;
}

/* Licenses @first to @first + @n - 1 match, and all fire. Returns how many deliveries were added.
 */
gint64
fixture_add_deliveries (Fixture *self, const LkRun *run, gint64 epoch, int first, int n)
{
  g_autoptr (GPtrArray) keys = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GPtrArray) matches =
      g_ptr_array_new_with_free_func ((GDestroyNotify) lk_run_match_free);
  g_autoptr (GError) error = NULL;
  gint64 n_added;

  for (int license_id = first; license_id < first + n; license_id++)
    {
      g_ptr_array_add (keys, g_strdup_printf ("%d", license_id));
      g_ptr_array_add (matches, make_match (run, license_id));
    }

  IN_TRANSACTION (self, n_added = lk_run_store_add_batch (self->db, run, epoch, keys, matches,
                                                          self->now, &error));
  g_assert_no_error (error);

  return n_added;
}

void
fixture_settle (Fixture *self, gint64 epoch, const LkClaim *claim, LkOutcome outcome,
                LkDeliveryState state, const char *hold_reason)
{
  g_autoptr (GPtrArray) settlements =
      g_ptr_array_new_with_free_func ((GDestroyNotify) lk_settlement_free);
  LkSettlement *settlement = g_new0 (LkSettlement, 1);
  g_autoptr (GError) error = NULL;

  settlement->attempt = lk_attempt_new ();
  settlement->attempt->id = claim->attempt_id;
  settlement->attempt->delivery_id = claim->delivery->id;
  settlement->attempt->outcome = outcome;
  g_free (settlement->attempt->url);
  settlement->attempt->url = g_strdup (claim->delivery->url);
  settlement->attempt->status = outcome == LK_OUTCOME_SUCCESS ? 200 : 500;
  g_free (settlement->attempt->cause);
  settlement->attempt->cause = g_strdup (outcome == LK_OUTCOME_SUCCESS ? "" : "it said no");
  settlement->state = state;
  settlement->due_at = state == LK_DELIVERY_RETRY_WAIT ? self->now + LK_MINUTE : 0;
  settlement->hold_reason = g_strdup (hold_reason);
  settlement->costs_attempt = outcome != LK_OUTCOME_OFFLINE;
  g_ptr_array_add (settlements, settlement);

  IN_TRANSACTION (self, lk_delivery_store_settle (self->db, epoch, settlements, self->now, &error));
  g_assert_no_error (error);
}

gint64
fixture_count (Fixture *self, LkDeliveryState state)
{
  gint64 counts[LK_N_DELIVERY_STATES];
  g_autoptr (GError) error = NULL;

  lk_delivery_store_count_by_state (self->db, counts, &error);
  g_assert_no_error (error);

  return counts[state];
}

gint64
fixture_query (Fixture *self, const char *sql)
{
  g_autoptr (GError) error = NULL;
  gint64 value;

  lk_query_int (self->db, sql, NULL, &value, &error);
  g_assert_no_error (error);

  return value;
}

void
fixture_assert_clean (Fixture *self)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) violations = lk_delivery_store_check (self->db, &error);

  g_assert_no_error (error);
  for (guint i = 0; i < violations->len; i++)
    g_test_message ("%s", (const char *) g_ptr_array_index (violations, i));
  g_assert_cmpuint (violations->len, ==, 0);
}
