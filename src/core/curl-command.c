/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * A delivery as a command for a POSIX shell. What is secret is not in it: it signs with $SECRET,
 * and an extra header has its value from a variable of its own.
 *
 *   (
 *   : "${SECRET:?...}"
 *   body () { printf '%s' '{"Customer":"O'\''Neill"}'; }
 *   qlm=$({ body; printf '%s' "$SECRET"; } | openssl dgst -sha256 -r | cut -c 1-64)
 *   body | curl ... -H "X-QLM-Signature: $qlm" --data-binary @- 'https://...'
 *   )
 */

#define G_LOG_DOMAIN "lk-curl-command"

#include "config.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "core/curl-command.h"

/* Of base64 that openssl takes without -A, which has a limit in its older versions. */
#define BASE64_LINE 64

/* Before a first attempt there is no record. */
static const char usual_headers[] = "Content-Type: application/json\n"
                                    "X-QLM-Signature: (left out)\n";

static const char sign_qlm[] =
    "qlm=$({ body; printf '%s' \"$SECRET\"; } | openssl dgst -sha256 -r | cut -c 1-64)\n";

/* The key of a secret that begins with whsec_ is in base64; openssl takes any key in hexadecimal.
 * The receiver wants a fresh time. */
static const char sign_standard[] =
    "timestamp=$(date +%s)\n"
    "case $SECRET in\n"
    "  whsec_*) key=$(printf '%s\\n' \"${SECRET#whsec_}\" | fold -w 64 | openssl base64 -d |\n"
    "    od -An -v -tx1);;\n"
    "  *) key=$(printf '%s' \"$SECRET\" | od -An -v -tx1);;\n"
    "esac\n"
    "key=$(printf '%s' \"$key\" | tr -d ' \\n')\n"
    "signature=v1,$({ printf '%s.%s.' \"$id\" \"$timestamp\"; body; } |\n"
    "  openssl dgst -sha256 -mac HMAC -macopt \"hexkey:$key\" -binary | openssl base64)\n";

/* Ends the command with a hint where the variable has no value. @hint has no quotes and no $. */
static void
append_demand (GString *text, const char *variable, const char *hint)
{
  g_string_append_printf (text, ": \"${%s:?%s}\"\n", variable, hint);
}

/* What a terminal or a clipboard would change goes as base64. */
static gboolean
is_plain (const char *data, gsize size)
{
  for (gsize i = 0; i < size; i++)
    if (((guchar) data[i] < ' ' && data[i] != '\n') || data[i] == 0x7f)
      return FALSE;

  return g_utf8_validate (data, (gssize) size, NULL);
}

static void
append_base64 (GString *text, const char *data, gsize size)
{
  g_autofree char *encoded = g_base64_encode ((const guchar *) data, size);

  g_string_append (text, "body () { openssl base64 -d <<'end'\n");
  for (const char *line = encoded; *line != '\0'; line += strnlen (line, BASE64_LINE))
    g_string_append_printf (text, "%.*s\n", BASE64_LINE, line);
  g_string_append (text, "end\n}\n");
}

static void
append_body (GString *text, GBytes *body)
{
  gsize size;
  const char *data = g_bytes_get_data (body, &size);

  if (is_plain (data, size))
    {
      g_autofree char *copy = g_strndup (data != NULL ? data : "", size);
      g_autofree char *quoted = g_shell_quote (copy);

      g_string_append_printf (text, "body () { printf '%%s' %s; }\n", quoted);
    }
  else
    append_base64 (text, data, size);
}

/* HEADER_X_API_KEY for “X-Api-Key”: no variable that a shell uses has such a name. */
static char *
name_variable (const char *header)
{
  g_autofree char *upper = g_ascii_strup (header, -1);

  g_strcanon (upper, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", '_');

  return g_strconcat ("HEADER_", upper, NULL);
}

static gboolean
is_header (const char *name, const char *other)
{
  return g_ascii_strcasecmp (name, other) == 0;
}

/* An extra header, whose value nobody recorded. */
static void
append_placeholder (GString *text, GString *options, const char *name)
{
  g_autofree char *variable = name_variable (name);
  g_autofree char *start = g_strconcat (name, ": ", NULL);
  g_autofree char *quoted = g_shell_quote (start);

  append_demand (text, variable, _ ("set it to the value of that header"));
  g_string_append_printf (options, " \\\n  -H %s\"$%s\"", quoted, variable);
}

static void
append_header (GString *text, GString *options, const char *name, const char *value)
{
  g_autofree char *line = g_strconcat (name, ": ", value, NULL);
  g_autofree char *quoted = g_shell_quote (line);

  if (is_header (name, "X-QLM-Signature"))
    g_string_append (options, " \\\n  -H \"X-QLM-Signature: $qlm\"");
  else if (is_header (name, "webhook-signature"))
    g_string_append (options, " \\\n  -H \"webhook-signature: $signature\"");
  else if (is_header (name, "webhook-timestamp"))
    g_string_append (options, " \\\n  -H \"webhook-timestamp: $timestamp\"");
  else if (g_str_equal (value, "(left out)"))
    append_placeholder (text, options, name);
  else if (!is_header (name, "Content-Length"))
    g_string_append_printf (options, " \\\n  -H %s", quoted);
}

/* Returns: whether there is a signature by Standard Webhooks among them */
static gboolean
append_headers (GString *text, GString *options, const char *record)
{
  g_auto (GStrv) lines = g_strsplit (record, "\n", -1);
  gboolean is_standard = FALSE;

  for (gsize i = 0; lines[i] != NULL; i++)
    {
      char *colon = strchr (lines[i], ':');

      if (colon == NULL)
        continue;
      *colon = '\0';
      append_header (text, options, lines[i], g_strstrip (colon + 1));
      is_standard |= is_header (lines[i], "webhook-signature");
    }

  return is_standard;
}

static void
append_standard (GString *text, const char *webhook_id)
{
  g_autofree char *quoted = g_shell_quote (webhook_id);

  g_string_append_printf (text, "id=%s\n%s", quoted, sign_standard);
}

/**
 * lk_curl_command_new:
 * @delivery: a delivery with its body
 * @attempt: (nullable): the attempt whose headers and address to use; %NULL where there is none yet
 *
 * Writes a command that sends the delivery once more, for whoever knows the secret. It shows that
 * secret to nobody but for a moment to those who list the processes of its machine.
 *
 * Returns: (transfer full) (nullable): the command for a POSIX shell with curl and openssl; %NULL
 *   when the body is not kept any more
 */
char *
lk_curl_command_new (const LkDelivery *delivery, const LkAttempt *attempt)
{
  gboolean has_record = attempt != NULL && *attempt->request_headers != '\0';
  g_autoptr (GString) text = g_string_new ("(\n");
  g_autoptr (GString) options = g_string_new (NULL);
  g_autofree char *url = NULL;

  g_return_val_if_fail (delivery != NULL, NULL);

  if (delivery->body == NULL)
    return NULL;

  append_demand (text, "SECRET", _ ("set it to the secret of the task"));
  append_body (text, delivery->body);
  g_string_append (text, sign_qlm);
  if (append_headers (text, options, has_record ? attempt->request_headers : usual_headers))
    append_standard (text, delivery->webhook_id);
  url = g_shell_quote (attempt != NULL ? attempt->url : delivery->url);
  g_string_append_printf (text, "body | curl --include --globoff%s \\\n  --data-binary @- %s\n)\n",
                          options->str, url);

  return g_string_free (g_steal_pointer (&text), FALSE);
}
