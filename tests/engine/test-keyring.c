/* SPDX-License-Identifier: GPL-3.0-or-later */

/* With the keyring of GNOME as it is, on a bus of its own. */

#include "config.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <libsecret/secret.h>

#include "engine/secret-service.h"
#include "world.h"

#define IN_KEYRING "SELECT count(*) FROM task_secret WHERE secret = '' AND keyring_item <> ''"

static void
send_password (GSubprocess *daemon)
{
  g_autoptr (GError) error = NULL;
  GOutputStream *input = g_subprocess_get_stdin_pipe (daemon);

  g_output_stream_write_all (input, "password", 8, NULL, NULL, &error);
  g_assert_no_error (error);
  g_output_stream_close (input, NULL, &error);
  g_assert_no_error (error);
}

/* With the keyring "login" unlocked, as a desktop does it when somebody logs in. */
static GSubprocess *
start_keyring (World *world)
{
  g_autoptr (GSubprocessLauncher) launcher =
      g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_SILENCE
                                 | G_SUBPROCESS_FLAGS_STDERR_SILENCE);
  g_autofree char *folder = test_folder_get_path (world->folder, "keyring");
  g_autoptr (GError) error = NULL;
  GSubprocess *daemon;

  g_subprocess_launcher_setenv (launcher, "XDG_DATA_HOME", folder, TRUE);
  g_subprocess_launcher_setenv (launcher, "XDG_RUNTIME_DIR", folder, TRUE);
  daemon = g_subprocess_launcher_spawn (launcher, &error, "gnome-keyring-daemon", "--foreground",
                                        "--components=secrets", "--unlock", NULL);
  g_assert_no_error (error);
  send_password (daemon);

  return daemon;
}

static void
stop_keyring (GSubprocess *daemon)
{
  g_subprocess_send_signal (daemon, 15);
  g_subprocess_wait (daemon, NULL, NULL);
  g_object_unref (daemon);
}

static gboolean
is_open (void)
{
  g_autoptr (SecretService) service = lk_secret_service_open (FALSE, NULL, NULL, NULL);

  return service != NULL;
}

static gint64
add_task (World *world)
{
  g_autoptr (LkTask) task = world_make_task (world, "Renewals");

  task->use_keyring = TRUE;

  return world_add_task (world, task, WORLD_SECRET);
}

/* Returns: -1 while one of them is just going */
static int
count_items (void)
{
  static const SecretSchema any = { "io.github.latchkey.Latchkey.Secret",
                                    SECRET_SCHEMA_NONE,
                                    { { NULL, 0 } } };
  g_autoptr (GHashTable) attributes =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_autoptr (GError) error = NULL;
  GList *found =
      secret_service_search_sync (NULL, &any, attributes, SECRET_SEARCH_ALL, NULL, &error);
  int n_found = error == NULL ? (int) g_list_length (found) : -1;

  g_list_free_full (found, g_object_unref);

  return n_found;
}

static void
assert_delivered (World *world, guint n)
{
  test_until (world->received->len == n && lk_context_is_idle (world->context, TRUE), 10);
  for (guint i = 0; i < n; i++)
    {
      const LkReceived *received = g_ptr_array_index (world->received, i);

      g_assert_true (received->qlm_valid && received->standard_valid);
    }
  g_assert_cmpint (world_query (world, "SELECT count(*) FROM attempt"), ==, n);
  world_assert_clean (world);
}

/* Until so many have arrived: a look that was under way as the keyring came back looks again. */
static void
advance_until (World *world, guint n)
{
  for (guint i = 0; i < 100 && world->received->len < n; i++)
    {
      gint64 enough = g_get_monotonic_time () + G_USEC_PER_SEC / 10;

      world_advance (world, LK_MINUTE);
      test_until (world->received->len == n || g_get_monotonic_time () > enough, 5);
    }
  g_assert_cmpuint (world->received->len, ==, n);
}

/* Moves in, signs from there, and out again; a task that goes takes its item along. */
static void
test_moves (void)
{
  g_autoptr (World) world = world_new (3);
  GSubprocess *daemon = start_keyring (world);

  test_until (is_open (), 10);
  add_task (world);
  world_start (world, LK_HOLDER_AGENT);
  test_until (world_query (world, IN_KEYRING) == 1, 5);
  world_advance (world, LK_DAY);
  assert_delivered (world, 3);
  g_assert_cmpint (count_items (), ==, 1);
  world_stop (world);

  world_execute (world, "UPDATE task SET use_keyring = 0");
  world_start (world, LK_HOLDER_AGENT);
  test_until (world_query (world, IN_KEYRING) == 0, 5);
  world_stop (world);
  world_execute (world, "UPDATE task SET use_keyring = 1");
  world_start (world, LK_HOLDER_AGENT);
  test_until (world_query (world, IN_KEYRING) == 1, 5);
  world_stop (world);

  world_execute (world, "DELETE FROM task_secret");
  world_start (world, LK_HOLDER_AGENT);
  test_until (world_query (world, "SELECT count(*) FROM keyring_leftover") == 0, 5);
  test_until (count_items () == 0, 5);
  stop_keyring (daemon);
}

