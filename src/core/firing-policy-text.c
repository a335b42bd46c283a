/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-firing-policy"

#include "config.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "core/error.h"
#include "core/firing-policy-private.h"

/* How the text of each kind starts. */
static const char *const prefixes[] = {
  [LK_POLICY_EVERY_RUN] = "every-run",    [LK_POLICY_ONCE] = "once",
  [LK_POLICY_ON_CHANGE] = "on-change:",   [LK_POLICY_EVERY_N_DAYS] = "every:",
  [LK_POLICY_MILESTONES] = "milestones:",
};

/* translators: the choices of “Send” in a scheduled task. */
static const char *const titles[] = {
  [LK_POLICY_EVERY_RUN] = N_ ("Every run"),
  [LK_POLICY_ONCE] = N_ ("Once per match"),
  [LK_POLICY_ON_CHANGE] = N_ ("When it changes"),
  [LK_POLICY_EVERY_N_DAYS] = N_ ("At most every N days"),
  [LK_POLICY_MILESTONES] = N_ ("Milestones"),
};

G_STATIC_ASSERT (G_N_ELEMENTS (prefixes) == LK_N_POLICY_KINDS);
G_STATIC_ASSERT (G_N_ELEMENTS (titles) == LK_N_POLICY_KINDS);

static gboolean
refuse (GError **error, const char *message, const char *text)
{
  /* translators: what is wrong, and the text in which it is */
  g_set_error (error, LK_ERROR, LK_ERROR_INVALID, _ ("%s: “%s”"), message, text);

  return FALSE;
}

static gboolean
add_column (LkFiringPolicy *self, const char *name, GError **error)
{
  const LkLicenseField *field = lk_license_field_find (name);

  if (field == NULL)
    return refuse (error, _ ("no license column has this name; check its spelling"), name);
  if (self->n_columns == LK_POLICY_MAX_COLUMNS)
    return refuse (error, _ ("there are too many columns; leave out this one"), name);

  for (guint i = 0; i < self->n_columns; i++)
    if (self->columns[i] == field)
      return TRUE;

  self->columns[self->n_columns++] = field;
  return TRUE;
}

static gboolean
parse_columns (LkFiringPolicy *self, const char *text, GError **error)
{
  g_auto (GStrv) names = g_strsplit (text, ",", -1);

  if (names[0] == NULL)
    return refuse (error, _ ("“When it changes” needs a column; name one behind the colon"),
                   "on-change:");

  for (gsize i = 0; names[i] != NULL; i++)
    if (!add_column (self, g_strstrip (names[i]), error))
      return FALSE;

  return TRUE;
}

static gboolean
parse_days (LkFiringPolicy *self, const char *text, GError **error)
{
  char *end = NULL;
  gint64 days = g_ascii_strtoll (text, &end, 10);

  if (!g_ascii_isdigit (text[0]) || days < 1 || days > LK_POLICY_MAX_DAYS
      || (!g_str_equal (end, "-days") && !g_str_equal (end, "-day")))
    return refuse (
        error, _ ("the number of days is not from 1 to 3660; write it as in every:30-days"), text);

  self->days = (int) days;
  return TRUE;
}

static int
compare_offsets (gconstpointer a, gconstpointer b)
{
  int x = *(const int *) a, y = *(const int *) b;

  return (x > y) - (x < y);
}

static gboolean
add_offset (LkFiringPolicy *self, const char *text, GError **error)
{
  gint64 offset;

  if (!g_ascii_string_to_signed (text[0] == '+' ? text + 1 : text, 10, -LK_POLICY_MAX_DAYS,
                                 LK_POLICY_MAX_DAYS, &offset, NULL))
    return refuse (error, _ ("the offset is not a number of days from -3660 to 3660"), text);
  if (self->n_offsets == LK_POLICY_MAX_MILESTONES)
    return refuse (error, _ ("there are too many milestones; leave out this one"), text);

  for (guint i = 0; i < self->n_offsets; i++)
    if (self->offsets[i] == (int) offset)
      return TRUE;

  self->offsets[self->n_offsets++] = (int) offset;
  return TRUE;
}

static gboolean
parse_milestones (LkFiringPolicy *self, const char *text, GError **error)
{
  g_auto (GStrv) parts = g_strsplit (text, ":", 2);
  g_auto (GStrv) offsets = NULL;

  if (g_strv_length (parts) != 2)
    return refuse (error,
                   _ ("milestones need a date column and offsets; write them as in "
                      "milestones:SubscriptionExpiryDate:-30,-14,-7,-1,0"),
                   text);
  if (!add_column (self, g_strstrip (parts[0]), error))
    return FALSE;
  if (self->columns[0]->kind != LK_FIELD_DATE)
    return refuse (error, _ ("milestones need a date; this column has none"), parts[0]);

  offsets = g_strsplit (parts[1], ",", -1);
  for (gsize i = 0; offsets[i] != NULL; i++)
    if (!add_offset (self, g_strstrip (offsets[i]), error))
      return FALSE;

  qsort (self->offsets, self->n_offsets, sizeof *self->offsets, compare_offsets);
  return self->n_offsets > 0 || refuse (error, _ ("milestones need an offset in days"), text);
}

/**
 * lk_policy_kind_find:
 * @text: a policy as text, without blanks in front; what follows its first word may be wrong
 * @kind: (out): which kind it is of
 * @rest: (out): what follows the first word and its colon, within @text
 *
 * Returns: whether the first word names a kind
 */
