/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <libsoup/soup.h>
#include <string.h>

#include "core/error.h"
#include "core/signature.h"
#include "engine/receiver.h"
#include "engine/sender.h"
#include "support/test-clock.h"

#define SECRET "hush"
#define NOW    (1614265330 * LK_SECOND)
#define BODY                                                                                       \
  "{\"Name\":\"Renewals\",\"WebHookUserData\":\"\",\"LicenseInfo\":{\"ActivationKey\":\"A-1\"}}"

typedef struct
{
  LkClock *clock;
  LkReceiver *receiver;
  LkSender *sender;
  LkRequest *request;
  GPtrArray *received;
} Fixture;

static void
received_cb (LkReceiver *receiver, const LkReceived *received, gpointer user_data)
{
  Fixture *fixture = user_data;

  g_ptr_array_add (fixture->received, lk_received_copy (received));
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  fixture->clock = LK_CLOCK (lk_test_clock_new (NOW));
  fixture->received = g_ptr_array_new_with_free_func ((GDestroyNotify) lk_received_free);
  fixture->receiver = lk_receiver_new (fixture->clock);
  g_signal_connect (fixture->receiver, "received", G_CALLBACK (received_cb), fixture);
  lk_receiver_set_secret (fixture->receiver, SECRET);
  lk_receiver_listen (fixture->receiver, 0, &error);
  g_assert_no_error (error);

  fixture->sender = lk_sender_new (fixture->clock, G_PRIORITY_DEFAULT);
  fixture->request = lk_request_new ();
  fixture->request->url =
      g_strdup_printf ("http://127.0.0.1:%u/hook", lk_receiver_get_port (fixture->receiver));
  fixture->request->body = g_bytes_new_static (BODY, strlen (BODY));
  fixture->request->webhook_id = g_strdup ("msg_p5jXN8AQM9LWM0D4loKWxJek");
  fixture->request->secrets = g_strsplit (SECRET, "|", -1);
  fixture->request->standard_webhooks = TRUE;
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_clear_object (&fixture->sender);
  g_clear_object (&fixture->receiver);
  g_clear_object (&fixture->clock);
  g_clear_pointer (&fixture->request, lk_request_free);
  g_clear_pointer (&fixture->received, g_ptr_array_unref);
}

static void
got_result_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GAsyncResult **place = user_data;

  *place = g_object_ref (result);
}

static int
send_request (Fixture *fixture)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (LkReply) reply = NULL;

  lk_sender_send_async (fixture->sender, fixture->request, NULL, got_result_cb, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  reply = lk_sender_send_finish (fixture->sender, result);

  return reply->attempt->status;
}

static LkReceived *
get_last (Fixture *fixture)
{
  g_assert_cmpuint (fixture->received->len, >, 0);

  return g_ptr_array_index (fixture->received, fixture->received->len - 1);
}

static void
test_valid (Fixture *fixture, gconstpointer data)
{
  LkReceived *received;

  g_assert_cmpint (send_request (fixture), ==, 200);

  received = get_last (fixture);
  g_assert_cmpint (received->sequence, ==, 1);
  g_assert_cmpint (received->received_at, ==, NOW);
  g_assert_cmpstr (received->path, ==, "/hook");
  g_assert_cmpstr (received->webhook_id, ==, "msg_p5jXN8AQM9LWM0D4loKWxJek");
  g_assert_cmpstr (received->task_name, ==, "Renewals");
  g_assert_cmpstr (received->activation_key, ==, "A-1");
  g_assert_true (received->qlm_valid);
  g_assert_true (received->standard_valid);
  g_assert_cmpstr (received->qlm_verdict, ==, "valid");
  g_assert_cmpmem (g_bytes_get_data (received->body, NULL), g_bytes_get_size (received->body), BODY,
                   strlen (BODY));
  g_assert_nonnull (strstr (received->headers, "X-QLM-Signature: "));
}

static void
test_other_secret (Fixture *fixture, gconstpointer data)
{
  lk_receiver_set_secret (fixture->receiver, "another");
  send_request (fixture);

  g_assert_false (get_last (fixture)->qlm_valid);
  g_assert_false (get_last (fixture)->standard_valid);
  g_assert_true (g_str_has_prefix (get_last (fixture)->qlm_verdict, "not valid"));
  g_assert_true (g_str_has_prefix (get_last (fixture)->standard_verdict, "not valid"));
}

static void
test_absent (Fixture *fixture, gconstpointer data)
{
  fixture->request->standard_webhooks = FALSE;
  send_request (fixture);

  g_assert_true (get_last (fixture)->qlm_valid);
  g_assert_false (get_last (fixture)->standard_valid);
  g_assert_cmpstr (get_last (fixture)->standard_verdict, ==, "absent");
}

static void
test_no_secret (Fixture *fixture, gconstpointer data)
{
  lk_receiver_set_secret (fixture->receiver, "");
  send_request (fixture);

  g_assert_false (get_last (fixture)->qlm_valid);
  g_assert_true (g_str_has_prefix (get_last (fixture)->qlm_verdict, "not checked"));
}