/* A keyring that goes away and comes back: what is due waits, and no attempt is spent. */
static void
test_waits (void)
{
  g_autoptr (World) world = world_new (3);
  GSubprocess *daemon = start_keyring (world);
  GLogLevelFlags fatal;

  test_until (is_open (), 10);
  add_task (world);
  world_start (world, LK_HOLDER_AGENT);
  test_until (world_query (world, IN_KEYRING) == 1, 5);
  world_stop (world);
  stop_keyring (daemon);

  /* Its warning is meant. */
  fatal = g_log_set_always_fatal (G_LOG_FATAL_MASK);
  world_start (world, LK_HOLDER_AGENT);
  test_until (lk_context_is_idle (world->context, TRUE), 10);
  g_assert_true (g_str_has_prefix (lk_keyring_get_problem (lk_context_get_keyring (world->context)),
                                   "the task “Renewals” waits"));
  world_advance (world, LK_DAY);
  test_until (world_query (world, "SELECT count(*) FROM delivery WHERE state = 'queued'") == 3, 10);
  test_until (lk_context_is_idle (world->context, TRUE), 10);
  g_assert_cmpuint (world->received->len, ==, 0);
  g_assert_cmpint (world_query (world, "SELECT count(*) FROM attempt"), ==, 0);

  daemon = start_keyring (world);
  test_until (is_open (), 10);
  advance_until (world, 3);
  assert_delivered (world, 3);
  g_assert_null (lk_keyring_get_problem (lk_context_get_keyring (world->context)));
  world_stop (world);
  g_log_set_always_fatal (fatal);
  stop_keyring (daemon);
}

static void
lock (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SecretService) service =
      secret_service_get_sync (SECRET_SERVICE_OPEN_SESSION, NULL, &error);
  g_autoptr (SecretCollection) keyring = secret_collection_for_alias_sync (
      service, SECRET_COLLECTION_DEFAULT, SECRET_COLLECTION_NONE, NULL, &error);
  GList one = { .data = keyring };

  g_assert_no_error (error);
  g_assert_cmpint (secret_service_lock_sync (service, &one, NULL, NULL, &error), ==, 1);
  g_assert_no_error (error);
}

/* Locked is not gone: a person is told to unlock it, and by nobody asked in the background. */
static void
test_locked (void)
{
  g_autoptr (World) world = world_new (1);
  GSubprocess *daemon = start_keyring (world);
  LkKeyring *keyring;
  GLogLevelFlags fatal;

  test_until (is_open (), 10);
  add_task (world);
  world_start (world, LK_HOLDER_AGENT);
  test_until (world_query (world, IN_KEYRING) == 1, 5);
  world_stop (world);
  lock ();

  fatal = g_log_set_always_fatal (G_LOG_FATAL_MASK);
  world_start (world, LK_HOLDER_AGENT);
  test_until (lk_context_is_idle (world->context, TRUE), 10);
  keyring = lk_context_get_keyring (world->context);
  g_assert_nonnull (strstr (lk_keyring_get_problem (keyring), "locked"));
  g_assert_true (lk_keyring_can_unlock (keyring));
  world_stop (world);
  g_log_set_always_fatal (fatal);
  stop_keyring (daemon);
}

/* A service that does not answer keeps back only what needs it. */
static void
test_hangs (void)
{
  g_autoptr (World) world = world_new (2);
  g_autoptr (LkTask) plain = world_make_task (world, "Plain");
  GSubprocess *daemon = start_keyring (world);

  test_until (is_open (), 10);
  add_task (world);
  world_add_task (world, plain, WORLD_SECRET);
  world_start (world, LK_HOLDER_AGENT);
  test_until (world_query (world, IN_KEYRING) == 1, 5);
  world_stop (world);

  g_subprocess_send_signal (daemon, SIGSTOP);
  world_start (world, LK_HOLDER_AGENT);
  test_until (lk_context_holds_lease (world->context), 5);
  world_advance (world, LK_DAY);
  test_until (world->received->len == 2, 10);
  test_until (world_query (world, "SELECT count(*) FROM delivery WHERE state = 'queued'") == 2, 10);
  g_subprocess_send_signal (daemon, SIGCONT);
  advance_until (world, 4);
  world_stop (world);
  stop_keyring (daemon);
}

