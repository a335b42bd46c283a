/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define LK_URL_MAX_BYTES    2048
#define LK_HEADER_MAX_BYTES 8192

gboolean lk_webhook_check_url (const char *url, GError **error);
gboolean lk_webhook_check_proxy (const char *proxy, GError **error);
gboolean lk_webhook_is_plain_remote (const char *url);
gboolean lk_webhook_parse_header (const char *line, char **name, char **value, GError **error);

G_END_DECLS
