/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * RawScript:
 * @head: what is sent first; %NULL for nothing
 * @chunk: what is sent then
 * @n_chunks: how often; 0 for never
 * @pause_us: microseconds between the chunks
 * @hang: keeps the connection open until the client hangs up
 * @reset: ends it with a reset instead of an end
 *
 * How the server misbehaves once it has read a request.
 */
typedef struct
{
  const char *head;
  const char *chunk;
  gsize n_chunks;
  gulong pause_us;
  gboolean hang;
  gboolean reset;
} RawScript;

typedef struct _RawServer RawServer;

RawServer *raw_server_new (const RawScript *script);
void raw_server_free (RawServer *self);
guint16 raw_server_get_port (RawServer *self);
gsize raw_server_get_sent (RawServer *self);  /* bytes */
int raw_server_get_packets (RawServer *self); /* that the last request came in */

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RawServer, raw_server_free)

G_END_DECLS
