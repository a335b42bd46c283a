/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "store/server-store.h"
#include "store/task-store.h"

#include "fixture.h"

static LkServerProfile *
make_profile (const char *name, gboolean is_default)
{
  LkServerProfile *profile = lk_server_profile_new ();

  g_free (profile->name);
  profile->name = g_strdup (name);
  g_free (profile->uri);
  profile->uri = g_strdup ("sqlite:other.db");
  profile->is_default = is_default;

  return profile;
}

static gint64
add (Fixture *fixture, const char *name, gboolean is_default)
{
  g_autoptr (LkServerProfile) profile = make_profile (name, is_default);
  g_autoptr (GError) error = NULL;
  gint64 id;

  IN_TRANSACTION (fixture, id = lk_server_store_insert (fixture->db, profile, &error));
  g_assert_no_error (error);

  return id;
}

static void
assert_default (Fixture *fixture, const char *name)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (LkServerProfile) profile = lk_server_store_get_default (fixture->db, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (profile->name, ==, name);
  g_assert_cmpint (fixture_query (fixture, "SELECT count(*) FROM server WHERE is_default = 1"), ==,
                   1);
}

static void
test_default (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (GError) error = NULL;
  gint64 second;

  assert_default (fixture, "Main"); /* the first one, unasked */
  second = add (fixture, "Second", TRUE);
  assert_default (fixture, "Second");
  add (fixture, "Third", FALSE);
  assert_default (fixture, "Second");

  IN_TRANSACTION (fixture, lk_server_store_set_default (fixture->db, fixture->server_id, &error));
  g_assert_no_error (error);
  assert_default (fixture, "Main");

  IN_TRANSACTION (fixture, lk_server_store_set_default (fixture->db, second, &error));
  IN_TRANSACTION (fixture, lk_server_store_remove (fixture->db, second, &error));
  g_assert_no_error (error);
  assert_default (fixture, "Main");
}

static void
test_names (void)
{
  static const struct
  {
    const char *name;
    int code; /* -1: accepted */
  } rows[] = {
    { "Other", -1 },
    { "MAIN", LK_ERROR_EXISTS },
    { " main ", LK_ERROR_EXISTS },
    { "", LK_ERROR_INVALID },
    { "  ", LK_ERROR_INVALID },
    { "two\nlines", LK_ERROR_INVALID },
    { "\xff", LK_ERROR_ENCODING },
    { "ÄRZTE", -1 },
    { "ärzte", LK_ERROR_EXISTS },
  };
  g_autoptr (Fixture) fixture = fixture_new ();

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (LkServerProfile) profile = make_profile (rows[i].name, FALSE);
      g_autoptr (GError) error = NULL;
      gint64 id;

      IN_TRANSACTION (fixture, id = lk_server_store_insert (fixture->db, profile, &error));
      g_assert_cmpint (rows[i].code, ==, error != NULL ? error->code : -1);
      g_assert_cmpint (id != 0, ==, rows[i].code == -1);
    }
}

static void
test_update (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (LkServerProfile) mine = NULL;
  g_autoptr (LkServerProfile) theirs = NULL;
  g_autoptr (LkServerProfile) found = NULL;
  g_autoptr (GError) error = NULL;

  mine = lk_server_store_get (fixture->db, fixture->server_id, &error);
  theirs = lk_server_profile_copy (mine);
  g_free (theirs->uri);
  theirs->uri = g_strdup ("sqlite:theirs.db");
  IN_TRANSACTION (fixture, lk_server_store_update (fixture->db, theirs, &error));
  g_assert_no_error (error);

  g_assert_false (lk_server_store_update (fixture->db, mine, &error));
  g_assert_error (error, LK_ERROR, LK_ERROR_CONFLICT);
  g_assert_nonnull (g_strstr_len (error->message, -1, "“Main”"));
  g_clear_error (&error);

  found = lk_server_store_find (fixture->db, "mAIN", &error);
  g_assert_no_error (error);
  g_assert_cmpstr (found->uri, ==, "sqlite:theirs.db");
  g_assert_cmpint (found->version, ==, mine->version + 1);
  g_assert_true (found->is_default); /* an update does not take that away */

  IN_TRANSACTION (fixture, lk_server_store_remove (fixture->db, found->id, &error));
  g_assert_no_error (error);
  g_assert_false (lk_server_store_update (fixture->db, found, &error));
  g_assert_error (error, LK_ERROR, LK_ERROR_NOT_FOUND);
}

static void
test_in_use (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (GError) error = NULL;
  gint64 task_id = fixture_add_task (fixture, "Watch");
  gboolean removed;

  IN_TRANSACTION (fixture,
                  removed = lk_server_store_remove (fixture->db, fixture->server_id, &error));
  g_assert_false (removed);
  g_assert_error (error, LK_ERROR, LK_ERROR_IN_USE);
  g_assert_nonnull (g_strstr_len (error->message, -1, "“Watch”"));
  g_clear_error (&error);

  IN_TRANSACTION (fixture, lk_task_store_remove (fixture->db, task_id, fixture->now, &error));
  IN_TRANSACTION (fixture,
                  removed = lk_server_store_remove (fixture->db, fixture->server_id, &error));
  g_assert_no_error (error);
  g_assert_true (removed);
  g_assert_null (lk_server_store_get_default (fixture->db, &error));
  g_assert_error (error, LK_ERROR, LK_ERROR_NOT_FOUND);
}

static void
test_missing (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (GError) error = NULL;

  g_assert_null (lk_server_store_get (fixture->db, 99, &error));
  g_assert_error (error, LK_ERROR, LK_ERROR_NOT_FOUND);
  g_clear_error (&error);
  g_assert_null (lk_server_store_find (fixture->db, "Nobody", &error));
  g_assert_error (error, LK_ERROR, LK_ERROR_NOT_FOUND);
  g_assert_nonnull (g_strstr_len (error->message, -1, "“Nobody”"));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/server-store/default", test_default);
  g_test_add_func ("/server-store/names", test_names);
  g_test_add_func ("/server-store/update", test_update);
  g_test_add_func ("/server-store/in-use", test_in_use);
  g_test_add_func ("/server-store/missing", test_missing);

  return g_test_run ();
}
