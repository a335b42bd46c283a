/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the delivery log says of a delivery, in its cells and its detail. */

#include "config.h"

#include "ui/delivery-cell.h"
#include "ui/delivery-text.h"

#define NOW (1764547200 * LK_SECOND)

static void
test_text (void)
{
  const struct
  {
    const char *bytes;
    gsize length;
    const char *expected;
  } cases[] = {
    { "{\"a\":1}", 7, "{\n  \"a\" : 1\n}" },
    { "not json", 8, "not json" },
    { "", 0, "" },
    { "bad \xff", 5, "bad \xef\xbf\xbd" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GBytes) body = g_bytes_new (cases[i].bytes, cases[i].length);
      g_autofree char *text = lk_body_format (body);

      g_assert_cmpstr (text, ==, cases[i].expected);
    }
}

/* What is due and not under way has no time to tell, and says so. */
static void
test_next_try (void)
{
  static const struct
  {
    LkDeliveryState state;
    LkInstant due_in;
    const char *text;
  } rows[] = {
    { LK_DELIVERY_QUEUED, 0, "when its turn comes" },
    { LK_DELIVERY_RETRY_WAIT, -LK_MINUTE, "when its turn comes" },
    { LK_DELIVERY_SENDING, -LK_MINUTE, "" },
    { LK_DELIVERY_HELD, -LK_MINUTE, "" },
    { LK_DELIVERY_DELIVERED, -NOW, "" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (LkDelivery) delivery = lk_delivery_new ();
      g_autofree char *text = NULL;

      delivery->state = rows[i].state;
      delivery->due_at = NOW + rows[i].due_in;
      text = lk_delivery_column_format (LK_DELIVERY_COLUMN_NEXT_TRY, delivery, NOW);
      g_assert_cmpstr (text, ==, rows[i].text);
    }
}

/* The line says in words why nothing happened yet. */
static void
test_explanation (void)
{
  static const struct
  {
    LkDeliveryState state;
    const char *cause;
    const char *hold_reason;
    const char *starts_with;
    int status;
  } rows[] = {
    { LK_DELIVERY_QUEUED, "", "", "Waits for its turn." },
    { LK_DELIVERY_QUEUED, "the process died", "", "the process died" },
    { LK_DELIVERY_QUEUED, "200: delivered", "", "Waits for its turn.", 200 },
    { LK_DELIVERY_RETRY_WAIT, "the receiver failed", "", "the receiver failed" },
    { LK_DELIVERY_HELD, "the receiver failed", "the first run", "the first run" },
    { LK_DELIVERY_DELIVERED, "", "", "" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (LkDelivery) delivery = lk_delivery_new ();
      g_autofree char *text = NULL;

      delivery->state = rows[i].state;
      g_free (delivery->last_cause);
      delivery->last_cause = g_strdup (rows[i].cause);
      g_free (delivery->hold_reason);
      delivery->hold_reason = g_strdup (rows[i].hold_reason);
      delivery->last_status = rows[i].status;
      text = lk_delivery_column_format (LK_DELIVERY_COLUMN_CAUSE, delivery, NOW);
      g_assert_true (g_str_has_prefix (text, rows[i].starts_with));
      g_assert_cmpint (text[0] == '\0', ==, rows[i].starts_with[0] == '\0');
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/delivery-text/body", test_text);
  g_test_add_func ("/delivery-text/next-try", test_next_try);
  g_test_add_func ("/delivery-text/explanation", test_explanation);

  return g_test_run ();
}
