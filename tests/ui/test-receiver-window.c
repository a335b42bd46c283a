/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The Test Receiver's window, with real requests. */

#include "config.h"

#include "engine/sender.h"
#include "tests/ui/dialog-world.h"
#include "ui/receiver-window.h"

#define SECRET "a secret of the test"

static GtkWidget *
open_window (DialogWorld *world)
{
  GtkWidget *window = lk_receiver_window_new (world->context);

  gtk_window_present (GTK_WINDOW (window));
  lk_receiver_window_set_port (LK_RECEIVER_WINDOW (window), 0);
  test_until (g_list_model_get_n_items (
                  gtk_drop_down_get_model (GTK_DROP_DOWN (dialog_find (window, "source"))))
                  > 1,
              30);
  return window;
}

static int
post (DialogWorld *world, guint16 port, const char *secret)
{
  g_autoptr (LkSender) sender =
      lk_sender_new (lk_context_get_clock (world->context), G_PRIORITY_DEFAULT);
  g_autoptr (LkRequest) request = lk_request_new ();
  const char *const secrets[] = { secret, NULL };
  const char *const none[] = { NULL };
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (LkReply) reply = NULL;

  g_free (request->url);
  request->url = g_strdup_printf ("http://127.0.0.1:%u/webhook", port);
  request->body = g_bytes_new_static ("{\"Name\":\"Mine\"}", 15);
  g_free (request->webhook_id);
  request->webhook_id = g_strdup ("msg_test");
  request->secrets = g_strdupv ((char **) secrets);
  g_strfreev (request->headers);
  request->headers = g_strdupv ((char **) none);
  request->standard_webhooks = TRUE;
  lk_sender_send_async (sender, request, NULL, test_result_cb, &result);
  test_wait (&result);
  reply = lk_sender_send_finish (sender, result);
  return reply->attempt->status;
}

static gboolean
has_verdict (GtkWidget *root, const char *verdict)
{
  if (GTK_IS_LABEL (root) && g_str_equal (gtk_label_get_label (GTK_LABEL (root)), verdict))
    return TRUE;

  for (GtkWidget *child = gtk_widget_get_first_child (root); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    if (has_verdict (child, verdict))
      return TRUE;

  return FALSE;
}

/* A hyphen at the end of a broken line would look like a part of the signature. */
static gboolean
breaks_without_hyphens (GtkWidget *window)
{
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (GTK_TEXT_VIEW (dialog_find (window, "detail")));
  gboolean hyphens = TRUE;
  GtkTextIter iter;
  g_autoptr (GSList) tags = NULL;

  gtk_text_buffer_get_start_iter (buffer, &iter);
  tags = gtk_text_iter_get_tags (&iter);
  g_assert_nonnull (tags);
  g_object_get (tags->data, "insert-hyphens", &hyphens, NULL);

  return !hyphens;
}

static void
test_listens (void)
{
  g_autoptr (DialogWorld) world = dialog_world_new (0);
  GtkWidget *window = open_window (world);
  guint16 port;
  g_autofree char *detail = NULL;

  dialog_choose (window, "source", 0);
  dialog_type (window, "secret", SECRET);
  dialog_click (window, "start_button");
  port = lk_receiver_window_get_port (LK_RECEIVER_WINDOW (window));
  g_assert_cmpuint (port, !=, 0);
  g_assert_true (g_str_has_prefix (dialog_get_label (window, "status"), "Listening at "));

  g_assert_cmpint (post (world, port, SECRET), ==, 200);
  g_assert_cmpint (post (world, port, "another one"), ==, 200);
  test_until (dialog_find_label (window, "Mine") != NULL, 30);
  g_assert_nonnull (dialog_find_label (window, "not valid"));
  test_until (has_verdict (window, "valid"), 30);
  detail = dialog_get_view_text (window, "detail");
  g_assert_nonnull (strstr (detail, "Mine"));
  g_assert_true (breaks_without_hyphens (window));
  dialog_take_picture (window, "receiver-window");

  dialog_choose (window, "answer", 3);
  g_assert_cmpint (post (world, port, SECRET), ==, 410);
  dialog_click (window, "clear_button");
  g_assert_null (dialog_find_label (window, "Mine"));
  dialog_click (window, "stop_button");
  g_assert_cmpint (post (world, port, SECRET), ==, 0);
  dialog_close (window);
}

/* The window is what keeps it listening. */
static void
test_closing_stops (void)
{
  g_autoptr (DialogWorld) world = dialog_world_new (0);
  GtkWidget *window = open_window (world);
  guint16 port;

  dialog_click (window, "start_button");
  port = lk_receiver_window_get_port (LK_RECEIVER_WINDOW (window));
  dialog_close (window);
  g_assert_cmpint (post (world, port, SECRET), ==, 0);
}

/* A port that is taken is said at once, in words. */
static void
test_port_taken (void)
{
  g_autoptr (DialogWorld) world = dialog_world_new (0);
  GtkWidget *first = open_window (world);
  GtkWidget *second = open_window (world);

  dialog_click (first, "start_button");
  lk_receiver_window_set_port (LK_RECEIVER_WINDOW (second),
                               lk_receiver_window_get_port (LK_RECEIVER_WINDOW (first)));
  dialog_click (second, "start_button");
  g_assert_cmpuint (lk_receiver_window_get_port (LK_RECEIVER_WINDOW (second)), ==, 0);
  g_assert_false (g_str_has_prefix (dialog_get_label (second, "status"), "Stopped"));
  dialog_take_picture (second, "receiver-window-port-taken");
  dialog_close (first);
  dialog_close (second);
}

static void
add_tests (void)
{
  g_test_add_func ("/receiver-window/listens", test_listens);
  g_test_add_func ("/receiver-window/closing-stops", test_closing_stops);
  g_test_add_func ("/receiver-window/port-taken", test_port_taken);
}

int
main (int argc, char **argv)
{
  return dialog_world_main (argc, argv, add_tests);
}
