/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-payload"

#include "config.h"

#include <string.h>

#include "core/payload.h"
#include "core/wall-time.h"

#define TYPICAL_BYTES 1024

/* LicenseModel is text in SQL and the place in this list in JSON. */
static const char *const license_models[] = {
  "none",
  "permanent",
  "trial",
  "subscription",
  "permanent_floating",
  "trial_floating",
  "subscription_floating",
  "permanent_cloud",
  "trial_cloud",
  "subscription_cloud",
};

/* The characters that QLM's own serialiser escapes: those that JSON asks for, and the three line
 * ends that JavaScript knows and JSON does not. Everything else travels as raw UTF-8. */
static gboolean
needs_escape (const char *at)
{
  guchar c = (guchar) at[0];

  if (c < 0x20 || c == '"' || c == '\\')
    return TRUE;
  if (c == 0xc2)
    return (guchar) at[1] == 0x85;

  return c == 0xe2 && (guchar) at[1] == 0x80 && ((guchar) at[2] | 1) == 0xa9;
}

static void
append_escaped (GString *json, gunichar c)
{
  static const char plain[] = "\"\\\b\f\n\r\t";
  static const char letters[] = "\"\\bfnrt";
  const char *found = c < 0x80 ? memchr (plain, (int) c, strlen (plain)) : NULL;

  if (found != NULL)
    {
      g_string_append_c (json, '\\');
      g_string_append_c (json, letters[found - plain]);
    }
  else
    g_string_append_printf (json, "\\u%04x", c);
}

static void
append_valid_string (GString *json, const char *text)
{
  const char *start = text;
  const char *end = text;

  g_string_append_c (json, '"');
  while (*end != '\0')
    if (needs_escape (end))
      {
        g_string_append_len (json, start, end - start);
        append_escaped (json, g_utf8_get_char (end));
        start = end = g_utf8_next_char (end);
      }
    else
      end++;
  g_string_append_len (json, start, end - start);
  g_string_append_c (json, '"');
}

static void
append_string (GString *json, const char *text)
{
  if (g_utf8_validate (text, -1, NULL))
    append_valid_string (json, text);
  else
    {
      g_autofree char *valid = g_utf8_make_valid (text, -1);

      append_valid_string (json, valid);
    }
}

static gboolean
append_date (GString *json, const char *text)
{
  const char *day_end = text + strlen ("2026-01-31");
  LkWallTime time;

  if (!lk_wall_time_parse (&time, text))
    return FALSE;

  g_string_append_c (json, '"');
  g_string_append_len (json, text, day_end - text);
  g_string_append_c (json, 'T');
  g_string_append_len (json, *day_end != '\0' ? day_end + 1 : "00:00:00", strlen ("00:00:00"));
  g_string_append_c (json, '"');
  return TRUE;
}

/* A body has a dozen of them: printf would be a quarter of the work on it. */
static void
append_number (GString *json, gint64 number)
{
  guint64 rest = number < 0 ? -(guint64) number : (guint64) number;
  char digits[20];
  gsize at = sizeof digits;

  do
    digits[--at] = (char) ('0' + rest % 10);
  while ((rest /= 10) > 0);

  if (number < 0)
    g_string_append_c (json, '-');
  g_string_append_len (json, digits + at, (gssize) (sizeof digits - at));
}

static gboolean
append_integer (GString *json, const char *text)
{
  gint64 number;

  if (!g_ascii_string_to_signed (text, 10, G_MININT64, G_MAXINT64, &number, NULL))
    return FALSE;

  append_number (json, number);
  return TRUE;
}

static gboolean
append_license_model (GString *json, const char *text)
{
  for (gsize i = 0; i < G_N_ELEMENTS (license_models); i++)
    if (g_ascii_strcasecmp (license_models[i], text) == 0)
      {
        append_number (json, (gint64) i);
        return TRUE;
      }

  return FALSE;
}

static gboolean
append_flag (GString *json, const char *text)
{
  g_string_append (json, g_str_equal (text, "0") ? "false" : "true");

  return TRUE;
}

static gboolean
append_value (GString *json, const LkLicenseField *field, const char *text)
{
  if (text == NULL || text[0] == '\0')
    return FALSE;

  if (g_strcmp0 (field->column, "LicenseModel") == 0)
    return append_license_model (json, text);

  switch (field->kind)
    {
    case LK_FIELD_INTEGER:
      return append_integer (json, text);
    case LK_FIELD_FLAG:
      return append_flag (json, text);
    case LK_FIELD_DATE:
      return append_date (json, text);
    case LK_FIELD_TEXT:
    default:
      append_string (json, text);
      return TRUE;
    }
}

static const char *
get_absent (const LkLicenseField *field)
{
  static const char *const absent[] = {
    [LK_FIELD_TEXT] = "\"\"",
    [LK_FIELD_INTEGER] = "0",
    [LK_FIELD_FLAG] = "false",
    [LK_FIELD_DATE] = "null",
  };

  return field->json_absent != NULL ? field->json_absent : absent[field->kind];
}

static void
append_field (GString *json, const LkLicenseField *field, const LkLicense *license)
{
  g_string_append_c (json, '"');
  g_string_append (json, field->json_key);
  g_string_append_c (json, '"');
  g_string_append_c (json, ':');

  if (field->json_constant != NULL)
    g_string_append (json, field->json_constant);
  else if (!append_value (json, field,
                          lk_license_get (license, lk_license_field_get_source (field))))
    g_string_append (json, get_absent (field));
}

/**
 * lk_payload_new:
 * @task_name: the task's name: "Name"
 * @user_data: the task's user data: "WebHookUserData"; may be ""
 * @license: the license
 *
 * Writes the body of the webhook as Quick License Manager's how-to shows it: compact JSON with the
 * 35 keys of lk_license_fields in their order. It is valid UTF-8 whatever the database holds: a
 * byte that is none becomes U+FFFD. A value that cannot be read as its kind (a date such as
 * "2026-02-30", a number such as "many", an unknown license model) is written as if it were absent,
 * because a receiver that reads dates and numbers would refuse the whole body otherwise.
 *
 * Thread: any.
 *
 * Returns: (transfer full): the exact bytes to sign and send
 */
GBytes *
lk_payload_new (const char *task_name, const char *user_data, const LkLicense *license)
{
  GString *json = g_string_sized_new (TYPICAL_BYTES);

  g_return_val_if_fail (task_name != NULL && user_data != NULL && license != NULL, NULL);

  g_string_append (json, "{\"Name\":");
  append_string (json, task_name);
  g_string_append (json, ",\"WebHookUserData\":");
  append_string (json, user_data);
  g_string_append (json, ",\"LicenseInfo\":{");
  for (int order = 1; order <= LK_LICENSE_N_JSON_KEYS; order++)
    {
      if (order > 1)
        g_string_append_c (json, ',');
      append_field (json, lk_license_field_at_json_order (order), license);
    }
  g_string_append (json, "}}");

  return g_string_free_to_bytes (json);
}
