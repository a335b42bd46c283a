/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "core/error.h"
#include "core/server-profile.h"

static void
test_new_and_copy (void)
{
  g_autoptr (LkServerProfile) profile = lk_server_profile_new ();
  g_autoptr (LkServerProfile) copy = NULL;

  g_assert_cmpstr (profile->name, ==, "");
  g_assert_cmpstr (profile->uri, ==, "");

  profile->is_default = TRUE;
  copy = lk_server_profile_copy (profile);
  g_assert_true (copy->is_default);
  g_assert_true (copy->uri != profile->uri);
}

static void
test_check (void)
{
  static const struct
  {
    const char *name;
    const char *uri;
    int code;
  } cases[] = {
    { "Demo", "sqlite:licenses.db", -1 },
    { "Demo", "sqlite:/srv/licenses.db", -1 },
    { "Demo", "postgresql://user@host/db", -1 },
    { " ", "sqlite:licenses.db", LK_ERROR_INVALID },
    { "two\nlines", "sqlite:licenses.db", LK_ERROR_INVALID },
    { "Demo", "", LK_ERROR_INVALID },
    { "Demo", "sqlite:", LK_ERROR_INVALID },
    { "Demo", "postgresql://", LK_ERROR_INVALID },
    { "Demo", "/srv/licenses.db", LK_ERROR_INVALID },
    { "Demo", "mysql://host/db", LK_ERROR_INVALID },
    { "Demo", "sqlite:\xff", LK_ERROR_ENCODING },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      LkServerProfile profile = { .name = (char *) cases[i].name, .uri = (char *) cases[i].uri };
      g_autoptr (GError) error = NULL;

      if (cases[i].code < 0)
        g_assert_true (lk_server_profile_check (&profile, &error));
      else
        g_assert_false (lk_server_profile_check (&profile, &error));
      if (cases[i].code < 0)
        g_assert_no_error (error);
      else
        g_assert_error (error, LK_ERROR, cases[i].code);
    }
}

static void
test_password_is_not_told (void)
{
  LkServerProfile profile = { .name = (char *) "Demo",
                              .uri = (char *) "mysql://user:p@ssword@host/db" };
  g_autoptr (GError) error = NULL;

  g_assert_false (lk_server_profile_check (&profile, &error));
  g_assert_nonnull (strstr (error->message, "“mysql://host/db”"));
  g_assert_null (strstr (error->message, "ssword"));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/server-profile/new-and-copy", test_new_and_copy);
  g_test_add_func ("/server-profile/check", test_check);
  g_test_add_func ("/server-profile/password-is-not-told", test_password_is_not_told);

  return g_test_run ();
}
