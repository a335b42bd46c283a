/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "engine/body-stream.h"
#include "support/test-folder.h"

static GBytes *
make_body (gsize size)
{
  guint8 *data = g_malloc (size);

  for (gsize i = 0; i < size; i++)
    data[i] = (guint8) (i % 251);

  return g_bytes_new_take (data, size);
}

static void
count_cb (GObject *stream, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;

  *(gssize *) user_data = g_input_stream_read_finish (G_INPUT_STREAM (stream), result, &error);
  g_assert_no_error (error);
}

static void
test_calls_back_at_once (void)
{
  g_autoptr (GBytes) body = make_body (5);
  g_autoptr (GInputStream) stream = lk_body_stream_new (body);
  const gssize wanted[] = { 3, 2, 0, 0 };
  char buffer[3];

  for (gsize i = 0; i < G_N_ELEMENTS (wanted); i++)
    {
      gssize n_read = -1;

      g_input_stream_read_async (stream, buffer, sizeof buffer, G_PRIORITY_DEFAULT, NULL, count_cb,
                                 &n_read);
      g_assert_cmpint (n_read, ==, wanted[i]);
    }
}

/* As libsoup does it, with a body of none, one and many pieces. */
static void
test_splice (void)
{
  const gsize sizes[] = { 0, 900, 1024 * 1024 };

  for (gsize i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      g_autoptr (GBytes) body = make_body (sizes[i]);
      g_autoptr (GInputStream) stream = lk_body_stream_new (body);
      g_autoptr (GOutputStream) target = g_memory_output_stream_new_resizable ();
      g_autoptr (GAsyncResult) result = NULL;
      g_autoptr (GBytes) arrived = NULL;
      g_autoptr (GError) error = NULL;

      g_output_stream_splice_async (
          target, stream, G_OUTPUT_STREAM_SPLICE_CLOSE_SOURCE | G_OUTPUT_STREAM_SPLICE_CLOSE_TARGET,
          G_PRIORITY_DEFAULT, NULL, test_result_cb, &result);
      test_wait (&result);
      g_assert_cmpint (g_output_stream_splice_finish (target, result, &error), ==, sizes[i]);
      g_assert_no_error (error);
      arrived = g_memory_output_stream_steal_as_bytes (G_MEMORY_OUTPUT_STREAM (target));
      g_assert_true (g_bytes_equal (arrived, body));
      g_assert_true (g_input_stream_is_closed (stream));
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/body-stream/calls-back-at-once", test_calls_back_at_once);
  g_test_add_func ("/body-stream/splice", test_splice);

  return g_test_run ();
}
