/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "agent/log.h"

static void
test_journal (void)
{
  static const struct
  {
    GLogLevelFlags level;
    const char *message;
    const char *lines;
  } rows[] = {
    { G_LOG_LEVEL_ERROR, "a", "<3>a\n" },
    { G_LOG_LEVEL_ERROR | G_LOG_FLAG_FATAL, "a", "<3>a\n" },
    { G_LOG_LEVEL_CRITICAL, "a", "<4>a\n" },
    { G_LOG_LEVEL_WARNING, "“ü”", "<4>“ü”\n" },
    { G_LOG_LEVEL_MESSAGE, "a", "<5>a\n" },
    { G_LOG_LEVEL_INFO, "a", "<6>a\n" },
    { G_LOG_LEVEL_DEBUG, "a", "<7>a\n" },
    /* Each line has its level, and none passes for something else. */
    { G_LOG_LEVEL_WARNING, "a\nb\n", "<4>a\n<4>b\n" },
    { G_LOG_LEVEL_MESSAGE, "a\r\n<0>b", "<5>a\n<5><0>b\n" },
    { G_LOG_LEVEL_MESSAGE, "a\x1b[2J\xff", "<5>a\xef\xbf\xbd[2J\xef\xbf\xbd\n" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *lines = lk_log_format (rows[i].level, TRUE, rows[i].message);

      g_assert_cmpstr (lines, ==, rows[i].lines);
    }
}

/* A person reads when it was. */
static void
test_terminal (void)
{
  g_autofree char *lines = lk_log_format (G_LOG_LEVEL_WARNING, FALSE, "a\nb");

  g_assert_true (g_regex_match_simple ("^(\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d "
                                       "latchkey-agent: [ab]\\n){2}$",
                                       lines, 0, 0));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/log/journal", test_journal);
  g_test_add_func ("/log/terminal", test_terminal);

  return g_test_run ();
}
