/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "core/task.h"

static void
test_new (void)
{
  g_autoptr (LkTask) task = lk_task_new ();

  g_assert_cmpstr (task->name, ==, "");
  g_assert_true (task->enabled);
  g_assert_true (lk_recurrence_check (&task->recurrence, NULL));
  g_assert_false (task->webhook_enabled);
  g_assert_true (task->standard_webhooks);
  g_assert_cmpstr (task->send, ==, LK_TASK_DEFAULT_SEND);
  g_assert_cmpint (task->concurrency, ==, 4);
  g_assert_nonnull (task->headers);
  g_assert_null (task->headers[0]);
}

static void
set_text (char **place, const char *text)
{
  g_free (*place);
  *place = g_strdup (text);
}

static void
test_equal_sees_every_edit (void)
{
  g_autoptr (LkTask) task = lk_task_new ();
  char **texts[] = { &task->name,  &task->url,     &task->user_data,          &task->send,
                     &task->notes, &task->ca_file, &task->client_certificate, &task->proxy };
  gboolean *flags[] = { &task->enabled,      &task->webhook_enabled, &task->standard_webhooks,
                        &task->at_most_once, &task->hold_unusual,    &task->alert,
                        &task->use_keyring };
  gint64 *ids[] = { &task->server_id, &task->search_id };
  int *numbers[] = { &task->concurrency, &task->recurrence.every,  &task->recurrence.hour,
                     &task->rate_limit,  &task->connect_timeout_s, &task->answer_timeout_s };
  gsize n_edits =
      G_N_ELEMENTS (texts) + G_N_ELEMENTS (flags) + G_N_ELEMENTS (ids) + G_N_ELEMENTS (numbers) + 1;

  for (gsize i = 0; i < n_edits; i++)
    {
      g_autoptr (LkTask) before = lk_task_copy (task);
      gsize j = i;

      g_assert_true (lk_task_equal (task, before));
      if (j < G_N_ELEMENTS (texts))
        set_text (texts[j], "changed");
      else if ((j -= G_N_ELEMENTS (texts)) < G_N_ELEMENTS (flags))
        *flags[j] = !*flags[j];
      else if ((j -= G_N_ELEMENTS (flags)) < G_N_ELEMENTS (ids))
        *ids[j] += 1;
      else if ((j -= G_N_ELEMENTS (ids)) < G_N_ELEMENTS (numbers))
        *numbers[j] += 1;
      else
        {
          g_strfreev (task->headers);
          task->headers = g_strsplit ("X-A: 1", "\n", -1);
        }
      g_assert_false (lk_task_equal (task, before));
    }
}

static void
test_equal_ignores_the_scheduler (void)
{
  g_autoptr (LkTask) task = lk_task_new ();
  g_autoptr (LkTask) before = lk_task_copy (task);

  task->id = 3;
  task->version = 4;
  task->next_due_at = LK_DAY;
  task->last_ran_at = LK_DAY;
  task->created_at = LK_DAY;
  task->has_secret = TRUE;
  g_assert_true (lk_task_equal (task, before));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/task/new", test_new);
  g_test_add_func ("/task/equal-sees-every-edit", test_equal_sees_every_edit);
  g_test_add_func ("/task/equal-ignores-the-scheduler", test_equal_ignores_the_scheduler);

  return g_test_run ();
}
