/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "agent/call.h"
#include "core/clause.h"
#include "core/search.h"
#include "store/license-server.h"

G_BEGIN_DECLS

LkMacroContext *lk_search_text_get_context (LkCall *call, GError **error);
LkClause *lk_search_text_parse (LkCall *call, const char *sql, GError **error);
gboolean lk_search_text_check (LkClause *clause, const char *sql, GError **error);
LkLicenseQuery *lk_search_text_get_query (LkCall *call, const LkSearch *search, GError **error);
LkSearch *lk_search_text_get_search (LkCall *call, GError **error);
char *lk_search_text_describe (const char *sql, const LkProblem *problem);
void lk_search_text_add_json (JsonBuilder *builder, LkClause *clause);

G_END_DECLS
