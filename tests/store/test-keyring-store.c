/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "core/error.h"
#include "store/keyring-store.h"
#include "store/task-secret.h"
#include "store/task-store.h"

#include "fixture.h"

#define ITEM "11111111-item"

static LkKeyringItems *
items_with (const char *item, const char *secret)
{
  LkKeyringItems *items = lk_keyring_items_new ();

  lk_keyring_items_add (items, item, secret);

  return items;
}

static GPtrArray *
list (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;
  GPtrArray *entries = lk_keyring_store_list (fixture->db, fixture->now, &error);

  g_assert_no_error (error);

  return entries;
}

/* A task that wants the keyring. */
static gint64
add_task (Fixture *fixture, const char *name)
{
  gint64 id = fixture_add_task (fixture, name);
  g_autofree char *sql = g_strdup_printf (
      "UPDATE task SET use_keyring = 1 WHERE id = %" G_GINT64_FORMAT " RETURNING 1", id);

  IN_TRANSACTION (fixture, fixture_query (fixture, sql));

  return id;
}

/* Returns: whether the first entry of the list went into @item */
static gboolean
move_in (Fixture *fixture, const char *item, gboolean announced)
{
  g_autoptr (GPtrArray) entries = list (fixture);
  g_autoptr (GError) error = NULL;
  gboolean is_moved;

  g_assert_cmpint (((LkKeyringEntry *) g_ptr_array_index (entries, 0))->work, ==,
                   LK_KEYRING_MOVE_IN);
  if (announced)
    IN_TRANSACTION (fixture, lk_keyring_store_announce (fixture->db, item, &error));
  g_assert_no_error (error);
  IN_TRANSACTION (fixture, lk_keyring_store_move_in (fixture->db, g_ptr_array_index (entries, 0),
                                                     item, &is_moved, &error));
  g_assert_no_error (error);

  return is_moved;
}

static char *
find_unreadable (Fixture *fixture, LkKeyringItems *items)
{
  g_autoptr (GError) error = NULL;
  char *tasks = NULL;

  g_assert_true (
      lk_keyring_store_find_unreadable (fixture->db, fixture->now, items, &tasks, &error));
  g_assert_no_error (error);

  return tasks;
}

/* A workspace that uses no keyring has nothing to do with one. */
static void
test_unused (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (LkKeyringItems) items = lk_keyring_items_new ();
  g_autoptr (GPtrArray) entries = NULL;

  fixture_add_task (fixture, "Plain");
  entries = list (fixture);
  g_assert_cmpuint (entries->len, ==, 0);
  g_assert_null (find_unreadable (fixture, items));
}

