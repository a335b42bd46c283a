/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "ui/condition-bar.h"
#include "ui/empty-state.h"
#include "ui/keys-page.h"
#include "ui/search-panel.h"

G_BEGIN_DECLS

struct _LkKeysPage
{
  GtkWidget parent_instance;

  GtkPaned *paned;
  GtkDropDown *servers;
  GtkSearchEntry *find;
  LkConditionBar *conditions;
  GtkWidget *problem_bar;
  GtkLabel *problem;
  GtkStack *stack;
  GtkColumnView *view;
  LkEmptyState *state;
  LkSearchPanel *panel;
  GtkPopoverMenu *menu_popover;

  LkContext *context;
  LkCatalog *catalog;
  LkLicenseList *list;
  LkKeySelection *selection;
  LkKeyColumns *columns;

  LkLicenseServer *server; /* NULL until it is open */
  gint64 server_id;
  gint64 server_version;
  gint64 search_id;
  gint64 search_version;
  GCancellable *server_cancellable;
  GCancellable *query_cancellable;
  GError *failure; /* why the licenses could not be read */
  gboolean loading;
  gboolean filling; /* the drop-down of servers is being filled */
  guint refresh_source;

  const LkLicenseField *menu_field;
  LkLicenseRow *menu_row;
};

/* keys-page.c */
void lk_keys_page_tell_changed (LkKeysPage *self);

/* keys-page-query.c: what the grid asks for, and what it says when there is nothing to show */
LkLicenseQuery *lk_keys_page_build_query (LkKeysPage *self, GError **error);
gboolean lk_keys_page_is_narrowed (LkKeysPage *self);
void lk_keys_page_update_state (LkKeysPage *self);

/* keys-page-menu.c: the context menu of a license */
void lk_keys_page_add_menu_keys (GtkWidgetClass *widget_class);
void lk_keys_page_add_menu (LkKeysPage *self);

G_END_DECLS
