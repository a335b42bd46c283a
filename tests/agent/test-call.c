/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "agent/call.h"

static void
note (LkCall *call, const char *name, const char *value)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (lk_call_note_option (name, value, call, &error));
  g_assert_no_error (error);
}

static void
test_options (void)
{
  g_autoptr (LkCall) call = lk_call_new ();
  g_autoptr (GError) error = NULL;

  g_assert_false (lk_call_has (call, "header"));
  g_assert_null (lk_call_get (call, "header"));
  g_assert_null (lk_call_get_all (call, "header"));

  note (call, "--header", "A: 1");
  note (call, "--header", "B: 2");
  note (call, "--json", NULL);

  g_assert_cmpstr (lk_call_get (call, "header"), ==, "B: 2");
  g_assert_cmpuint (g_strv_length ((char **) lk_call_get_all (call, "header")), ==, 2);
  g_assert_cmpstr (lk_call_get_all (call, "header")[0], ==, "A: 1");
  g_assert_true (lk_call_wants_json (call));

  g_assert_false (lk_call_note_option ("--sql", "\xff", call, &error));
  g_assert_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE);
}

static void
test_instant (void)
{
  /* The tests run in UTC. */
  const struct
  {
    const char *text;
    LkInstant instant; /* seconds; -1: refused */
  } cases[] = {
    { "2021-02-25", 1614211200 },
    { "2021-02-25 15:02", 1614265320 },
    { "2021-02-25 15:02:10", 1614265330 },
    { "2021-02-25T15:02:10Z", 1614265330 },
    { "2021-02-25T15:02:10+01:00", 1614261730 },
    { "2021-02-30", -1 },
    { "2021-02-25 25:00", -1 },
    { "yesterday", -1 },
    { "", -1 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (LkCall) call = lk_call_new ();
      g_autoptr (GError) error = NULL;
      LkInstant instant = 0;

      note (call, "--now", cases[i].text);
      g_assert_cmpint (lk_call_get_instant (call, "now", &instant, &error), ==,
                       cases[i].instant >= 0);
      if (cases[i].instant >= 0)
        g_assert_cmpint (instant, ==, cases[i].instant * LK_SECOND);
      else
        g_assert_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE);
    }
}

static void
test_arguments (void)
{
  const struct
  {
    const char *arguments[4];
    gboolean is_right;
  } cases[] = {
    { { NULL }, FALSE },          { { "a", NULL }, TRUE },
    { { "a", "b", NULL }, TRUE }, { { "a", "b", "c", NULL }, FALSE },
    { { "\xff", NULL }, FALSE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (LkCall) call = lk_call_new ();
      g_autoptr (GError) error = NULL;

      g_assert_cmpint (lk_call_take_arguments (call, (char **) cases[i].arguments, 1, 2, &error),
                       ==, cases[i].is_right);
      if (cases[i].is_right)
        g_assert_cmpstr (lk_call_get_argument (call, 0), ==, "a");
      else
        g_assert_true (error->domain == G_OPTION_ERROR);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/agent/call/options", test_options);
  g_test_add_func ("/agent/call/instant", test_instant);
  g_test_add_func ("/agent/call/arguments", test_arguments);

  return g_test_run ();
}
