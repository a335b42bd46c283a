/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-search-text"

#include "config.h"

#include <string.h>

#include <glib/gi18n.h>

#include "agent/lookup.h"
#include "agent/search-text.h"
#include "core/license-field.h"

/**
 * lk_search_text_get_context:
 * @call: the call, whose `--now` is taken
 * @error: %G_OPTION_ERROR_BAD_VALUE when `--now` is no moment
 *
 * Returns: (transfer full): what macros expand at: the local present, or `--now`
 */
LkMacroContext *
lk_search_text_get_context (LkCall *call, GError **error)
{
  LkInstant instant = lk_clock_now (lk_call_get_clock (call));
  g_autoptr (GDateTime) utc = NULL;
  g_autoptr (GDateTime) now = NULL;

  if (!lk_call_get_instant (call, "now", &instant, error))
    return NULL;

  utc = g_date_time_new_from_unix_utc (instant / LK_SECOND);
  now = g_date_time_to_local (utc);

  return lk_macro_context_new (now, NULL);
}

/**
 * lk_search_text_parse:
 * @call: the call, whose `--now` is taken
 * @sql: a condition as typed
 * @error: %G_OPTION_ERROR_BAD_VALUE when `--now` is no moment
 *
 * Returns: (transfer full): the condition, valid or not
 */
LkClause *
lk_search_text_parse (LkCall *call, const char *sql, GError **error)
{
  g_autoptr (LkMacroContext) context = lk_search_text_get_context (call, error);

  return context != NULL ? lk_clause_new (sql, -1, context) : NULL;
}

/* The line of the text in which a problem is, without its line end. */
static char *
dup_line (const char *sql, gsize place)
{
  gsize length = strlen (sql);
  const char *at = sql + MIN (place, length);
  const char *start = at;

  while (start > sql && start[-1] != '\n')
    start--;

  return g_strndup (start, strcspn (start, "\r\n"));
}

static char *
make_marker (const char *line, const LkProblem *problem)
{
  GString *marker = g_string_new (NULL);
  glong length = g_utf8_strlen (line, -1);
  glong width = (glong) problem->end - (glong) problem->start;
  const char *p = line;

  for (guint i = 1; i < problem->column && *p != '\0'; i++, p = g_utf8_next_char (p))
    g_string_append (marker, *p == '\t'                               ? "\t"
                             : g_unichar_iswide (g_utf8_get_char (p)) ? "  "
                                                                      : " ");
  width = CLAMP (width, 1, MAX (1, length - (glong) problem->column + 1));
  for (glong i = 0; i < width; i++)
    g_string_append_c (marker, '^');

  return g_string_free (marker, FALSE);
}

/**
 * lk_search_text_describe:
 * @sql: a condition as typed
 * @problem: what is wrong with it
 *
 * Returns: (transfer full): three lines: the place and the message; the line of the text; a mark
 *   under the place
 */
char *
lk_search_text_describe (const char *sql, const LkProblem *problem)
{
  g_autofree char *raw = dup_line (sql, problem->start);
  g_autofree char *line = lk_output_format_visible (raw, -1);
  g_autofree char *marker = make_marker (line, problem);

  return g_strdup_printf ("%u:%u: %s: %s\n  %s\n  %s", problem->line, problem->column,
                          problem->severity == LK_SEVERITY_ERROR ? _ ("error") : _ ("warning"),
                          problem->message, line, marker);
}

/**
 * lk_search_text_check:
 * @clause: a condition
 * @sql: the same as typed
 * @error: %LK_ERROR_CLAUSE when it does not run
 *
 * Tells of every error and warning on stderr.
 *
 * Returns: whether it runs
 */
gboolean
lk_search_text_check (LkClause *clause, const char *sql, GError **error)
{
  GPtrArray *problems = lk_clause_get_problems (clause);

  for (guint i = 0; i < problems->len; i++)
    {
      g_autofree char *text = lk_search_text_describe (sql, g_ptr_array_index (problems, i));

      lk_message ("%s", text);
    }

  if (lk_clause_is_valid (clause))
    return TRUE;

  g_set_error (error, LK_ERROR, LK_ERROR_CLAUSE,
               _ ("the search is not a valid condition: mend what is marked above"));
  return FALSE;
}

/**
 * lk_search_text_get_search:
 * @call: a call with a search's name as its argument or with `--search`, or with `--sql`
 * @error: %LK_ERROR_NOT_FOUND when there is no search of that name, %G_OPTION_ERROR when both or
 *   neither are given
 *
 * Returns: (transfer full): the search that is meant; one that is not saved for `--sql`
 */
LkSearch *
lk_search_text_get_search (LkCall *call, GError **error)
{
  const char *argument = lk_call_get_argument (call, 0);
  const char *name = argument != NULL ? argument : lk_call_get (call, "search");
  const char *sql = lk_call_get (call, "sql");
  LkSearch *search;

  if ((name == NULL) == (sql == NULL))
    {
      g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED,
                   _ ("give either the name of a search or --sql with a condition"));
      return NULL;
    }

  if (name != NULL)
    return lk_lookup_search (call, name, error);

  search = lk_search_new ();
  g_free (search->sql);
  search->sql = g_strdup (sql);

  return search;
}

static const LkLicenseField *
find_field (const char *name)
{
  return *name != '\0' ? lk_license_field_find (name) : NULL;
}

/**
 * lk_search_text_get_query:
 * @call: the call, whose `--now` is taken
 * @search: a search
 * @error: %LK_ERROR_CLAUSE when its condition does not run; the reasons are told on stderr
 *
 * Returns: (transfer full): the query for its licenses
 */
LkLicenseQuery *
lk_search_text_get_query (LkCall *call, const LkSearch *search, GError **error)
{
  g_autoptr (LkClause) clause = lk_search_text_parse (call, search->sql, error);
  LkLicenseQuery *query;

  if (clause == NULL || !lk_search_text_check (clause, search->sql, error))
    return NULL;

  query = lk_license_query_new (clause);
  query->distinct_field = find_field (search->distinct_field);
  query->unique_id_field = find_field (search->unique_id_field);

  return query;
}

static void
add_problem (JsonBuilder *builder, const LkProblem *problem)
{
  json_builder_begin_object (builder);
  lk_json_add_text (builder, "severity",
                    problem->severity == LK_SEVERITY_ERROR ? "error" : "warning");
  lk_json_add_int (builder, "line", problem->line);
  lk_json_add_int (builder, "column", problem->column);
  lk_json_add_int (builder, "start", (gint64) problem->start);
  lk_json_add_int (builder, "end", (gint64) problem->end);
  lk_json_add_text (builder, "message", problem->message);
  lk_json_add_text (builder, "replacement", problem->replacement);
  json_builder_end_object (builder);
}

/**
 * lk_search_text_add_json:
 * @builder: a builder
 * @clause: a condition
 *
 * Adds an object with everything there is to say about a condition.
 */
void
lk_search_text_add_json (JsonBuilder *builder, LkClause *clause)
{
  GPtrArray *problems = lk_clause_get_problems (clause);
  gboolean is_valid = lk_clause_is_valid (clause);

  json_builder_begin_object (builder);
  lk_json_add_flag (builder, "valid", is_valid);
  lk_json_add_text (builder, "sql", is_valid ? lk_clause_get_display_sql (clause) : NULL);
  json_builder_set_member_name (builder, "problems");
  json_builder_begin_array (builder);
  for (guint i = 0; i < problems->len; i++)
    add_problem (builder, g_ptr_array_index (problems, i));
  json_builder_end_array (builder);
  json_builder_end_object (builder);
}
