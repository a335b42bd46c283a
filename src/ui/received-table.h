/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "engine/receiver.h"

G_BEGIN_DECLS

/* The table of the Test Receiver: what arrived, newest first. */

GtkSingleSelection *lk_received_table_set_up (GtkColumnView *view);
void lk_received_table_add (GtkColumnView *view, GPtrArray *arrived, guint max);
void lk_received_table_clear (GtkColumnView *view);
guint lk_received_table_count (GtkColumnView *view);
const LkReceived *lk_received_table_get_selected (GtkColumnView *view);

G_END_DECLS
