/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "agent/command.h"
#include "core/error.h"

static void
test_find (void)
{
  const struct
  {
    const char *words[4];
    const char *name;
    guint n_used;
  } cases[] = {
    { { "status", NULL }, "status", 1 },
    { { "task", "run", "Name", NULL }, "task run", 2 },
    { { "run", "--once", NULL }, "run", 1 },
    { { "import", "task", NULL }, "import", 1 },
    { { NULL }, NULL },
    { { "task", NULL }, NULL },
    { { "task", "preview", NULL }, "task preview", 2 },
    { { "task", "previews", NULL }, NULL },
    { { "", NULL }, NULL },
    { { "\xff", NULL }, NULL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      guint n_used = 0;
      const LkCommand *command = lk_command_find ((char **) cases[i].words, &n_used, &error);

      g_assert_cmpstr (command != NULL ? command->name : NULL, ==, cases[i].name);
      if (command != NULL)
        g_assert_cmpuint (n_used, ==, cases[i].n_used);
      else
        g_assert_true (error->domain == G_OPTION_ERROR);
    }
}

static void
test_table (void)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  g_autofree char *overview = lk_command_get_overview ();
  const LkCommand *command;

  for (guint i = 0; (command = lk_command_at (i)) != NULL; i++)
    {
      g_autofree char *help = lk_command_get_help (command);

      g_assert_true (g_hash_table_add (seen, (gpointer) command->name));
      g_assert_nonnull (command->run);
      g_assert_cmpuint (command->min_arguments, <=, command->max_arguments);
      g_assert_nonnull (strstr (overview, command->name));
      g_assert_nonnull (strstr (help, command->summary));
      g_assert_nonnull (strstr (help, "--json"));
    }
}

static void
test_exit (void)
{
  const struct
  {
    LkError code;
    LkExit exit;
  } cases[] = {
    { LK_ERROR_FAILED, LK_EXIT_FAILED },  { LK_ERROR_INVALID, LK_EXIT_REFUSED },
    { LK_ERROR_CLAUSE, LK_EXIT_REFUSED }, { LK_ERROR_NOT_FOUND, LK_EXIT_NOT_FOUND },
    { LK_ERROR_EXISTS, LK_EXIT_REFUSED }, { LK_ERROR_CONFLICT, LK_EXIT_REFUSED },
    { LK_ERROR_IN_USE, LK_EXIT_REFUSED }, { LK_ERROR_ENCODING, LK_EXIT_REFUSED },
    { LK_ERROR_BUSY, LK_EXIT_FAILED },    { LK_ERROR_READ_ONLY, LK_EXIT_FAILED },
    { LK_ERROR_CORRUPT, LK_EXIT_FAILED }, { LK_ERROR_NEWER_SCHEMA, LK_EXIT_FAILED },
    { LK_ERROR_FULL, LK_EXIT_FAILED },    { LK_ERROR_IO, LK_EXIT_FAILED },
    { LK_ERROR_LIMIT, LK_EXIT_FAILED },   { LK_ERROR_LEASE_LOST, LK_EXIT_FAILED },
  };
  g_autoptr (GError) usage = g_error_new (G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, "x");
  g_autoptr (GError) other = g_error_new (G_IO_ERROR, G_IO_ERROR_CANCELLED, "x");

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = g_error_new (LK_ERROR, (int) cases[i].code, "x");

      g_assert_cmpint (lk_command_get_exit (error), ==, cases[i].exit);
    }
  g_assert_cmpint (lk_command_get_exit (NULL), ==, LK_EXIT_DONE);
  g_assert_cmpint (lk_command_get_exit (usage), ==, LK_EXIT_USAGE);
  g_assert_cmpint (lk_command_get_exit (other), ==, LK_EXIT_FAILED);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/agent/command/find", test_find);
  g_test_add_func ("/agent/command/table", test_table);
  g_test_add_func ("/agent/command/exit", test_exit);

  return g_test_run ();
}
