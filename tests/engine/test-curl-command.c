/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "core/curl-command.h"
#include "engine/receiver.h"
#include "engine/system-clock.h"
#include "support/test-folder.h"

#define RECORD                                                                                     \
  "Content-Type: application/json\nContent-Length: 3\nUser-Agent: Latchkey/1 o'clock $HOME\n"      \
  "X-QLM-Signature: (left out)\nwebhook-id: msg_p5jXN8AQM9LWM0D4loKWxJek\n"                        \
  "webhook-timestamp: 17\nwebhook-signature: (left out)\nX-`id`: (left out)\n"
#define LONG_SECRET                                                                                \
  "whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5"         \
  "MDEyMzQ1Njc4OQ=="

typedef struct
{
  const char *name;
  const char *secret;
  const char *body;
  gsize size;
} Row;

#define BODY(text) text, sizeof text - 1

static const Row rows[] = {
  { "plain", "hush", BODY ("{\"a\":1}") },
  { "quotes", "it's \"$HOME\" `id` \\n",
    BODY ("{\"O'Neill\":\"$HOME `id` $(id) \\\\ \\n ! ''\"}") },
  { "lines", "whsec_MDEyMzQ1Njc4OWFiY2RlZg==", BODY ("\n{\n  \"a\": 1\n}\n\n") },
  { "no-ascii", "päßwörd", BODY ("{\"Kunde\":\"Müller & Söhne 漢字 🔑\"}") },
  { "option", "-n", BODY ("-n %s -e @file") },
  { "odd-bytes", LONG_SECRET, BODY ("\0\001\r\n\t\033[31m\377\376 end\nend\n") },
  { "empty", "hush", BODY ("") },
};

typedef struct
{
  const Row *row;
  const char *shell;
} Trial;

static void
received_cb (LkReceiver *receiver, const LkReceived *received, gpointer user_data)
{
  LkReceived **place = user_data;

  g_assert_null (*place);
  *place = lk_received_copy (received);
}

static LkReceiver *
make_receiver (const char *secret, LkReceived **received)
{
  g_autoptr (LkClock) clock = LK_CLOCK (lk_system_clock_new ());
  g_autoptr (GError) error = NULL;
  LkReceiver *receiver = lk_receiver_new (clock);

  lk_receiver_set_secret (receiver, secret);
  g_signal_connect (receiver, "received", G_CALLBACK (received_cb), received);
  lk_receiver_listen (receiver, 0, &error);
  g_assert_no_error (error);

  return receiver;
}

static char *
make_command (LkReceiver *receiver, const Row *row)
{
  g_autoptr (LkDelivery) delivery = lk_delivery_new ();
  g_autoptr (LkAttempt) attempt = lk_attempt_new ();

  g_free (delivery->webhook_id);
  delivery->webhook_id = g_strdup ("msg_p5jXN8AQM9LWM0D4loKWxJek");
  delivery->body = g_bytes_new_static (row->body, row->size);
  g_free (attempt->url);
  attempt->url =
      g_strdup_printf ("http://127.0.0.1:%u/it's?a=[1]&b={$HOME}", lk_receiver_get_port (receiver));
  g_free (attempt->request_headers);
  attempt->request_headers = g_strdup (RECORD);

  return lk_curl_command_new (delivery, attempt);
}

/* As a person does it: the secret is a variable of the shell, and the command is its input. */
static GSubprocess *
run (const char *shell, const char *secret, const char *value, GAsyncResult **result,
     const char *command)
{
  g_autoptr (GSubprocessLauncher) launcher =
      g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE
                                 | G_SUBPROCESS_FLAGS_STDERR_PIPE);
  g_autoptr (GError) error = NULL;
  GSubprocess *process;

  if (secret != NULL)
    g_subprocess_launcher_setenv (launcher, "SECRET", secret, TRUE);
  if (value != NULL)
    g_subprocess_launcher_setenv (launcher, "HEADER_X__ID_", value, TRUE);
  g_subprocess_launcher_unsetenv (launcher, "http_proxy");
  process = g_subprocess_launcher_spawn (launcher, &error, shell, "-s", NULL);
  g_assert_no_error (error);
  g_subprocess_communicate_utf8_async (process, command, NULL, test_result_cb, result);
  test_wait (result);

  return process;
}

