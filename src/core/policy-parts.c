/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-policy-parts"

#include "config.h"

#include <string.h>

#include "core/policy-parts.h"

/* What a kind starts from when somebody chooses it: renewals are what most tasks are about. */
#define DEFAULT_COLUMN  "SubscriptionExpiryDate"
#define DEFAULT_DAYS    30
#define DEFAULT_OFFSETS "-30, -14, -7, -1, 0"

static void
replace (char **place, const char *text)
{
  char *copy = g_strdup (text);

  g_free (*place);
  *place = copy;
}

/* The part before the first colon and the one behind it; a policy that is being typed may have only
 * the first. */
static void
read_milestones (LkPolicyParts *self, const char *rest)
{
  const char *colon = strchr (rest, ':');
  g_autofree char *name = colon != NULL ? g_strndup (rest, colon - rest) : g_strdup (rest);
  const LkLicenseField *field = lk_license_field_find (g_strstrip (name));

  replace (&self->date, field != NULL ? field->column : name);
  replace (&self->offsets, colon != NULL ? colon + 1 : "");
}

/**
 * lk_policy_parts_init:
 * @self: (out caller-allocates): parts, to be cleared with lk_policy_parts_clear()
 *
 * Sets each part to what its kind starts from.
 */
void
lk_policy_parts_init (LkPolicyParts *self)
{
  self->kind = LK_POLICY_ONCE;
  self->columns = g_strdup (DEFAULT_COLUMN);
  self->days = DEFAULT_DAYS;
  self->date = g_strdup (DEFAULT_COLUMN);
  self->offsets = g_strdup (DEFAULT_OFFSETS);
}

/**
 * lk_policy_parts_clear:
 * @self: parts
 *
 * Frees what @self holds.
 */
void
lk_policy_parts_clear (LkPolicyParts *self)
{
  g_clear_pointer (&self->columns, g_free);
  g_clear_pointer (&self->date, g_free);
  g_clear_pointer (&self->offsets, g_free);
}

/**
 * lk_policy_parts_read:
 * @self: parts
 * @send: a policy as text, which need not be valid, see lk_firing_policy_parse()
 *
 * Takes the text apart. Parts that its kind does not have stay as they are.
 *
 * Returns: whether the text begins with a kind of policy; otherwise nothing is changed
 */
gboolean
lk_policy_parts_read (LkPolicyParts *self, const char *send)
{
  g_autofree char *text = g_strchug (g_strdup (send != NULL ? send : ""));
  const char *rest;

  if (!lk_policy_kind_find (text, &self->kind, &rest))
    return FALSE;

  if (self->kind == LK_POLICY_ON_CHANGE)
    replace (&self->columns, rest);
  else if (self->kind == LK_POLICY_EVERY_N_DAYS)
    self->days = (int) CLAMP (g_ascii_strtoll (rest, NULL, 10), 0, G_MAXINT);
  else if (self->kind == LK_POLICY_MILESTONES)
    read_milestones (self, rest);

  return TRUE;
}

/**
 * lk_policy_parts_to_string:
 * @self: parts
 *
 * Returns: (transfer full): the policy as text; whether it is valid, lk_firing_policy_parse() tells
 */
char *
lk_policy_parts_to_string (const LkPolicyParts *self)
{
  const char *prefix = lk_policy_kind_get_prefix (self->kind);

  switch (self->kind)
    {
    case LK_POLICY_ON_CHANGE:
      return g_strconcat (prefix, self->columns, NULL);
    case LK_POLICY_EVERY_N_DAYS:
      return g_strdup_printf ("%s%d-days", prefix, self->days);
    case LK_POLICY_MILESTONES:
      return g_strconcat (prefix, self->date, ":", self->offsets, NULL);
    case LK_POLICY_EVERY_RUN:
    case LK_POLICY_ONCE:
    default:
      return g_strdup (prefix);
    }
}

/**
 * lk_policy_parts_has_column:
 * @self: parts
 * @field: a column
 *
 * Returns: whether @columns names it, by either of its names
 */
gboolean
lk_policy_parts_has_column (const LkPolicyParts *self, const LkLicenseField *field)
{
  g_auto (GStrv) names = g_strsplit (self->columns, ",", -1);

  for (gsize i = 0; names[i] != NULL; i++)
    if (lk_license_field_find (g_strstrip (names[i])) == field)
      return TRUE;

  return FALSE;
}

/**
 * lk_policy_parts_set_column:
 * @self: parts
 * @field: a column
 * @compared: whether @columns shall name it
 *
 * Adds the column behind the others, or takes it out. The other names stay as they were typed.
 */
void
lk_policy_parts_set_column (LkPolicyParts *self, const LkLicenseField *field, gboolean compared)
{
  g_auto (GStrv) names = g_strsplit (self->columns, ",", -1);
  g_autoptr (GString) kept = g_string_new (NULL);

  for (gsize i = 0; names[i] != NULL; i++)
    if (*g_strstrip (names[i]) != '\0' && lk_license_field_find (names[i]) != field)
      g_string_append_printf (kept, "%s%s", kept->len > 0 ? ", " : "", names[i]);

  if (compared)
    g_string_append_printf (kept, "%s%s", kept->len > 0 ? ", " : "", field->column);

  replace (&self->columns, kept->str);
}
