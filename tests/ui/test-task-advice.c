/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "ui/task-advice.h"

/* What the search of a task probably does not do. */
static void
test_advice (void)
{
  static const struct
  {
    const char *sql;
    const char *send;
    const char *part; /* NULL: there is nothing to say */
  } rows[] = {
    { "OrderDate > [today_start] And OrderDate < [today_start+30]", "once", NULL },
    { "OrderDate > [today_start] And OrderDate < [today_start+30]", "every-run", "about 30 runs" },
    { "OrderDate > [today_start-15] And OrderDate < [today_start+15]", "every-run",
      "about 30 runs" },
    { "Comment = '[today_start+30]'", "every-run", NULL },
    { "OrderDate Between [today_start+7] And [today_end+7]", "once", "no wider than" },
    { "OrderDate Between [today_end] And [today_start]", "once", "About the search" },
    { "OrderDat > [today_start]", "once", "The search does not run" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (LkTaskItem) item = lk_task_item_new_blank (g_get_real_time ());
      g_autoptr (LkSearch) search = lk_search_new ();
      g_autofree char *advice = NULL;

      g_free (search->sql);
      search->sql = g_strdup (rows[i].sql);
      lk_task_item_set_text (item, LK_TASK_FIELD_SEND, rows[i].send);
      advice = lk_task_advice_new (item, search, g_get_real_time ());
      g_test_message ("%s: %s", rows[i].sql, advice);
      if (rows[i].part != NULL)
        g_assert_nonnull (strstr (advice, rows[i].part));
      else
        g_assert_null (advice);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/task-advice/search", test_advice);

  return g_test_run ();
}
