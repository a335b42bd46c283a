/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "agent/settle-log.h"

#define URL "https://user:word@shop.example:8443/hook/S3CRET?key=S3CRET"

static LkSettlement *
new_settlement (LkDeliveryState state, const char *cause)
{
  LkSettlement *self = g_new0 (LkSettlement, 1);

  self->state = state;
  self->task_name = g_strdup ("Renewals");
  self->due_at = 1772366400 * LK_SECOND;
  self->attempt = lk_attempt_new ();
  self->attempt->delivery_id = 7;
  self->attempt->number = 10;
  g_free (self->attempt->url);
  self->attempt->url = g_strdup (URL);
  g_free (self->attempt->cause);
  self->attempt->cause = g_strdup (cause);

  return self;
}

/* Each names delivery, task, host and cause, and no more of the address. */
static void
test_words (void)
{
  static const struct
  {
    LkDeliveryState state;
    const char *words;
  } rows[] = {
    { LK_DELIVERY_RETRY_WAIT, "the next try is at 2026-03-01 12:00:00" },
    { LK_DELIVERY_QUEUED, "the next try is at 2026-03-01 12:00:00" },
    { LK_DELIVERY_HELD, "held until somebody decides" },
    { LK_DELIVERY_EXHAUSTED, "given up after attempt 10" },
    { LK_DELIVERY_DROPPED, "given up" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (LkSettlement) settlement = new_settlement (rows[i].state, "500: broken");
      g_autofree char *text = lk_settle_log_describe (settlement);

      g_assert_nonnull (strstr (text, "delivery 7 of “Renewals” to shop.example "));
      g_assert_nonnull (strstr (text, rows[i].words));
      g_assert_nonnull (strstr (text, "500: broken"));
      g_assert_null (strstr (text, "S3CRET"));
      g_assert_null (strstr (text, "word"));
    }
}

/* Where a redirect leads, only the delivery log shows. */
static void
test_redirect (void)
{
  g_autoptr (LkSettlement) settlement =
      new_settlement (LK_DELIVERY_RETRY_WAIT, "301 to https://new.example/hook/S3CRET");
  g_autofree char *text = NULL;

  settlement->attempt->status = 301;
  g_free (settlement->attempt->location);
  settlement->attempt->location = g_strdup ("https://new.example/hook/S3CRET");
  text = lk_settle_log_describe (settlement);
  g_assert_nonnull (strstr (text, "301: it names another address"));
  g_assert_null (strstr (text, "S3CRET"));
}

static void
test_levels (void)
{
  g_autoptr (GPtrArray) settlements =
      g_ptr_array_new_with_free_func ((GDestroyNotify) lk_settlement_free);

  g_ptr_array_add (settlements, new_settlement (LK_DELIVERY_DELIVERED, ""));
  g_ptr_array_add (settlements, new_settlement (LK_DELIVERY_EXHAUSTED, "a"));
  for (int i = 0; i < 6; i++)
    g_ptr_array_add (settlements, new_settlement (LK_DELIVERY_RETRY_WAIT, "b"));

  g_test_expect_message ("lk-delivery", G_LOG_LEVEL_WARNING, "*given up*");
  for (int i = 0; i < 4; i++)
    g_test_expect_message ("lk-delivery", G_LOG_LEVEL_MESSAGE, "*next try*");
  g_test_expect_message ("lk-delivery", G_LOG_LEVEL_MESSAGE, "and 2 deliveries more*");
  lk_settle_log_write (settlements);
  g_test_assert_expected_messages ();
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/settle-log/words", test_words);
  g_test_add_func ("/settle-log/redirect", test_redirect);
  g_test_add_func ("/settle-log/levels", test_levels);

  return g_test_run ();
}
