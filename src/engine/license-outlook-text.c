/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What an outlook says, in sentences: the same ones on the screen and on the command line. */

#define G_LOG_DOMAIN "lk-license-outlook"

#include "config.h"

#include <inttypes.h>
#include <string.h>

#include <glib/gi18n-lib.h>

#include "engine/license-outlook.h"

static const char *const answers[] = {
  [LK_OUTLOOK_NO_MATCH] = "no-match",
  [LK_OUTLOOK_STOOD_FOR] = "stood-for",
  [LK_OUTLOOK_NOT_AGAIN] = "not-again",
  [LK_OUTLOOK_WOULD_SEND] = "would-send",
};

G_STATIC_ASSERT (G_N_ELEMENTS (answers) == LK_N_OUTLOOK_ANSWERS);

/* In the zone of the task, as the rules of a policy have it. */
static char *
format (const LkLicenseOutlook *self, LkInstant instant)
{
  g_autoptr (GTimeZone) zone = lk_recurrence_get_zone (&self->task->recurrence);
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc (instant / LK_SECOND);
  g_autoptr (GDateTime) local = g_date_time_to_timezone (utc, zone);

  return g_date_time_format (local, "%Y-%m-%d %H:%M");
}

static void
add (GPtrArray *sentences, char *sentence)
{
  if (sentence != NULL)
    g_ptr_array_add (sentences, sentence);
}

/* Ends a sentence that ends with what somebody else wrote. */
static char *
end_sentence (char *sentence)
{
  gsize length = strlen (sentence);
  char *ended;

  if (length > 0 && (sentence[length - 1] == '.' || sentence[length - 1] == '!'))
    return sentence;

  ended = g_strconcat (sentence, ".", NULL);
  g_free (sentence);
  return ended;
}

static char *
describe_decision (const LkLicenseOutlook *self)
{
  if (self->fires)
    /* translators: why, such as “matches for the first time” */
    return g_strdup_printf (_ ("It would be sent if the task ran now: %s."), self->rule);
  if (self->again != NULL)
    /* translators: why, such as “sent on 2026-11-20 08:00 and still the same match”, and when
     * again, such as “after a complete run in which it does not match” */
    return g_strdup_printf (_ ("It matches, but is not sent now: %s. It is sent again %s."),
                            self->rule, self->again);

  return g_strdup_printf (_ ("It matches, but is not sent now: %s."), self->rule);
}

/* The answer in one or two sentences. */
static char *
describe_answer (const LkLicenseOutlook *self)
{
  switch (self->answer)
    {
    case LK_OUTLOOK_NO_MATCH:
      return g_strdup_printf (_ ("It does not match the search “%s” now."), self->search_name);
    case LK_OUTLOOK_STOOD_FOR:
      /* translators: a column's name and an activation key */
      return g_strdup_printf (
          _ ("It matches, but one license of each %s is sent, and “%s” stands for it."),
          self->distinct_field, self->other_key);
    case LK_OUTLOOK_NOT_AGAIN:
    case LK_OUTLOOK_WOULD_SEND:
    default:
      return describe_decision (self);
    }
}

static void
add_unmet (const LkLicenseOutlook *self, GPtrArray *sentences)
{
  for (guint i = 0; i < self->unmet->len; i++)
    /* translators: a part of a search, such as Country = 'AT' */
    add (sentences, g_strdup_printf (_ ("This part of the search does not hold: %s"),
                                     (const char *) g_ptr_array_index (self->unmet, i)));
}

/* What becomes of the license that stands for it. */
static char *
describe_other (const LkLicenseOutlook *self)
{
  if (self->other_key == NULL)
    return NULL;

  if (self->fires)
    /* translators: an activation key, a column, why */
    return g_strdup_printf (
        _ ("“%s”, which has the same %s, would be sent if the task ran now: %s."), self->other_key,
        self->distinct_field, self->rule);

  return g_strdup_printf (_ ("“%s”, which has the same %s, is not sent now: %s."), self->other_key,
                          self->distinct_field, self->rule);
}

static gboolean
is_once (const LkLicenseOutlook *self)
{
  return g_str_equal (self->task->send, lk_policy_kind_get_prefix (LK_POLICY_ONCE));
}

/* NULL where the rule says as much. */
static char *
describe_ledger (const LkLicenseOutlook *self)
{
  g_autofree char *fired_at = NULL;

  if (self->ledger.fired_at == 0)
    return self->fires ? NULL : g_strdup (_ ("For this task it counts as never sent."));

  fired_at = format (self, self->ledger.fired_at);
  if (self->rule != NULL && strstr (self->rule, fired_at) != NULL)
    return NULL;
  if (is_once (self) && !self->ledger.matching)
    return g_strdup_printf (
        _ ("For this task it counts as sent on %s, and as gone since: it is sent when it matches "
           "again."),
        fired_at);

  return g_strdup_printf (_ ("For this task it counts as sent on %s."), fired_at);
}