static void
test_in_and_out (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (LkKeyringItems) empty = lk_keyring_items_new ();
  g_autoptr (LkKeyringItems) items = items_with (ITEM, FIXTURE_SECRET);
  gint64 id = add_task (fixture, "Watch");
  g_autofree char *wanted = g_strdup_printf ("[%" G_GINT64_FORMAT "]", id);
  g_autofree char *unreadable = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (LkTask) task = NULL;
  char **secrets;

  g_assert_true (move_in (fixture, ITEM, TRUE));
  g_assert_cmpint (fixture_query (fixture, "SELECT count(*) FROM task_secret WHERE secret = ''"),
                   ==, 1);
  g_assert_cmpint (fixture_query (fixture, "SELECT count(*) FROM keyring_leftover"), ==, 0);
  task = lk_task_store_get (fixture->db, id, &error);
  g_assert_true (task->has_secret && task->secret_in_keyring && task->use_keyring);

  /* The name of the item is never taken for the secret. */
  g_assert_null (lk_task_secret_list (fixture->db, id, fixture->now, empty, &error));
  g_assert_error (error, LK_ERROR, LK_ERROR_LOCKED);
  g_clear_error (&error);
  unreadable = find_unreadable (fixture, empty);
  g_assert_cmpstr (unreadable, ==, wanted);
  g_assert_null (find_unreadable (fixture, items));
  secrets = lk_task_secret_list (fixture->db, id, fixture->now, items, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (secrets[0], ==, FIXTURE_SECRET);
  lk_task_secret_list_free (secrets);

  IN_TRANSACTION (fixture, lk_keyring_store_move_out (fixture->db, ITEM, FIXTURE_SECRET, &error));
  g_assert_no_error (error);
  g_assert_null (find_unreadable (fixture, empty));
  g_assert_cmpint (fixture_query (fixture, "SELECT count(*) FROM keyring_leftover"), ==, 1);
}

/* Of two processes that move a secret at a time one wins; the other's item is left over. */
static void
test_race (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (GPtrArray) entries = NULL;
  g_autoptr (GError) error = NULL;
  gboolean is_moved;

  add_task (fixture, "Watch");
  entries = list (fixture);
  g_assert_true (move_in (fixture, ITEM, TRUE));
  IN_TRANSACTION (fixture, lk_keyring_store_announce (fixture->db, "other", &error);
                  lk_keyring_store_move_in (fixture->db, g_ptr_array_index (entries, 0), "other",
                                            &is_moved, &error));
  g_assert_no_error (error);
  g_assert_false (is_moved);
  g_assert_cmpint (
      fixture_query (fixture, "SELECT count(*) FROM keyring_leftover WHERE keyring_item = 'other'"),
      ==, 1);
}

/* An item that another process took to remove it is not used, or the secret would be lost. */
static void
test_taken (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (GError) error = NULL;

  add_task (fixture, "Watch");
  IN_TRANSACTION (fixture, lk_keyring_store_announce (fixture->db, ITEM, &error));
  IN_TRANSACTION (fixture, lk_keyring_store_take_leftover (fixture->db, ITEM, &error));
  g_assert_no_error (error);
  g_assert_false (move_in (fixture, ITEM, FALSE));
  g_assert_cmpint (fixture_query (fixture, "SELECT count(*) FROM task_secret WHERE secret = ''"),
                   ==, 0);

  IN_TRANSACTION (fixture,
                  g_assert_false (lk_keyring_store_take_leftover (fixture->db, ITEM, &error)));
  g_assert_error (error, LK_ERROR, LK_ERROR_NOT_FOUND);
}

/* Whatever takes a secret away leaves its item over: a new secret, an end of the overlap, the end
 * of the task. */
static void
test_leftovers (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (GError) error = NULL;
  gint64 id = add_task (fixture, "Watch");

  g_assert_true (move_in (fixture, "first", TRUE));
  IN_TRANSACTION (fixture,
                  lk_task_secret_rotate (fixture->db, id, "second", LK_DAY, fixture->now, &error));
  g_assert_no_error (error);
  g_assert_cmpint (fixture_query (fixture, "SELECT count(*) FROM keyring_leftover"), ==, 0);
  IN_TRANSACTION (fixture, fixture_query (fixture, "DELETE FROM task_secret WHERE expires_at > 0"
                                                   " RETURNING 1"));
  g_assert_cmpint (fixture_query (fixture, "SELECT count(*) FROM keyring_leftover"), ==, 1);

  g_assert_true (move_in (fixture, "third", TRUE));
  IN_TRANSACTION (fixture, lk_task_store_remove (fixture->db, id, fixture->now, &error));
  g_assert_no_error (error);
  g_assert_cmpint (
      fixture_query (fixture, "SELECT count(*) FROM keyring_leftover WHERE keyring_item = 'third'"),
      ==, 1);
}

/* Who lost the old secret in the keyring signs with the new one. */
static void
test_old_is_gone (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (LkKeyringItems) items = lk_keyring_items_new ();
  g_autoptr (GError) error = NULL;
  g_autofree char *unreadable = NULL;
  gint64 id = add_task (fixture, "Watch");
  char **secrets;

  g_assert_true (move_in (fixture, ITEM, TRUE));
  IN_TRANSACTION (fixture,
                  lk_task_secret_rotate (fixture->db, id, "new", LK_DAY, fixture->now, &error));
  unreadable = find_unreadable (fixture, items);
  g_assert_nonnull (unreadable); /* it may be readable later */
  lk_keyring_items_add_gone (items, ITEM);
  g_assert_null (find_unreadable (fixture, items));
  secrets = lk_task_secret_list (fixture->db, id, fixture->now, items, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (g_strv_length (secrets), ==, 1);
  g_assert_cmpstr (secrets[0], ==, "new");
  lk_task_secret_list_free (secrets);
}

/* Deliveries of a task that cannot sign stay where they are, and cost no attempt. */
static void
test_claim_without (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (LkKeyringItems) empty = lk_keyring_items_new ();
  gint64 locked = add_task (fixture, "Locked");
  gint64 open = fixture_add_task (fixture, "Open");
  gint64 epoch = fixture_take_lease (fixture);
  g_autoptr (LkRun) one = fixture_start_run (fixture, locked, epoch);
  g_autoptr (LkRun) two = fixture_start_run (fixture, open, epoch);
  g_autofree char *unreadable = NULL;
  g_autoptr (GPtrArray) claims = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (move_in (fixture, ITEM, TRUE));
  fixture_add_deliveries (fixture, one, epoch, 1, 5);
  unreadable = find_unreadable (fixture, empty);
  g_assert_cmpint (lk_delivery_store_get_next_due (fixture->db, unreadable, &error), ==, 0);
  g_assert_cmpint (lk_delivery_store_get_next_due (fixture->db, NULL, &error), ==, fixture->now);
  fixture_add_deliveries (fixture, two, epoch, 11, 2);
  IN_TRANSACTION (fixture, claims = lk_delivery_store_claim (fixture->db, epoch, fixture->now, 100,
                                                             NULL, unreadable, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (claims->len, ==, 2);
  g_assert_cmpint (((LkClaim *) g_ptr_array_index (claims, 0))->task_id, ==, open);
  g_assert_cmpint (fixture_count (fixture, LK_DELIVERY_QUEUED), ==, 5);
  fixture_assert_clean (fixture);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/keyring-store/unused", test_unused);
  g_test_add_func ("/keyring-store/in-and-out", test_in_and_out);
  g_test_add_func ("/keyring-store/race", test_race);
  g_test_add_func ("/keyring-store/taken", test_taken);
  g_test_add_func ("/keyring-store/leftovers", test_leftovers);
  g_test_add_func ("/keyring-store/old-is-gone", test_old_is_gone);
  g_test_add_func ("/keyring-store/claim-without", test_claim_without);

  return g_test_run ();
}
