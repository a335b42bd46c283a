/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "support/test-folder.h"
#include "ui/delivery-lines.h"

/* Deliveries from @newest down. */
static GPtrArray *
make_deliveries (gint64 newest, guint n)
{
  GPtrArray *deliveries = g_ptr_array_new_with_free_func ((GDestroyNotify) lk_delivery_free);

  for (guint i = 0; i < n; i++)
    {
      LkDelivery *delivery = lk_delivery_new ();

      delivery->id = newest - i;
      g_ptr_array_add (deliveries, delivery);
    }

  return deliveries;
}

static void
take (LkDeliveryLines *lines, gint64 newest, guint n)
{
  g_autoptr (GPtrArray) deliveries = make_deliveries (newest, n);

  lk_delivery_lines_take_newest (lines, deliveries, 0);
}

static guint
count (LkDeliveryLines *lines)
{
  return g_list_model_get_n_items (G_LIST_MODEL (lines));
}

static LkDeliveryItem *
get_line (LkDeliveryLines *lines, guint position)
{
  g_autoptr (LkDeliveryItem) item = g_list_model_get_item (G_LIST_MODEL (lines), position);

  return item; /* the list keeps it */
}

static void
assert_shows (LkDeliveryLines *lines, gint64 newest, guint n)
{
  g_assert_cmpuint (count (lines), ==, n);
  for (guint i = 0; i < n; i++)
    g_assert_cmpint (lk_delivery_item_get (get_line (lines, i))->id, ==, newest - i);
}

static void
changed_cb (GListModel *lines, guint position, guint removed, guint added, guint *most_added)
{
  *most_added = MAX (*most_added, added);
}

/* What is in sight at once, the rest in small steps until the view has its widgets. */
static void
test_steps (void)
{
  g_autoptr (LkDeliveryLines) lines = lk_delivery_lines_new ();
  guint most_added = 0;

  g_signal_connect (lines, "items-changed", G_CALLBACK (changed_cb), &most_added);
  take (lines, 1000, 230);
  g_assert_cmpuint (most_added, ==, LK_DELIVERY_LINES_FIRST);
  assert_shows (lines, 1000, LK_DELIVERY_LINES_FIRST);
  most_added = 0;
  test_until (count (lines) == 230, 10);
  g_assert_cmpuint (most_added, <, LK_DELIVERY_LINES_FIRST);
  assert_shows (lines, 1000, 230);
}

/* Whoever wants the last line gets it without waiting for the steps. */
static void
test_last (void)
{
  g_autoptr (LkDeliveryLines) lines = lk_delivery_lines_new ();
  g_autoptr (GPtrArray) older = make_deliveries (700, 50);

  g_assert_cmpint (lk_delivery_lines_get_last_id (lines), ==, 0);
  take (lines, 1000, 300);
  g_assert_cmpint (lk_delivery_lines_get_last_id (lines), ==, 701);
  lk_delivery_lines_append (lines, older);
  assert_shows (lines, 1000, 350);
}

/* A few new ones: the lines of the others are the same objects. */
static void
test_few_new (void)
{
  g_autoptr (LkDeliveryLines) lines = lk_delivery_lines_new ();
  LkDeliveryItem *first;

  take (lines, 1000, 50);
  first = get_line (lines, 0);
  take (lines, 1003, 50);
  assert_shows (lines, 1003, 50);
  g_assert_true (get_line (lines, 3) == first);
}

/* Many new ones: the lines stay and show these, unless somebody has chosen some. */
static void
test_many_new (void)
{
  g_autoptr (LkDeliveryLines) lines = lk_delivery_lines_new ();
  LkDeliveryItem *first;

  take (lines, 1000, 50);
  first = get_line (lines, 0);
  take (lines, 1030, 50);
  assert_shows (lines, 1030, 50);
  g_assert_true (get_line (lines, 0) == first);

  lk_delivery_lines_set_kept (lines, TRUE);
  take (lines, 1060, 50);
  assert_shows (lines, 1060, 50);
  g_assert_true (get_line (lines, 30) == first);
  take (lines, 2000, 50);
  assert_shows (lines, 2000, 50);
  for (guint i = 0; i < 50; i++)
    g_assert_true (get_line (lines, i) != first);
}

/* Another filter finds fewer, or none. */
static void
test_fewer (void)
{
  g_autoptr (LkDeliveryLines) lines = lk_delivery_lines_new ();

  take (lines, 1000, 50);
  take (lines, 500, 30);
  assert_shows (lines, 500, 30);
  take (lines, 500, 0);
  assert_shows (lines, 500, 0);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/delivery-lines/steps", test_steps);
  g_test_add_func ("/delivery-lines/last", test_last);
  g_test_add_func ("/delivery-lines/few-new", test_few_new);
  g_test_add_func ("/delivery-lines/many-new", test_many_new);
  g_test_add_func ("/delivery-lines/fewer", test_fewer);

  return g_test_run ();
}
