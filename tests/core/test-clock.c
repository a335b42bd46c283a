/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "core/clock.h"

static void
test_units (void)
{
  g_assert_cmpint (LK_DAY, ==, G_GINT64_CONSTANT (86400000000));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/clock/units", test_units);

  return g_test_run ();
}
