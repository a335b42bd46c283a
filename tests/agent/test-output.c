/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include "agent/output.h"
#include "core/error.h"

static char *
read_all (int fd)
{
  GString *text = g_string_new (NULL);
  char buffer[4096];
  gssize n;

  while ((n = read (fd, buffer, sizeof buffer)) > 0)
    g_string_append_len (text, buffer, n);

  return g_string_free (text, FALSE);
}

static void
test_json (void)
{
  int pipe_fds[2];
  g_autoptr (LkOutput) output = NULL;
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (GBytes) broken = g_bytes_new_static ("a\xff", 2);
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (pipe (pipe_fds), ==, 0);
  output = lk_output_new (pipe_fds[1]);
  json_builder_begin_object (builder);
  lk_json_add_text (builder, "text", "ü");
  lk_json_add_text (builder, "broken", "b\xff");
  lk_json_add_text (builder, "absent", NULL);
  lk_json_add_bytes (builder, "bytes", broken);
  lk_json_add_bytes (builder, "noBytes", NULL);
  lk_json_add_int (builder, "int", G_MAXINT64);
  lk_json_add_flag (builder, "flag", TRUE);
  lk_json_add_instant (builder, "never", 0);
  lk_json_add_instant (builder, "instant", 1614265330 * LK_SECOND + 1500);
  json_builder_end_object (builder);
  lk_output_json_line (output, builder);
  g_assert_true (lk_output_finish (output, &error));
  g_assert_no_error (error);
  close (pipe_fds[1]);

  text = read_all (pipe_fds[0]);
  close (pipe_fds[0]);
  g_assert_cmpstr (text, ==,
                   "{\"text\":\"ü\",\"broken\":\"b\xef\xbf\xbd\",\"absent\":null,"
                   "\"bytes\":\"a\xef\xbf\xbd\",\"noBytes\":null,"
                   "\"int\":9223372036854775807,\"flag\":true,\"never\":null,"
                   "\"instant\":\"2021-02-25T15:02:10.001Z\"}\n");
}

static void
test_reader_that_went_away (void)
{
  int pipe_fds[2];
  g_autoptr (LkOutput) output = NULL;
  g_autoptr (GError) error = NULL;

  signal (SIGPIPE, SIG_IGN);
  g_assert_cmpint (pipe (pipe_fds), ==, 0);
  close (pipe_fds[0]);
  output = lk_output_new (pipe_fds[1]);

  g_assert_true (lk_output_is_open (output));
  lk_output_text (output, "text");
  lk_output_flush (output);
  g_assert_false (lk_output_is_open (output));
  g_assert_true (lk_output_finish (output, &error));
  g_assert_no_error (error);
  close (pipe_fds[1]);
}

static void
test_full (void)
{
  int fd = open ("/dev/full", O_WRONLY | O_CLOEXEC);
  g_autoptr (LkOutput) output = NULL;
  g_autoptr (GError) error = NULL;

  if (fd < 0)
    {
      g_test_skip ("no /dev/full");
      return;
    }

  output = lk_output_new (fd);
  lk_output_printf (output, "%d", 1);
  g_assert_false (lk_output_finish (output, &error));
  g_assert_error (error, LK_ERROR, LK_ERROR_IO);
  close (fd);
}

static void
test_visible (void)
{
  const struct
  {
    const char *text;
    gssize length;
    const char *visible;
  } cases[] = {
    { "plain ü", -1, "plain ü" },
    { "a\r\nb\tc\n", -1, "a\nb\tc\n" },
    { "\x1b]0;title\x07", -1, "\xef\xbf\xbd]0;title\xef\xbf\xbd" },
    { "c1 \xc2\x9b", -1, "c1 \xef\xbf\xbd" },
    { "bad \xff", -1, "bad \xef\xbf\xbd" },
    { "cut here", 3, "cut" },
    { "", -1, "" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *visible = lk_output_format_visible (cases[i].text, cases[i].length);

      g_assert_cmpstr (visible, ==, cases[i].visible);
    }
}

static void
test_instant (void)
{
  g_autofree char *never = lk_output_format_instant (0);
  g_autofree char *some = lk_output_format_instant (1614265330 * LK_SECOND + 999999);

  g_assert_cmpstr (never, ==, "-");
  g_assert_cmpstr (some, ==, "2021-02-25 15:02:10"); /* the tests run in UTC */
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/agent/output/json", test_json);
  g_test_add_func ("/agent/output/reader-that-went-away", test_reader_that_went_away);
  g_test_add_func ("/agent/output/full", test_full);
  g_test_add_func ("/agent/output/visible", test_visible);
  g_test_add_func ("/agent/output/instant", test_instant);

  return g_test_run ();
}