/* What is no webhook of ours must not upset the receiver. */
static void
test_strange_bodies (Fixture *fixture, gconstpointer data)
{
  static const char *const bodies[] = { "",
                                        "[1]",
                                        "{",
                                        "{\"Name\":5,\"LicenseInfo\":[]}",
                                        "{\"LicenseInfo\":{\"ActivationKey\":{}}}",
                                        "\xff\xfe" };

  for (gsize i = 0; i < G_N_ELEMENTS (bodies); i++)
    {
      g_bytes_unref (fixture->request->body);
      fixture->request->body = g_bytes_new_static (bodies[i], strlen (bodies[i]));
      g_assert_cmpint (send_request (fixture), ==, 200);
      g_assert_cmpstr (get_last (fixture)->task_name, ==, "");
      g_assert_cmpstr (get_last (fixture)->activation_key, ==, "");
      g_assert_true (get_last (fixture)->qlm_valid);
    }
}

static void
test_answers (Fixture *fixture, gconstpointer data)
{
  static const guint answers[] = { 204, 302, 410, 429, 500, 200 };

  for (gsize i = 0; i < G_N_ELEMENTS (answers); i++)
    {
      lk_receiver_set_answer (fixture->receiver, answers[i], 0);
      g_assert_cmpint (send_request (fixture), ==, answers[i]);
      g_assert_cmpuint (get_last (fixture)->answer, ==, answers[i]);
    }
}

static void
test_delay (Fixture *fixture, gconstpointer data)
{
  gint64 began = g_get_monotonic_time ();

  lk_receiver_set_answer (fixture->receiver, 503, 60);
  g_assert_cmpint (send_request (fixture), ==, 503);
  g_assert_cmpint (g_get_monotonic_time () - began, >=, 60000);
}

/* A sender that hangs up before its slow answer leaves nothing behind. */
static void
test_hangs_up (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GAsyncResult) result = NULL;

  lk_receiver_set_answer (fixture->receiver, 200, 60000);
  lk_sender_send_async (fixture->sender, fixture->request, cancellable, got_result_cb, &result);
  while (fixture->received->len == 0)
    g_main_context_iteration (NULL, TRUE);
  g_cancellable_cancel (cancellable);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  lk_reply_free (lk_sender_send_finish (fixture->sender, result));

  lk_receiver_set_answer (fixture->receiver, 200, 0);
  g_assert_cmpint (send_request (fixture), ==, 200);
}

static void
test_big_body (Fixture *fixture, gconstpointer data)
{
  gsize size = LK_RECEIVER_MAX_BODY_BYTES + 1;

  g_bytes_unref (fixture->request->body);
  fixture->request->body = g_bytes_new_take (g_malloc0 (size), size);
  g_assert_cmpint (send_request (fixture), ==, SOUP_STATUS_REQUEST_ENTITY_TOO_LARGE);
  g_assert_cmpuint (fixture->received->len, ==, 0);
}

static void
test_get (Fixture *fixture, gconstpointer data)
{
  g_autoptr (SoupSession) session = soup_session_new ();
  g_autoptr (SoupMessage) message = soup_message_new ("GET", fixture->request->url);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GBytes) body = NULL;

  soup_session_send_and_read_async (session, message, 0, NULL, got_result_cb, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  body = soup_session_send_and_read_finish (session, result, NULL);
  g_assert_cmpuint (soup_message_get_status (message), ==, SOUP_STATUS_METHOD_NOT_ALLOWED);
}

static void
test_taken_port (Fixture *fixture, gconstpointer data)
{
  g_autoptr (LkReceiver) second = lk_receiver_new (fixture->clock);
  guint16 port = lk_receiver_get_port (fixture->receiver);
  g_autofree char *name = g_strdup_printf ("port %u ", port);
  g_autoptr (GError) error = NULL;

  g_assert_false (lk_receiver_listen (second, port, &error));
  g_assert_error (error, LK_ERROR, LK_ERROR_IN_USE);
  g_assert_true (g_str_has_prefix (error->message, name));
  g_assert_cmpuint (lk_receiver_get_port (second), ==, 0);

  lk_receiver_close (fixture->receiver);
  g_assert_true (lk_receiver_listen (second, port, NULL));
}

static void
add (const char *path, void (*func) (Fixture *, gconstpointer))
{
  g_test_add (path, Fixture, NULL, set_up, func, tear_down);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  add ("/receiver/valid", test_valid);
  add ("/receiver/other-secret", test_other_secret);
  add ("/receiver/absent", test_absent);
  add ("/receiver/no-secret", test_no_secret);
  add ("/receiver/strange-bodies", test_strange_bodies);
  add ("/receiver/answers", test_answers);
  add ("/receiver/delay", test_delay);
  add ("/receiver/hangs-up", test_hangs_up);
  add ("/receiver/big-body", test_big_body);
  add ("/receiver/get", test_get);
  add ("/receiver/taken-port", test_taken_port);

  return g_test_run ();
}
