/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-delivery-search"

#include "config.h"

#include <string.h>

#include "store/delivery-search.h"
#include "store/delivery-text.h"

#define TEXTS_CONTAIN "(d.license_key LIKE ?1 ESCAPE '\\' OR d.customer LIKE ?1 ESCAPE '\\')"

/* The different causes that contain it: a step through the index for each, however many deliveries
 * failed. */
#define CAUSES                                                                                     \
  "(WITH RECURSIVE cause (text) AS (SELECT min(last_cause) FROM delivery"                          \
  " WHERE last_error_class <> '' UNION ALL SELECT (SELECT min(f.last_cause) FROM delivery f"       \
  " WHERE f.last_error_class <> '' AND f.last_cause > cause.text) FROM cause"                      \
  " WHERE cause.text IS NOT NULL) SELECT text FROM cause WHERE text LIKE ?1 ESCAPE '\\')"

static void
part_free (LkDeliveryPart *self)
{
  g_free (self->value);
  g_free (self);
}

/* @value: (transfer full) (nullable) */
static void
add_part (GPtrArray *parts, const char *from, const char *where, const char *id, char *value)
{
  LkDeliveryPart *part = g_new0 (LkDeliveryPart, 1);

  *part = (LkDeliveryPart){ from, where, id, value };
  g_ptr_array_add (parts, part);
}

/* What contains @text literally. */
static char *
make_pattern (const char *text)
{
  GString *pattern = g_string_new ("%");

  for (const char *at = text; *at != '\0'; at++)
    {
      if (strchr ("\\%_", *at) != NULL)
        g_string_append_c (pattern, '\\');
      g_string_append_c (pattern, *at);
    }

  return g_string_free (g_string_append_c (pattern, '%'), FALSE);
}

/* @text as one phrase of a full-text query. */
static char *
make_phrase (const char *text)
{
  g_auto (GStrv) pieces = g_strsplit (text, "\"", -1);
  g_autofree char *doubled = g_strjoinv ("\"\"", pieces);

  return g_strdup_printf ("\"%s\"", doubled);
}

static gboolean
is_number (const char *text)
{
  return strlen (text) < 18 && text[strspn (text, "0123456789")] == '\0';
}

/* Webhook ids are in capitals, but for what they begin with. */
static char *
make_webhook_id (const char *text)
{
  g_autofree char *capitals = g_ascii_strup (text, -1);

  return g_str_has_prefix (capitals, "MSG_") ? g_strconcat ("msg_", capitals + 4, NULL) : NULL;
}

static void
add_parts_of_text (GPtrArray *parts, const char *text)
{
  char *webhook_id = make_webhook_id (text);

  if (g_utf8_strlen (text, -1) < LK_DELIVERY_TEXT_MIN)
    add_part (parts, "delivery d", TEXTS_CONTAIN, "d.id", make_pattern (text));
  else
    {
      add_part (parts, "delivery_text t CROSS JOIN delivery d ON d.id = t.rowid",
                "t.delivery_text MATCH ?1", "t.rowid", make_phrase (text));
      add_part (parts, "delivery d",
                "d.id > (SELECT delivery_id FROM delivery_text_end) AND " TEXTS_CONTAIN, "d.id",
                make_pattern (text));
    }

  /* With "+" it is not the ids that are walked but the index of the causes. */
  add_part (parts, "delivery d", "d.last_error_class <> '' AND d.last_cause IN " CAUSES, "+d.id",
            make_pattern (text));
  add_part (parts, "delivery d", "d.state = 'held' AND d.hold_reason LIKE ?1 ESCAPE '\\'", "d.id",
            make_pattern (text));
  if (webhook_id != NULL)
    add_part (parts, "delivery d", "d.webhook_id BETWEEN ?1 AND ?1 || '~'", "+d.id", webhook_id);
  if (is_number (text))
    add_part (parts, "delivery d", "d.id = CAST(?1 AS INTEGER)", "d.id", g_strdup (text));
}

/**
 * lk_delivery_search_list_parts:
 * @filter: what to look for
 *
 * Returns: (transfer full) (element-type LkDeliveryPart): the ways to find its text; one without a
 *   condition when it has none
 */
GPtrArray *
lk_delivery_search_list_parts (const LkDeliveryFilter *filter)
{
  GPtrArray *parts = g_ptr_array_new_with_free_func ((GDestroyNotify) part_free);
  g_autofree char *text = NULL;

  if (!lk_delivery_filter_has_text (filter))
    {
      add_part (parts, "delivery d", "", "d.id", NULL);
      return parts;
    }

  text = g_strstrip (g_strdup (filter->text));
  add_parts_of_text (parts, text);

  return parts;
}
