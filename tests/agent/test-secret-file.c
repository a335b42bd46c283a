/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <unistd.h>

#include <glib/gstdio.h>

#include "agent/secret-file.h"
#include "core/error.h"

#define LONGEST 4096

static char *
read_file_with (const char *bytes, gssize length, GError **error)
{
  g_autofree char *path = NULL;
  char *secret;
  int fd = g_file_open_tmp ("latchkey-XXXXXX", &path, NULL);

  g_assert_cmpint (fd, >=, 0);
  close (fd);
  g_assert_true (g_file_set_contents (path, bytes, length, NULL));
  secret = lk_secret_file_read (path, error);
  g_unlink (path);

  return secret;
}

static void
test_contents (void)
{
  g_autofree char *longest = g_strnfill (LONGEST, 's');
  g_autofree char *too_long = g_strnfill (LONGEST + 1, 's');
  const struct
  {
    const char *bytes;
    gssize length;
    const char *secret;
    int code;
  } cases[] = {
    { "secret", -1, "secret", -1 },
    { "secret\n", -1, "secret", -1 },
    { "secret\r\n", -1, "secret", -1 },
    { " secret ", -1, " secret ", -1 },
    { "\xef\xbb\xbfsecret\r\n", -1, "secret", -1 },
    { "\xef\xbb\xbf", -1, NULL, LK_ERROR_INVALID },
    { "süß", -1, "süß", -1 },
    { longest, -1, longest, -1 },
    { too_long, -1, NULL, LK_ERROR_INVALID },
    { "", -1, NULL, LK_ERROR_INVALID },
    { "\n", -1, NULL, LK_ERROR_INVALID },
    { "secret\n\n", -1, NULL, LK_ERROR_INVALID },
    { "a\nb", -1, NULL, LK_ERROR_INVALID },
    { "a\0b", 3, NULL, LK_ERROR_INVALID },
    { "whsec_?", -1, NULL, LK_ERROR_INVALID },
    { "\xff", -1, NULL, LK_ERROR_ENCODING },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *secret = read_file_with (cases[i].bytes, cases[i].length, &error);

      g_assert_cmpstr (secret, ==, cases[i].secret);
      if (cases[i].code >= 0)
        g_assert_error (error, LK_ERROR, cases[i].code);
    }
}

static void
test_unreadable (void)
{
  const char *paths[] = { "/nowhere/secret", "/" };

  for (gsize i = 0; i < G_N_ELEMENTS (paths); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (lk_secret_file_read (paths[i], &error));
      g_assert_error (error, LK_ERROR, LK_ERROR_FAILED);
      g_assert_nonnull (strstr (error->message, paths[i]));
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/agent/secret-file/contents", test_contents);
  g_test_add_func ("/agent/secret-file/unreadable", test_unreadable);

  return g_test_run ();
}
