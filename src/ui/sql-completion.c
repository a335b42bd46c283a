/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-sql-completion"

#include "config.h"

#include <glib/gi18n.h>

#include "core/clause-dialect.h"
#include "core/license-field.h"
#include "core/macro.h"
#include "ui/sql-completion.h"

#define LK_TYPE_SQL_PROPOSAL (lk_sql_proposal_get_type ())
G_DECLARE_FINAL_TYPE (LkSqlProposal, lk_sql_proposal, LK, SQL_PROPOSAL, GObject)

struct _LkSqlProposal
{
  GObject parent;

  char *text; /* a macro's with its brackets */
  char *summary;
};

static void
lk_sql_proposal_proposal_init (GtkSourceCompletionProposalInterface *iface)
{
}

G_DEFINE_FINAL_TYPE_WITH_CODE (LkSqlProposal, lk_sql_proposal, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (GTK_SOURCE_TYPE_COMPLETION_PROPOSAL,
                                                      lk_sql_proposal_proposal_init))

struct _LkSqlCompletion
{
  GObject parent;

  GListStore *proposals;
  char *word;     /* what was typed so far, without a bracket */
  gboolean macro; /* whether a bracket stands before it */
};

static void lk_sql_completion_provider_init (GtkSourceCompletionProviderInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (LkSqlCompletion, lk_sql_completion, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (GTK_SOURCE_TYPE_COMPLETION_PROVIDER,
                                                      lk_sql_completion_provider_init))

/* What stands between the words that core lists: parts of these, and of a sub-query. */
static const char *const parts[] = {
  "Select", "From", "Where", "Group By", "Having",      "Order By",
  "When",   "Then", "Else",  "End",      "Is Not Null", "qryLicenseInfo",
};

static void
lk_sql_proposal_finalize (GObject *object)
{
  LkSqlProposal *self = LK_SQL_PROPOSAL (object);

  g_free (self->text);
  g_free (self->summary);
  G_OBJECT_CLASS (lk_sql_proposal_parent_class)->finalize (object);
}

static void
lk_sql_proposal_class_init (LkSqlProposalClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = lk_sql_proposal_finalize;
}

static void
lk_sql_proposal_init (LkSqlProposal *self)
{
}

static void
add_proposal (LkSqlCompletion *self, char *text, const char *summary)
{
  g_autoptr (LkSqlProposal) proposal = g_object_new (LK_TYPE_SQL_PROPOSAL, NULL);

  proposal->text = text;
  proposal->summary = g_strdup (summary);
  g_list_store_append (self->proposals, proposal);
}

static void
add_fields (LkSqlCompletion *self)
{
  for (gsize i = 0; i < lk_license_n_fields; i++)
    {
      const LkLicenseField *field = &lk_license_fields[i];

      if (field->column == NULL)
        continue;
      add_proposal (self, g_strdup (field->column), _ (field->title));
      if (field->alias != NULL)
        add_proposal (self, g_strdup (field->alias), _ (field->title));
    }
}

static void
add_macros (LkSqlCompletion *self)
{
  for (gsize i = 0; i < lk_n_macros; i++)
    add_proposal (self, g_strdup_printf ("[%s]", lk_macros[i].name), _ (lk_macros[i].summary));
}

/* A function with its bracket, or both where nothing stands between them. */
static char *
format_word (const LkClauseWord *word)
{
  const char *bracket = strchr (word->usage, '(');

  if (word->kind == LK_CLAUSE_WORD_KEYWORD || bracket == NULL)
    return g_strdup (word->name);

  return g_strconcat (word->name, bracket[1] == ')' ? "()" : "(", NULL);
}

static void
add_words (LkSqlCompletion *self)
{
  for (gsize i = 0; i < lk_clause_n_words; i++)
    add_proposal (self, format_word (&lk_clause_words[i]), _ (lk_clause_words[i].summary));
  for (gsize i = 0; i < G_N_ELEMENTS (parts); i++)
    add_proposal (self, g_strdup (parts[i]), NULL);
}

static gboolean
matches (gpointer item, gpointer user_data)
{
  LkSqlProposal *proposal = item;
  LkSqlCompletion *self = user_data;
  gboolean is_macro = proposal->text[0] == '[';
  const char *text = is_macro ? proposal->text + 1 : proposal->text;

  if (self->macro && !is_macro)
    return FALSE;

  return self->word == NULL || g_ascii_strncasecmp (text, self->word, strlen (self->word)) == 0;
}

static gboolean
stands_after_bracket (GtkSourceCompletionContext *context)
{
  GtkTextIter begin;
  GtkTextIter end;

  return gtk_source_completion_context_get_bounds (context, &begin, &end)
         && gtk_text_iter_backward_char (&begin) && gtk_text_iter_get_char (&begin) == '[';
}

static void
take_word (LkSqlCompletion *self, GtkSourceCompletionContext *context)
{
  g_free (self->word);
  self->word = gtk_source_completion_context_get_word (context);
  self->macro = stands_after_bracket (context);
}

static char *
lk_sql_completion_get_title (GtkSourceCompletionProvider *provider)
{
  return g_strdup (_ ("Columns and macros"));
}

static gboolean
lk_sql_completion_is_trigger (GtkSourceCompletionProvider *provider, const GtkTextIter *iter,
                              gunichar ch)
{
  return ch == '[';
}

static void
lk_sql_completion_populate_async (GtkSourceCompletionProvider *provider,
                                  GtkSourceCompletionContext *context, GCancellable *cancellable,
                                  GAsyncReadyCallback callback, gpointer user_data)
{
  LkSqlCompletion *self = LK_SQL_COMPLETION (provider);
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  GtkCustomFilter *filter = gtk_custom_filter_new (matches, self, NULL);

  g_task_set_source_tag (task, lk_sql_completion_populate_async);
  take_word (self, context);
  g_task_return_pointer (task,
                         gtk_filter_list_model_new (g_object_ref (G_LIST_MODEL (self->proposals)),
                                                    GTK_FILTER (filter)),
                         g_object_unref);
}

static GListModel *
lk_sql_completion_populate_finish (GtkSourceCompletionProvider *provider, GAsyncResult *result,
                                   GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
lk_sql_completion_refilter (GtkSourceCompletionProvider *provider,
                            GtkSourceCompletionContext *context, GListModel *model)
{
  take_word (LK_SQL_COMPLETION (provider), context);
  gtk_filter_changed (gtk_filter_list_model_get_filter (GTK_FILTER_LIST_MODEL (model)),
                      GTK_FILTER_CHANGE_DIFFERENT);
}

static void
lk_sql_completion_display (GtkSourceCompletionProvider *provider,
                           GtkSourceCompletionContext *context, GtkSourceCompletionProposal *item,
                           GtkSourceCompletionCell *cell)
{
  LkSqlProposal *proposal = LK_SQL_PROPOSAL (item);
  GtkSourceCompletionColumn column = gtk_source_completion_cell_get_column (cell);

  if (column == GTK_SOURCE_COMPLETION_COLUMN_TYPED_TEXT)
    gtk_source_completion_cell_set_text (cell, proposal->text);
  else if (column == GTK_SOURCE_COMPLETION_COLUMN_AFTER)
    gtk_source_completion_cell_set_text (cell, proposal->summary);
  else if (column != GTK_SOURCE_COMPLETION_COLUMN_ICON)
    gtk_source_completion_cell_set_text (cell, NULL);
}

/* Brackets that stand around the word already are taken over, not doubled. */
static void
widen_over_brackets (GtkTextIter *begin, GtkTextIter *end)
{
  GtkTextIter before = *begin;

  if (gtk_text_iter_backward_char (&before) && gtk_text_iter_get_char (&before) == '[')
    *begin = before;
  if (gtk_text_iter_get_char (end) == ']')
    gtk_text_iter_forward_char (end);
}

static void
lk_sql_completion_activate (GtkSourceCompletionProvider *provider,
                            GtkSourceCompletionContext *context, GtkSourceCompletionProposal *item)
{
  LkSqlProposal *proposal = LK_SQL_PROPOSAL (item);
  GtkTextBuffer *buffer = GTK_TEXT_BUFFER (gtk_source_completion_context_get_buffer (context));
  GtkTextIter begin;
  GtkTextIter end;

  if (!gtk_source_completion_context_get_bounds (context, &begin, &end))
    return;
  if (proposal->text[0] == '[')
    widen_over_brackets (&begin, &end);

  gtk_text_buffer_begin_user_action (buffer);
  gtk_text_buffer_delete (buffer, &begin, &end);
  gtk_text_buffer_insert (buffer, &begin, proposal->text, -1);
  gtk_text_buffer_end_user_action (buffer);
}

static void
lk_sql_completion_provider_init (GtkSourceCompletionProviderInterface *iface)
{
  iface->get_title = lk_sql_completion_get_title;
  iface->is_trigger = lk_sql_completion_is_trigger;
  iface->populate_async = lk_sql_completion_populate_async;
  iface->populate_finish = lk_sql_completion_populate_finish;
  iface->refilter = lk_sql_completion_refilter;
  iface->display = lk_sql_completion_display;
  iface->activate = lk_sql_completion_activate;
}

static void
lk_sql_completion_finalize (GObject *object)
{
  LkSqlCompletion *self = LK_SQL_COMPLETION (object);

  g_clear_object (&self->proposals);
  g_free (self->word);
  G_OBJECT_CLASS (lk_sql_completion_parent_class)->finalize (object);
}

static void
lk_sql_completion_class_init (LkSqlCompletionClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = lk_sql_completion_finalize;
}

static void
lk_sql_completion_init (LkSqlCompletion *self)
{
  self->proposals = g_list_store_new (LK_TYPE_SQL_PROPOSAL);
  add_fields (self);
  add_macros (self);
  add_words (self);
}

/**
 * lk_sql_completion_new:
 *
 * Returns: (transfer full): a provider for a view's completion
 */
GtkSourceCompletionProvider *
lk_sql_completion_new (void)
{
  return g_object_new (LK_TYPE_SQL_COMPLETION, NULL);
}
