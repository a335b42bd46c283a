/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * LkBodyStream:
 *
 * The body of a request as libsoup reads it: a memory stream whose g_input_stream_read_async()
 * calls back before it returns. For HTTP/1.1 libsoup splices the body into the connection, two
 * reads each, and a #GMemoryInputStream has each of them wait for a turn of the main loop.
 *
 * Only for who can take that: g_output_stream_splice_async() does.
 */
#define LK_TYPE_BODY_STREAM (lk_body_stream_get_type ())
G_DECLARE_FINAL_TYPE (LkBodyStream, lk_body_stream, LK, BODY_STREAM, GMemoryInputStream)

GInputStream *lk_body_stream_new (GBytes *body);

G_END_DECLS
