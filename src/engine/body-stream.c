/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-body-stream"

#include "config.h"

#include "engine/body-stream.h"

struct _LkBodyStream
{
  GMemoryInputStream parent_instance;

  gssize n_read; /* by the read that is being called back */
};

static GObject *
get_source_object (GAsyncResult *result)
{
  return g_object_ref (G_OBJECT (result));
}

/* It is the result of its own reads: there is one at a time. */
static void
async_result_init (GAsyncResultIface *interface)
{
  interface->get_source_object = get_source_object;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (LkBodyStream, lk_body_stream, G_TYPE_MEMORY_INPUT_STREAM,
                               G_IMPLEMENT_INTERFACE (G_TYPE_ASYNC_RESULT, async_result_init))

/* Reading memory does not fail. */
static void
lk_body_stream_read_async (GInputStream *stream, void *buffer, gsize size, int io_priority,
                           GCancellable *cancellable, GAsyncReadyCallback callback,
                           gpointer user_data)
{
  LkBodyStream *self = LK_BODY_STREAM (stream);

  self->n_read = G_INPUT_STREAM_GET_CLASS (stream)->read_fn (stream, buffer, size, NULL, NULL);
  callback (G_OBJECT (stream), G_ASYNC_RESULT (stream), user_data);
}

static gssize
lk_body_stream_read_finish (GInputStream *stream, GAsyncResult *result, GError **error)
{
  return LK_BODY_STREAM (stream)->n_read;
}

static void
lk_body_stream_class_init (LkBodyStreamClass *klass)
{
  G_INPUT_STREAM_CLASS (klass)->read_async = lk_body_stream_read_async;
  G_INPUT_STREAM_CLASS (klass)->read_finish = lk_body_stream_read_finish;
}

static void
lk_body_stream_init (LkBodyStream *self)
{
}

/**
 * lk_body_stream_new:
 * @body: what to read
 *
 * Returns: (transfer full): a stream at its beginning
 */
GInputStream *
lk_body_stream_new (GBytes *body)
{
  GInputStream *self = g_object_new (LK_TYPE_BODY_STREAM, NULL);

  g_memory_input_stream_add_bytes (G_MEMORY_INPUT_STREAM (self), body);

  return self;
}