/* What a copy of the workspace gives up is still the original's. */
static void
test_copy (void)
{
  g_autoptr (World) world = world_new (1);
  GSubprocess *daemon = start_keyring (world);
  g_autofree char *command = NULL;
  gint64 enough;

  test_until (is_open (), 10);
  add_task (world);
  world_start (world, LK_HOLDER_AGENT);
  test_until (world_query (world, IN_KEYRING) == 1, 5);
  world_stop (world);

  world_execute (world, "DELETE FROM task_secret");
  command = g_strdup_printf ("cd '%s' && cp workspace.db copy && mv copy workspace.db",
                             lk_workspace_get_folder (world->workspace));
  g_assert_cmpint (system (command), ==, 0);
  world_start (world, LK_HOLDER_AGENT);
  test_until (world_query (world, "SELECT count(*) FROM keyring_leftover") == 0, 5);
  enough = g_get_monotonic_time () + G_USEC_PER_SEC / 2;
  test_until (g_get_monotonic_time () > enough, 5);
  world_stop (world);
  g_assert_cmpint (count_items (), ==, 1);
  stop_keyring (daemon);
}

static void
count_message (const char *domain, GLogLevelFlags level, const char *message, gpointer data)
{
  guint *n_messages = data;

  (*n_messages)++;
}

/* A service that cannot store is not asked again and again, and the secret stays. */
static void
test_fails (void)
{
  g_autoptr (World) world = world_new (1);
  GSubprocess *daemon = start_keyring (world);
  g_autofree char *folder = test_folder_get_path (world->folder, "keyring/keyrings");
  g_autofree char *command = g_strdup_printf ("rm -r '%s' && touch '%s'", folder, folder);
  guint n_messages = 0;
  gint64 enough;
  guint handler = g_log_set_handler ("lk-keyring", G_LOG_LEVEL_MESSAGE, count_message, &n_messages);

  test_until (is_open (), 10);
  g_assert_cmpint (system (command), ==, 0);
  add_task (world);
  world_start (world, LK_HOLDER_AGENT);
  test_until (lk_context_is_idle (world->context, TRUE), 10);
  /* Now and then the service notices before it is asked to store, and is closed. */
  enough = g_get_monotonic_time () + 2 * G_USEC_PER_SEC;
  test_until (n_messages > 0 || g_get_monotonic_time () > enough, 5);
  g_assert_cmpint (world_query (world, IN_KEYRING), ==, 0);
  world_advance (world, LK_DAY);
  assert_delivered (world, 1);
  g_assert_cmpuint (n_messages, <=, 3); /* at the start, at the run and after the day */
  g_log_remove_handler ("lk-keyring", handler);
  world_stop (world);
  stop_keyring (daemon);
}

/* Where there is none the secret stays in the workspace and signs from there. */
static void
test_without (void)
{
  g_autoptr (World) world = world_new (2);

  add_task (world);
  world_start (world, LK_HOLDER_AGENT);
  test_until (lk_context_is_idle (world->context, TRUE), 10);
  world_advance (world, LK_DAY);
  assert_delivered (world, 2);
  g_assert_cmpint (world_query (world, IN_KEYRING), ==, 0);
}

#define BUS_CONFIGURATION                                                                          \
  "<busconfig><type>session</type><listen>unix:path=%s</listen>"                                   \
  "<policy context='default'><allow send_destination='*' eavesdrop='true'/>"                       \
  "<allow eavesdrop='true'/><allow own='*'/></policy></busconfig>"

/* (transfer full): a bus where nothing is started by itself */
static GSubprocess *
start_bus (TestFolder *folder)
{
  g_autofree char *socket = test_folder_get_path (folder, "bus");
  g_autofree char *text = g_strdup_printf (BUS_CONFIGURATION, socket);
  g_autofree char *path = test_folder_write (folder, "bus.conf", text, -1);
  g_autofree char *option = g_strconcat ("--config-file=", path, NULL);
  g_autoptr (GDataInputStream) output = NULL;
  g_autofree char *address = NULL;
  g_autoptr (GError) error = NULL;
  GSubprocess *bus =
      g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_SILENCE, &error,
                        "dbus-daemon", option, "--nofork", "--print-address=1", NULL);

  g_assert_no_error (error);
  output = g_data_input_stream_new (g_subprocess_get_stdout_pipe (bus));
  address = g_data_input_stream_read_line (output, NULL, NULL, &error);
  g_assert_no_error (error);
  g_setenv ("DBUS_SESSION_BUS_ADDRESS", address, TRUE);

  return bus;
}

int
main (int argc, char **argv)
{
  g_autoptr (TestFolder) folder = test_folder_new ();
  g_autoptr (GSubprocess) bus = NULL;
  int result;

  g_test_init (&argc, &argv, NULL);
  bus = start_bus (folder);
  g_test_add_func ("/keyring/without", test_without);
  g_test_add_func ("/keyring/moves", test_moves);
  g_test_add_func ("/keyring/waits", test_waits);
  g_test_add_func ("/keyring/locked", test_locked);
  g_test_add_func ("/keyring/hangs", test_hangs);
  g_test_add_func ("/keyring/copy", test_copy);
  g_test_add_func ("/keyring/fails", test_fails);
  result = g_test_run ();
  secret_service_disconnect ();
  g_subprocess_force_exit (bus);

  return result;
}