static void
test_row (gconstpointer data)
{
  const Trial *trial = data;
  const Row *row = trial->row;
  LkReceived *received = NULL;
  g_autoptr (LkReceiver) receiver = make_receiver (row->secret, &received);
  g_autofree char *command = make_command (receiver, row);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GSubprocess) process =
      run (trial->shell, row->secret, "the value's $HOME", &result, command);
  g_autofree char *output = NULL;
  g_autofree char *errors = NULL;
  g_autoptr (GBytes) body = g_bytes_new_static (row->body, row->size);

  g_subprocess_communicate_utf8_finish (process, result, &output, &errors, NULL);
  g_test_message ("%s\n%s\n%s", command, output, errors);
  g_assert_true (g_subprocess_get_successful (process));
  g_assert_nonnull (received);
  g_assert_true (g_bytes_equal (received->body, body));
  g_assert_cmpstr (received->qlm_verdict, ==, "valid");
  g_assert_cmpstr (received->standard_verdict, ==, "valid");
  g_assert_nonnull (strstr (received->headers, "X-`id`: the value's $HOME\n"));
  g_assert_nonnull (strstr (received->headers, "User-Agent: Latchkey/1 o'clock $HOME\n"));
  lk_received_free (received);
}

/* Without the secret, or the value of a header, nothing is sent, and the variable is named. */
static void
test_asks (gconstpointer data)
{
  const Trial *trial = data;
  LkReceived *received = NULL;
  g_autoptr (LkReceiver) receiver = make_receiver ("hush", &received);
  g_autofree char *command = make_command (receiver, &rows[0]);

  for (int i = 0; i < 2; i++)
    {
      g_autoptr (GAsyncResult) result = NULL;
      g_autoptr (GSubprocess) process =
          run (trial->shell, i == 0 ? NULL : "hush", NULL, &result, command);
      g_autofree char *errors = NULL;

      g_subprocess_communicate_utf8_finish (process, result, NULL, &errors, NULL);
      g_assert_false (g_subprocess_get_successful (process));
      g_assert_nonnull (strstr (errors, i == 0 ? "SECRET" : "HEADER_X__ID_"));
      g_assert_null (received);
    }
}

static void
add_test (const char *name, const char *shell, const Row *row, GTestDataFunc function)
{
  g_autofree char *path = g_strdup_printf ("/curl-command/%s/%s", shell, name);
  Trial *trial = g_new0 (Trial, 1);

  trial->row = row;
  trial->shell = shell;
  g_test_add_data_func_full (path, trial, function, g_free);
}

int
main (int argc, char *argv[])
{
  static const char *const shells[] = { "sh", "bash", "dash" };
  static const char *const programs[] = { "curl", "openssl", NULL };

  g_test_init (&argc, &argv, NULL);

  for (gsize i = 0; programs[i] != NULL; i++)
    {
      g_autofree char *path = g_find_program_in_path (programs[i]);

      if (path == NULL)
        {
          g_print ("1..0 # SKIP no %s program\n", programs[i]);
          return 0;
        }
    }

  for (gsize i = 0; i < G_N_ELEMENTS (shells); i++)
    {
      g_autofree char *path = g_find_program_in_path (shells[i]);

      if (path == NULL)
        continue;
      for (gsize j = 0; j < G_N_ELEMENTS (rows); j++)
        add_test (rows[j].name, shells[i], &rows[j], test_row);
      add_test ("asks", shells[i], NULL, test_asks);
    }

  return g_test_run ();
}
