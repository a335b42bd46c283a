/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The stores' own tests go through these rules; here are the messages, which are the same but for
 * the kind of record, and the folding of names. */

#include "config.h"

#include "store/named-record.h"

#include "fixture.h"

static void
test_key (void)
{
  static const struct
  {
    const char *one;
    const char *other;
    gboolean same;
  } rows[] = {
    { "Renewals", "rENEWALS", TRUE }, { "Ärzte", "äRZTE", TRUE },    { "Straße", "STRASSE", TRUE },
    { " Main", "main  ", TRUE },      { "Main 1", "Main 2", FALSE }, { "a b", "ab", FALSE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *one = lk_named_record_key (rows[i].one);
      g_autofree char *other = lk_named_record_key (rows[i].other);

      g_assert_cmpint (g_str_equal (one, other), ==, rows[i].same);
    }
}

/* Each names the thing and a remedy. */
static void
test_messages (void)
{
  static const struct
  {
    LkRecordKind kind;
    const char *name;
    const char *taken;
    const char *missing;
    const char *gone;
    const char *changed;
  } rows[] = {
    { LK_RECORD_SERVER, "Main", "license server “Main” already: choose", "no license server “x”",
      "license server 99 is gone",
      "the license server “Main” was changed by somebody else: reload" },
    { LK_RECORD_SEARCH, "Renewals", "search “Renewals” already: choose", "no search “x”",
      "search 99 is gone", "the search “Renewals” was changed by somebody else: reload" },
    { LK_RECORD_TASK, "Watch", "task “Watch” already: choose", "no task “x”", "task 99 is gone",
      "the task “Watch” was changed by somebody else: reload" },
  };
  g_autoptr (Fixture) fixture = fixture_new ();

  fixture_add_task (fixture, "Watch");
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_false (
          lk_named_record_check_name (fixture->db, rows[i].kind, 0, rows[i].name, &error));
      g_assert_error (error, LK_ERROR, LK_ERROR_EXISTS);
      g_assert_nonnull (strstr (error->message, rows[i].taken));
      g_clear_error (&error);
      g_assert_true (
          lk_named_record_check_name (fixture->db, rows[i].kind, 1, rows[i].name, &error));

      lk_named_record_set_name_missing (rows[i].kind, "x", &error);
      g_assert_error (error, LK_ERROR, LK_ERROR_NOT_FOUND);
      g_assert_nonnull (strstr (error->message, rows[i].missing));
      g_clear_error (&error);

      lk_named_record_set_id_missing (rows[i].kind, 99, &error);
      g_assert_error (error, LK_ERROR, LK_ERROR_NOT_FOUND);
      g_assert_nonnull (strstr (error->message, rows[i].gone));
      g_clear_error (&error);

      lk_db_execute (fixture->db, "UPDATE task SET name = name WHERE id = -1", &error);
      g_assert_false (
          lk_named_record_check_updated (fixture->db, rows[i].kind, 1, rows[i].name, &error));
      g_assert_error (error, LK_ERROR, LK_ERROR_CONFLICT);
      g_assert_nonnull (strstr (error->message, rows[i].changed));
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/named-record/key", test_key);
  g_test_add_func ("/named-record/messages", test_messages);

  return g_test_run ();
}
