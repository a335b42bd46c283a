/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-delivery-search"

#include "config.h"

#include <string.h>

#include "store/delivery-search.h"
#include "store/delivery-text.h"

/* So many deliveries are read row by row as quickly as any index tells which of them to read. */
#define FEW 20000

/* So many causes are each walked from the newest delivery; more are looked through together. */
#define FEW_CAUSES 32

#define TEXTS_CONTAIN "(d.license_key LIKE ?1 ESCAPE '\\' OR d.customer LIKE ?1 ESCAPE '\\')"

#define ALL_CONTAIN                                                                                \
  "(d.license_key LIKE ?1 ESCAPE '\\' OR d.customer LIKE ?1 ESCAPE '\\'"                           \
  " OR (d.last_error_class <> '' AND d.last_cause LIKE ?1 ESCAPE '\\')"                            \
  " OR (d.state = 'held' AND d.hold_reason LIKE ?1 ESCAPE '\\'))"

/* The different causes that contain it: a step through the index for each, however many deliveries
 * failed. */
#define CAUSES                                                                                     \
  "WITH RECURSIVE cause (text) AS (SELECT min(last_cause) FROM delivery"                           \
  " WHERE last_error_class <> '' UNION ALL SELECT (SELECT min(f.last_cause) FROM delivery f"       \
  " WHERE f.last_error_class <> '' AND f.last_cause > cause.text) FROM cause"                      \
  " WHERE cause.text IS NOT NULL) SELECT text FROM cause WHERE text LIKE ?1 ESCAPE '\\'"

static void
part_free (LkDeliveryPart *self)
{
  g_free (self->value);
  g_free (self);
}

static GPtrArray *
new_parts (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify) part_free);
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

