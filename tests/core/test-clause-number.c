/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <dlfcn.h>
#include <errno.h>
#include <locale.h>

#include "core/clause.h"

/*
 * GLib makes a locale when it reads its first number, and a thread that meets another one there
 * comes back with errno set. One run of the agent in a hundred read “1” as too large a number.
 */

/* Stands before that of the C library. */
locale_t
newlocale (int mask, const char *name, locale_t base)
{
  locale_t (*next) (int, const char *, locale_t) =
      (locale_t (*) (int, const char *, locale_t)) dlsym (RTLD_NEXT, "newlocale");
  locale_t locale = next (mask, name, base);

  errno = EAGAIN;
  return locale;
}

static gboolean first_is_valid;

static gboolean
compile_first (void)
{
  g_autoptr (GDateTime) now = g_date_time_new_utc (2026, 11, 10, 14, 30, 15);
  g_autoptr (LkMacroContext) context = lk_macro_context_new (now, NULL);
  g_autoptr (LkClause) clause = lk_clause_new ("LicenseID = 1", -1, context);

  return lk_clause_is_valid (clause);
}

static void
test_first_number (void)
{
  g_assert_true (first_is_valid);
}

int
main (int argc, char *argv[])
{
  first_is_valid = compile_first (); /* before anything else reads a number */
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/clause-number/first", test_first_number);

  return g_test_run ();
}
