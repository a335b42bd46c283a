/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>
#include <json-glib/json-glib.h>

#include "core/clock.h"

G_BEGIN_DECLS

/**
 * LkOutput:
 *
 * What goes to stdout: UTF-8 whatever the locale, in large pieces, with the first error kept. A
 * reader that went away (`| head`) is no error, but lk_output_is_open() tells of it.
 *
 * Thread: one at a time.
 */
typedef struct _LkOutput LkOutput;

LkOutput *lk_output_new (int fd);
void lk_output_free (LkOutput *self);
void lk_output_text (LkOutput *self, const char *text);
void lk_output_printf (LkOutput *self, const char *format, ...) G_GNUC_PRINTF (2, 3);
void lk_output_json (LkOutput *self, JsonBuilder *builder);
void lk_output_json_line (LkOutput *self, JsonBuilder *builder);
void lk_output_flush (LkOutput *self);
gboolean lk_output_is_open (LkOutput *self);
gboolean lk_output_finish (LkOutput *self, GError **error);

void lk_message (const char *format, ...) G_GNUC_PRINTF (1, 2);

/* How a value looks to a person, and in JSON. */
char *lk_output_format_instant (LkInstant instant);
char *lk_output_format_visible (const char *text, gssize length);
void lk_json_add_text (JsonBuilder *builder, const char *name, const char *text);
void lk_json_add_bytes (JsonBuilder *builder, const char *name, GBytes *bytes);
void lk_json_add_int (JsonBuilder *builder, const char *name, gint64 value);
void lk_json_add_flag (JsonBuilder *builder, const char *name, gboolean value);
void lk_json_add_instant (JsonBuilder *builder, const char *name, LkInstant instant);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LkOutput, lk_output_free)

G_END_DECLS