/* LIKE knows the case of ASCII's letters only; of others the text is looked for in either case. */
static void
add_pattern_parts (GPtrArray *parts, const char *where, const char *id, const char *text)
{
  g_autofree char *lower = g_utf8_strdown (text, -1);
  g_autofree char *upper = g_utf8_strup (text, -1);

  add_part (parts, "delivery d", where, id, make_pattern (text));
  if (g_str_is_ascii (text))
    return;

  add_part (parts, "delivery d", where, id, make_pattern (lower));
  add_part (parts, "delivery d", where, id, make_pattern (upper));
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
add_id_parts (GPtrArray *parts, const char *text)
{
  char *webhook_id = make_webhook_id (text);

  if (webhook_id != NULL)
    add_part (parts, "delivery d", "d.webhook_id BETWEEN ?1 AND ?1 || '~'", "+d.id", webhook_id);
  if (is_number (text))
    add_part (parts, "delivery d", "d.id = CAST(?1 AS INTEGER)", "d.id", g_strdup (text));
}

static gboolean
is_short (const char *text)
{
  return g_utf8_strlen (text, -1) < LK_DELIVERY_TEXT_MIN;
}

/* Texts that are in the index, and those of the deliveries that it has not reached. */
static void
add_index_parts (GPtrArray *parts, const char *text)
{
  add_part (parts, "delivery_text t CROSS JOIN delivery d ON d.id = t.rowid",
            "t.delivery_text MATCH ?1", "t.rowid", make_phrase (text));
  add_pattern_parts (parts, "d.id > (SELECT delivery_id FROM delivery_text_end) AND " TEXTS_CONTAIN,
                     "d.id", text);
  add_pattern_parts (parts, "d.state = 'held' AND d.hold_reason LIKE ?1 ESCAPE '\\'", "d.id", text);
}

/* With "+" it is not the ids that are walked but the index of the causes. */
static void
add_all_causes (GPtrArray *parts, const char *text)
{
  add_pattern_parts (parts, "d.last_error_class <> '' AND d.last_cause IN (" CAUSES ")", "+d.id",
                     text);
}

static gboolean
add_causes (GPtrArray *parts, LkDb *db, const char *text, GError **error)
{
  g_autofree char *pattern = make_pattern (text);
  g_autoptr (GPtrArray) causes =
      lk_query_list (db, CAUSES, LK_VALUES (LK_TEXT (pattern)), lk_row_dup_text, g_free, error);

  if (causes == NULL)
    return FALSE;

  if (causes->len > FEW_CAUSES || !g_str_is_ascii (text))
    {
      add_all_causes (parts, text);
      return TRUE;
    }

  for (guint i = 0; i < causes->len; i++)
    add_part (parts, "delivery d", "d.last_error_class <> '' AND d.last_cause = ?1", "d.id",
              g_strdup (g_ptr_array_index (causes, i)));

  return TRUE;
}

/* Whether an index leads to few deliveries with @value. */
static gboolean
has_few (LkDb *db, const char *where, LkValue value, gboolean *few, GError **error)
{
  g_autofree char *sql = g_strdup_printf (
      "SELECT count(*) FROM (SELECT 1 FROM delivery d WHERE %s LIMIT %d) AS looked", where,
      FEW + 1);
  gint64 n = 0;

  if (!lk_query_int (db, sql, LK_VALUES (value), &n, error))
    return FALSE;

  *few |= n <= FEW;
  return TRUE;
}

/* Whether what the filter chooses besides its text is few deliveries, of each of which the text is
 * looked at then: a text that is frequent would be found a million times before one of them. */
static gboolean
chooses_few (LkDb *db, const LkDeliveryFilter *filter, gboolean *few, GError **error)
{
  const char *state =
      filter->state >= 0 ? lk_delivery_state_to_string ((LkDeliveryState) filter->state) : "";
  gboolean has_class = filter->error_class != NULL && *filter->error_class != '\0';
  gboolean has_failed = filter->status > 0 && (filter->status < 200 || filter->status >= 300);

  *few = FALSE;

  return (*state == '\0' || has_few (db, "d.state = ?1", LK_TEXT (state), few, error))
         && (filter->task_id == 0
             || has_few (db, "d.task_id = ?1", LK_INT (filter->task_id), few, error))
         && (filter->run_id == 0
             || has_few (db, "d.run_id = ?1", LK_INT (filter->run_id), few, error))
         && (!has_class
             || has_few (db, "d.last_error_class <> '' AND d.last_error_class = ?1",
                         LK_TEXT (filter->error_class), few, error))
         && (!has_failed
             || has_few (db, "d.last_error_class <> '' AND d.last_status = ?1",
                         LK_INT (filter->status), few, error));
}

/* Returns: (transfer full) (nullable): the text to look for; %NULL for none */
static char *
dup_text (const LkDeliveryFilter *filter)
{
  return lk_delivery_filter_has_text (filter) ? g_strstrip (g_strdup (filter->text)) : NULL;
}

/**
 * lk_delivery_search_list_parts:
 * @db: a connection
 * @filter: what to look for
 * @error: return location
 *
 * Returns: (transfer full) (element-type LkDeliveryPart) (nullable): the ways to find the newest
 *   deliveries with its text, each of which goes from the newest on and may stop early; one without
 *   a condition when it has no text; %NULL on error
 */
GPtrArray *
lk_delivery_search_list_parts (LkDb *db, const LkDeliveryFilter *filter, GError **error)
{
  g_autoptr (GPtrArray) parts = new_parts ();
  g_autofree char *text = dup_text (filter);
  gboolean few;

  if (text == NULL)
    {
      add_part (parts, "delivery d", "", "d.id", NULL);
      return g_steal_pointer (&parts);
    }

  if (!chooses_few (db, filter, &few, error))
    return NULL;

  add_id_parts (parts, text);
  if (few || is_short (text))
    add_pattern_parts (parts, ALL_CONTAIN, "d.id", text);
  else
    {
      add_index_parts (parts, text);
      if (!add_causes (parts, db, text, error))
        return NULL;
    }

  return g_steal_pointer (&parts);
}

/**
 * lk_delivery_search_list_sets:
 * @filter: what to look for
 *
 * Returns: (transfer full) (element-type LkDeliveryPart): conditions that together choose all
 *   deliveries with its text; none when it has no text
 */
GPtrArray *
lk_delivery_search_list_sets (const LkDeliveryFilter *filter)
{
  GPtrArray *parts = new_parts ();
  g_autofree char *text = dup_text (filter);

  if (text == NULL)
    return parts;

  add_id_parts (parts, text);
  if (is_short (text))
    add_pattern_parts (parts, ALL_CONTAIN, "d.id", text);
  else
    {
      add_index_parts (parts, text);
      add_all_causes (parts, text);
    }

  return parts;
}
