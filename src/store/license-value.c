/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-license-value"

#include "config.h"

#include <string.h>

#include <glib/gi18n-lib.h>

#include "core/error.h"
#include "core/sql-time.h"
#include "store/license-value.h"

/* A longer text is a mistake (a file that was taken for a value). */
#define MAX_TEXT_BYTES (64 * 1024)

/* In the order of their numbers in the webhook. */
static const char *const models[] = {
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

static gboolean
refuse (const LkLicenseField *field, const char *text, const char *remedy, GError **error)
{
  g_set_error (error, LK_ERROR, LK_ERROR_INVALID, _ ("%s cannot be “%.80s”; %s"), field->column,
               text, remedy);
  return FALSE;
}

static gboolean
normalise_text (const LkLicenseField *field, const char *text, char **value, GError **error)
{
  if (!g_utf8_validate (text, -1, NULL))
    {
      g_set_error (error, LK_ERROR, LK_ERROR_ENCODING,
                   _ ("%s is not valid UTF-8; convert it and try again"), field->column);
      return FALSE;
    }
  if (strlen (text) > MAX_TEXT_BYTES)
    {
      g_set_error (error, LK_ERROR, LK_ERROR_INVALID, _ ("%s is longer than %d bytes; shorten it"),
                   field->column, MAX_TEXT_BYTES);
      return FALSE;
    }
  *value = g_strdup (text);
  return TRUE;
}

static gboolean
normalise_integer (const LkLicenseField *field, const char *text, char **value, GError **error)
{
  g_autofree char *stripped = g_strstrip (g_strdup (text));
  gint64 number;

  if (!g_ascii_string_to_signed (stripped, 10, G_MININT32, G_MAXINT32, &number, NULL))
    return refuse (field, text, _ ("write a whole number such as 12"), error);

  *value = g_strdup_printf ("%" G_GINT64_FORMAT, number);
  return TRUE;
}

static gboolean
normalise_flag (const LkLicenseField *field, const char *text, char **value, GError **error)
{
  static const struct
  {
    const char *word;
    const char *value;
  } words[] = {
    { "1", "1" },     { "0", "0" },   { "-1", "1" }, { "true", "1" },
    { "false", "0" }, { "yes", "1" }, { "no", "0" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (words); i++)
    if (g_ascii_strcasecmp (text, words[i].word) == 0)
      {
        *value = g_strdup (words[i].value);
        return TRUE;
      }

  return refuse (field, text, _ ("write 1 or 0"), error);
}

/* Reads @text by @pattern, in which each 0 stands for a digit of the next number and T for a blank
 * or a T; anything else stands for itself. */
static gboolean
match_date (const char *text, const char *pattern, int parts[6])
{
  int part = -1;

  memset (parts, 0, 6 * sizeof *parts);
  for (gsize i = 0; pattern[i] != '\0'; i++)
    {
      if (pattern[i] == '0' && g_ascii_isdigit (text[i]))
        {
          if (i == 0 || pattern[i - 1] != '0')
            part++;
          parts[part] = parts[part] * 10 + g_ascii_digit_value (text[i]);
        }
      else if (pattern[i] == 'T' ? text[i] != 'T' && text[i] != ' ' : text[i] != pattern[i])
        return FALSE;
      else if (pattern[i] == '0')
        return FALSE;
    }
  return text[strlen (pattern)] == '\0';
}

static gboolean
normalise_date (const LkLicenseField *field, const char *text, char **value, GError **error)
{
  int p[6];

  if ((!match_date (text, "0000-00-00T00:00:00", p) && !match_date (text, "0000-00-00T00:00", p)
       && !match_date (text, "0000-00-00", p))
      || !g_date_valid_dmy (p[2], p[1], p[0]) || p[3] > 23 || p[4] > 59 || p[5] > 59)
    return refuse (field, text, _ ("write a date as YYYY-MM-DD HH:MM:SS"), error);
  if (p[0] < LK_SQL_TIME_MIN_YEAR)
    return refuse (field, text, _ ("dates begin with the year 1753; leave it empty for “none”"),
                   error);

  *value = g_strdup_printf ("%04d-%02d-%02d %02d:%02d:%02d", p[0], p[1], p[2], p[3], p[4], p[5]);
  return TRUE;
}

static gboolean
normalise_model (const LkLicenseField *field, const char *text, char **value, GError **error)
{
  for (gsize i = 0; i < G_N_ELEMENTS (models); i++)
    {
      char number[2] = { (char) ('0' + i), '\0' };

      if (g_ascii_strcasecmp (text, models[i]) == 0 || g_str_equal (text, number))
        {
          *value = g_strdup (models[i]);
          return TRUE;
        }
    }
  return refuse (field, text,
                 _ ("write permanent, trial or subscription, alone or with _floating or _cloud, or "
                    "none"),
                 error);
}

/**
 * lk_license_value_normalise:
 * @field: what the value is of
 * @text: (nullable): the value as somebody gave it; %NULL or "" for absent
 * @value: (out) (transfer full) (nullable): the value as it is stored; %NULL for absent
 * @error: return location
 *
 * Checks that a value is of its field's kind. Accepts besides what is stored: a date without its
 * time (midnight) or with a `T`, flags as words, a license model as its number in the webhook.
 * Thread: any.
 *
 * Returns: whether it is; otherwise %LK_ERROR_INVALID or %LK_ERROR_ENCODING
 */
gboolean
lk_license_value_normalise (const LkLicenseField *field, const char *text, char **value,
                            GError **error)
{
  *value = NULL;
  if (text == NULL || *text == '\0')
    return TRUE;

  switch (field->kind)
    {
    case LK_FIELD_INTEGER:
      return normalise_integer (field, text, value, error);
    case LK_FIELD_FLAG:
      return normalise_flag (field, text, value, error);
    case LK_FIELD_DATE:
      return normalise_date (field, text, value, error);
    case LK_FIELD_TEXT:
    default:
      if (g_str_equal (field->column, "LicenseModel"))
        return normalise_model (field, text, value, error);
      return normalise_text (field, text, value, error);
    }
}