gboolean
lk_policy_kind_find (const char *text, LkPolicyKind *kind, const char **rest)
{
  for (guint i = 0; i < LK_N_POLICY_KINDS; i++)
    {
      gsize length = strlen (prefixes[i]);
      gboolean has_rest = prefixes[i][length - 1] == ':';

      if (g_ascii_strncasecmp (text, prefixes[i], length) == 0
          && (has_rest || text[length] == '\0'))
        {
          *kind = (LkPolicyKind) i;
          *rest = text + length;
          return TRUE;
        }
    }

  return FALSE;
}

static gboolean
parse_rest (LkFiringPolicy *self, const char *rest, GError **error)
{
  switch (self->kind)
    {
    case LK_POLICY_ON_CHANGE:
      return parse_columns (self, rest, error);
    case LK_POLICY_EVERY_N_DAYS:
      return parse_days (self, rest, error);
    case LK_POLICY_MILESTONES:
      return parse_milestones (self, rest, error);
    case LK_POLICY_EVERY_RUN:
    case LK_POLICY_ONCE:
    default:
      return TRUE;
    }
}

/**
 * lk_firing_policy_parse:
 * @text: `every-run`, `once`, `on-change:COLUMN,COLUMN`, `every:N-days` or
 *   `milestones:COLUMN:-30,-14,0`
 * @error: %LK_ERROR_INVALID that names the part that is not understood
 *
 * Returns: (transfer full): the policy
 */
LkFiringPolicy *
lk_firing_policy_parse (const char *text, GError **error)
{
  g_autofree char *stripped = NULL;
  g_autoptr (LkFiringPolicy) self = g_new0 (LkFiringPolicy, 1);
  const char *rest;

  g_return_val_if_fail (text != NULL, NULL);

  stripped = g_strstrip (g_strdup (text));
  if (!lk_policy_kind_find (stripped, &self->kind, &rest))
    {
      refuse (error,
              _ ("what to send is not understood; give every-run, once, on-change:COLUMN, "
                 "every:N-days or milestones:COLUMN:-30,-7,0"),
              text);
      return NULL;
    }

  return parse_rest (self, rest, error) ? g_steal_pointer (&self) : NULL;
}

/**
 * lk_firing_policy_free:
 * @self: (transfer full): a policy
 */
void
lk_firing_policy_free (LkFiringPolicy *self)
{
  g_return_if_fail (self != NULL);

  g_free (self);
}

/**
 * lk_firing_policy_get_kind:
 * @self: a policy
 *
 * Returns: which rule it follows
 */
LkPolicyKind
lk_firing_policy_get_kind (const LkFiringPolicy *self)
{
  g_return_val_if_fail (self != NULL, LK_POLICY_EVERY_RUN);

  return self->kind;
}

/**
 * lk_policy_kind_get_prefix:
 * @kind: a kind of policy
 *
 * Returns: how the text of such a policy starts: `once`, `every:`
 */
const char *
lk_policy_kind_get_prefix (LkPolicyKind kind)
{
  g_return_val_if_fail ((guint) kind < LK_N_POLICY_KINDS, "");

  return prefixes[kind];
}

/**
 * lk_policy_kind_get_title:
 * @kind: a kind of policy
 *
 * Returns: what people read, translated
 */
const char *
lk_policy_kind_get_title (LkPolicyKind kind)
{
  g_return_val_if_fail ((guint) kind < LK_N_POLICY_KINDS, "");

  return _ (titles[kind]);
}

/**
 * lk_firing_policy_to_string:
 * @self: a policy
 *
 * Returns: (transfer full): the policy as lk_firing_policy_parse() takes it, in its plainest form
 */
char *
lk_firing_policy_to_string (const LkFiringPolicy *self)
{
  GString *text;

  g_return_val_if_fail (self != NULL, NULL);

  text = g_string_new (prefixes[self->kind]);
  for (guint i = 0; i < self->n_columns; i++)
    g_string_append_printf (text, "%s%s", i > 0 ? "," : "", self->columns[i]->column);
  if (self->kind == LK_POLICY_EVERY_N_DAYS)
    g_string_append_printf (text, "%d-days", self->days);
  for (guint i = 0; i < self->n_offsets; i++)
    g_string_append_printf (text, "%s%d", i > 0 ? "," : ":", self->offsets[i]);

  return g_string_free (text, FALSE);
}

/**
 * lk_firing_policy_describe_again:
 * @self: a policy
 *
 * Returns: (transfer full) (nullable): when a match that was sent is sent again, as the end of a
 *   sentence, translated; %NULL where the rule of the decision says it already
 */
char *
lk_firing_policy_describe_again (const LkFiringPolicy *self)
{
  g_autoptr (GString) columns = NULL;

  g_return_val_if_fail (self != NULL, NULL);

  switch (self->kind)
    {
    case LK_POLICY_ONCE:
      return g_strdup (_ ("after a complete run in which it does not match"));
    case LK_POLICY_ON_CHANGE:
      columns = g_string_new (NULL);
      for (guint i = 0; i < self->n_columns; i++)
        g_string_append_printf (columns, "%s%s", i > 0 ? ", " : "", self->columns[i]->column);
      /* translators: the end of a sentence, with names of columns */
      return g_strdup_printf (_ ("when a value changes: %s"), columns->str);
    case LK_POLICY_MILESTONES:
      return g_strdup_printf (_ ("at the next milestone, and anew when %s changes"),
                              self->columns[0]->column);
    case LK_POLICY_EVERY_RUN:
    case LK_POLICY_EVERY_N_DAYS:
    default:
      return NULL;
    }
}