static char *
describe_delivery_state (const LkLicenseOutlook *self)
{
  const LkDelivery *delivery = self->delivery;
  g_autofree char *due_at = format (self, delivery->due_at);
  g_autofree char *finished_at = format (self, delivery->finished_at);

  switch (delivery->state)
    {
    case LK_DELIVERY_DELIVERED:
      return g_strdup_printf (_ ("it arrived on %s"), finished_at);
    case LK_DELIVERY_RETRY_WAIT:
      /* translators: date and time, and why the last attempt failed */
      return g_strdup_printf (_ ("it is tried again on %s: %s"), due_at, delivery->last_cause);
    case LK_DELIVERY_HELD:
      return g_strdup_printf (_ ("it is held: %s"), delivery->hold_reason);
    case LK_DELIVERY_EXHAUSTED:
      return g_strdup_printf (_ ("it failed for good: %s"), delivery->last_cause);
    case LK_DELIVERY_DROPPED:
      return g_strdup_printf (_ ("it was dropped on %s"), finished_at);
    case LK_DELIVERY_SENDING:
      return g_strdup (_ ("it is being sent"));
    case LK_DELIVERY_QUEUED:
    default:
      return g_strdup (_ ("it waits to be sent"));
    }
}

static char *
describe_delivery (const LkLicenseOutlook *self)
{
  g_autofree char *created_at = NULL;
  g_autofree char *state = NULL;

  if (self->delivery == NULL)
    return g_strdup (_ ("The log has no webhook of this task for it."));

  created_at = format (self, self->delivery->created_at);
  state = describe_delivery_state (self);
  /* translators: the number of a delivery, date and time, and what became of it, as in “it arrived
   * on 2026-11-20 08:00” */
  return end_sentence (g_strdup_printf (_ ("Its last webhook is number %" PRId64 " of %s: %s"),
                                        self->delivery->id, created_at, state));
}

static void
add_run_obstacle (const LkLicenseOutlook *self, GPtrArray *sentences)
{
  const LkRun *run = self->last_run;

  if (run == NULL)
    add (sentences, g_strdup (_ ("The task has not run yet.")));
  else if (run->state == LK_RUN_RUNNING)
    add (sentences, g_strdup (_ ("A run of the task is under way.")));
  else if (run->state == LK_RUN_FAILED)
    add (sentences,
         end_sentence (g_strdup_printf (_ ("The last run of the task failed: %s"), run->error)));
}

/**
 * lk_license_outlook_list_obstacles:
 * @self: an outlook
 *
 * Returns: (transfer full) (element-type utf8): what keeps the task from sending anything, in
 *   sentences, translated
 */
GPtrArray *
lk_license_outlook_list_obstacles (const LkLicenseOutlook *self)
{
  GPtrArray *sentences = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *due_at = format (self, self->task->next_due_at);

  if (!self->task->webhook_enabled)
    add (sentences, g_strdup (_ ("The webhook of the task is off: nothing is sent before it is "
                                 "on.")));
  if (!self->task->enabled)
    add (sentences, g_strdup (_ ("The task is not enabled: the timer does not run it.")));
  if (self->is_overdue)
    add (sentences, g_strdup_printf (_ ("The task is overdue: it should have run on %s."), due_at));
  add_run_obstacle (self, sentences);
  if (self->hold_reason != NULL)
    add (sentences,
         end_sentence (g_strdup_printf (_ ("The receiver is on hold: %s"), self->hold_reason)));

  return sentences;
}

static char *
describe_next (const LkLicenseOutlook *self)
{
  g_autofree char *next_at = format (self, self->next_at);

  if (self->next_at == 0 && self->is_cut)
    return g_strdup (_ ("At none of the next runs would it be sent; later ones were not looked at, "
                        "for it would take too long."));
  if (self->next_at == 0)
    return g_strdup_printf (ngettext ("At no run of the next %d day would it be sent.",
                                      "At no run of the next %d days would it be sent.",
                                      (gulong) self->days),
                            self->days);
  if (self->next_key != NULL)
    /* translators: an activation key, date and time, why */
    return g_strdup_printf (
        _ ("Next “%s” would be sent for it, at the run of %s, if the licenses stay as they are: "
           "%s."),
        self->next_key, next_at, self->next_rule);

  /* translators: date and time, why */
  return g_strdup_printf (
      _ ("Next it would be sent at the run of %s, if the licenses stay as they are: %s."), next_at,
      self->next_rule);
}

/**
 * lk_license_outlook_explain:
 * @self: an outlook
 *
 * Returns: (transfer full) (element-type utf8): all that is known, in sentences, the answer first,
 *   translated
 */
GPtrArray *
lk_license_outlook_explain (const LkLicenseOutlook *self)
{
  GPtrArray *sentences = g_ptr_array_new_with_free_func (g_free);

  add (sentences, describe_answer (self));
  add_unmet (self, sentences);
  add (sentences, describe_other (self));
  g_ptr_array_extend_and_steal (sentences, lk_license_outlook_list_obstacles (self));
  add (sentences, describe_ledger (self));
  add (sentences, describe_delivery (self));
  add (sentences, describe_next (self));

  return sentences;
}

/**
 * lk_outlook_answer_to_string:
 * @answer: an answer
 *
 * Returns: the word for programs
 */
const char *
lk_outlook_answer_to_string (LkOutlookAnswer answer)
{
  g_return_val_if_fail (answer < LK_N_OUTLOOK_ANSWERS, NULL);

  return answers[answer];
}
