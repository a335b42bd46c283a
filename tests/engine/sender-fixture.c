/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "sender-fixture.h"
#include "support/test-clock.h"

static const LkSenderLimits quick = { .connect_ms = 400, .answer_ms = 400, .body_ms = 300 };

LkRequest *
sender_test_new_request (const char *url)
{
  LkRequest *request = lk_request_new ();

  request->url = g_strdup (url);
  request->body = g_bytes_new_static ("{\"test\": 2432232314}", 20);
  request->webhook_id = g_strdup (WEBHOOK_ID);
  request->secrets = g_strsplit (SECRET, " ", -1);
  request->standard_webhooks = TRUE;

  return request;
}

static void
got_result_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GAsyncResult **place = user_data;

  *place = g_object_ref (result);
}

LkReply *
sender_test_send (LkSender *sender, LkRequest *request, GCancellable *cancellable)
{
  g_autoptr (GAsyncResult) result = NULL;

  lk_sender_send_async (sender, request, cancellable, got_result_cb, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);

  return lk_sender_send_finish (sender, result);
}

LkSender *
sender_test_new (void)
{
  g_autoptr (LkTestClock) clock = lk_test_clock_new (NOW);
  LkSender *sender = lk_sender_new (LK_CLOCK (clock), G_PRIORITY_DEFAULT);

  lk_sender_set_limits (sender, &quick);

  return sender;
}

LkReply *
sender_test_send_quickly (const char *url)
{
  g_autoptr (LkSender) sender = sender_test_new ();
  g_autoptr (LkRequest) request = sender_test_new_request (url);

  return sender_test_send (sender, request, NULL);
}
