/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-application"

#include "config.h"

#include <glib-unix.h>
#include <glib/gi18n.h>

#include "engine/context.h"
#include "engine/system-clock.h"
#include "ui/alerts.h"
#include "ui/application.h"
#include "ui/color-scheme.h"
#include "ui/message.h"
#include "ui/ui-init.h"
#include "ui/window.h"

/* How long closing the console waits for requests in flight, in seconds: when a person closes it,
 * and when a signal ends it. */
#define STOP_GRACE_S   10
#define SIGNAL_GRACE_S 4

struct _LkApplication
{
  GtkApplication parent_instance;

  char *folder;
  LkContext *context;
  LkColorScheme *color_scheme;
  gboolean stopping;
  guint grace_s;
  guint sigint_id;
  guint sigterm_id;
  int exit_status;
};

G_DEFINE_FINAL_TYPE (LkApplication, lk_application, GTK_TYPE_APPLICATION)

static const GOptionEntry options[] = {
  { "workspace", 'w', G_OPTION_FLAG_NONE, G_OPTION_ARG_FILENAME, NULL,
    N_ ("Folder of the workspace to open"), N_ ("DIR") },
  { "version", 0, G_OPTION_FLAG_NONE, G_OPTION_ARG_NONE, NULL, N_ ("Print the version"), NULL },
  { NULL },
};

static LkWorkspace *
open_workspace (const char *folder, GError **error)
{
  g_autofree char *database = g_build_filename (folder, "workspace.db", NULL);

  if (!g_file_test (database, G_FILE_TEST_EXISTS) && !lk_workspace_create (folder, error))
    return NULL;

  return lk_workspace_open (folder, error);
}

static gboolean
ensure_context (LkApplication *self, GError **error)
{
  g_autoptr (LkWorkspace) workspace = NULL;
  g_autoptr (LkClock) clock = NULL;

  if (self->context != NULL)
    return TRUE;

  workspace = open_workspace (self->folder, error);
  if (workspace == NULL)
    return FALSE;

  clock = lk_system_clock_new ();
  self->context = lk_context_new (workspace, clock, LK_HOLDER_CONSOLE);
  lk_alerts_watch (G_APPLICATION (self), self->context);
  lk_context_start (self->context);

  return TRUE;
}

static void
stopped_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (LkApplication) self = user_data;
  g_autoptr (GError) error = NULL;

  g_assert (LK_IS_CONTEXT (source));

  if (!lk_context_stop_finish (LK_CONTEXT (source), result, &error))
    {
      g_printerr ("%s: %s\n", g_get_prgname (), error->message);
      self->exit_status = 1;
    }
  lk_workspace_close (lk_context_get_workspace (self->context));
  g_clear_object (&self->context);
  g_application_release (G_APPLICATION (self));
}

/* The last window is gone: the application lives on until what is in flight is settled. */
static void
lk_application_window_removed (GtkApplication *application, GtkWindow *window)
{
  LkApplication *self = LK_APPLICATION (application);

  if (LK_IS_WINDOW (window) && self->context != NULL && !self->stopping)
    {
      self->stopping = TRUE;
      g_application_hold (G_APPLICATION (self));
      lk_context_stop_async (self->context, self->grace_s, stopped_cb, g_object_ref (self));
    }

  GTK_APPLICATION_CLASS (lk_application_parent_class)->window_removed (application, window);
}

static void
trouble_closed_cb (GtkDialog *dialog, int response, gpointer user_data)
{
  g_assert (GTK_IS_DIALOG (dialog));

  g_application_release (G_APPLICATION (user_data));
}

static void
show_trouble (LkApplication *self, const GError *error)
{
  GtkWindow *dialog;

  g_printerr ("%s: %s\n", g_get_prgname (), error->message);
  self->exit_status = 1;

  g_application_hold (G_APPLICATION (self));
  dialog = lk_message_show_error (NULL, _ ("The Workspace Could Not Be Opened"), error);
  g_signal_connect (dialog, "response", G_CALLBACK (trouble_closed_cb), self);
}

static void
lk_application_activate (GApplication *application)
{
  LkApplication *self = LK_APPLICATION (application);
  GtkWindow *window = gtk_application_get_active_window (GTK_APPLICATION (self));
  g_autoptr (GError) error = NULL;

  if (window == NULL)
    {
      if (!ensure_context (self, &error))
        {
          show_trouble (self, error);
          return;
        }
      window = GTK_WINDOW (lk_window_new (GTK_APPLICATION (self), self->context));
    }

  gtk_window_present (window);
}

static int
lk_application_handle_local_options (GApplication *application, GVariantDict *dict)
{
  LkApplication *self = LK_APPLICATION (application);
  g_autofree char *folder = NULL;

  if (g_variant_dict_contains (dict, "version"))
    {
      g_print ("latchkey %s\n", LK_VERSION);
      return 0;
    }
  if (g_variant_dict_lookup (dict, "workspace", "^ay", &folder))
    {
      self->folder = g_canonicalize_filename (folder, NULL);
      /* One window per workspace, not one per user: two workspaces may be open side by side. */
      g_application_set_flags (application,
                               g_application_get_flags (application) | G_APPLICATION_NON_UNIQUE);
    }
  else
    self->folder = lk_workspace_get_default_folder ();

  return -1;
}

static void
quit_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  GList *windows = gtk_application_get_windows (GTK_APPLICATION (user_data));
  g_autoptr (GList) copy = g_list_copy (windows);

  for (GList *l = copy; l != NULL; l = l->next)
    gtk_window_close (l->data);
}

static void
about_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  GtkWindow *window = gtk_application_get_active_window (GTK_APPLICATION (user_data));

  gtk_show_about_dialog (window, "program-name", "Latchkey", "version", LK_VERSION,
                         "logo-icon-name", LK_APPLICATION_ID, "license-type", GTK_LICENSE_GPL_3_0,
                         "comments",
                         _ ("Administers license keys and tells your systems about them"), NULL);
}

/* What a click on a notification does. */
static void
present_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  g_application_activate (G_APPLICATION (user_data));
}

static const GActionEntry actions[] = {
  { "quit", quit_cb },
  { "about", about_cb },
  { "present", present_cb },
};

/* The session or a service manager wants an end soon: nobody is there to be asked about edits. What
 * is in flight is settled and the lease given back as when a person closes the window. */
static gboolean
signal_cb (gpointer user_data)
{
  LkApplication *self = LK_APPLICATION (user_data);
  GList *windows = gtk_application_get_windows (GTK_APPLICATION (self));
  g_autoptr (GList) copy = g_list_copy_deep (windows, (GCopyFunc) g_object_ref, NULL);

  self->grace_s = SIGNAL_GRACE_S;
  for (GList *l = copy; l != NULL; l = l->next)
    {
      gtk_window_destroy (l->data);
      g_object_unref (l->data);
    }

  return G_SOURCE_CONTINUE;
}

static void
lk_application_startup (GApplication *application)
{
  LkApplication *self = LK_APPLICATION (application);

  G_APPLICATION_CLASS (lk_application_parent_class)->startup (application);
  self->sigint_id = g_unix_signal_add (SIGINT, signal_cb, self);
  self->sigterm_id = g_unix_signal_add (SIGTERM, signal_cb, self);

  lk_ui_init ();
  self->color_scheme = lk_color_scheme_new (gtk_settings_get_default ());
  gtk_window_set_default_icon_name (LK_APPLICATION_ID);
  g_action_map_add_action_entries (G_ACTION_MAP (application), actions, G_N_ELEMENTS (actions),
                                   application);
  gtk_application_set_accels_for_action (GTK_APPLICATION (application), "app.quit",
                                         (const char *const[]){ "<Control>q", NULL });
}

static void
lk_application_finalize (GObject *object)
{
  LkApplication *self = LK_APPLICATION (object);

  g_clear_handle_id (&self->sigint_id, g_source_remove);
  g_clear_handle_id (&self->sigterm_id, g_source_remove);
  g_clear_pointer (&self->folder, g_free);
  g_clear_object (&self->context);
  g_clear_object (&self->color_scheme);

  G_OBJECT_CLASS (lk_application_parent_class)->finalize (object);
}

static void
lk_application_class_init (LkApplicationClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GApplicationClass *application_class = G_APPLICATION_CLASS (klass);

  object_class->finalize = lk_application_finalize;
  application_class->startup = lk_application_startup;
  application_class->activate = lk_application_activate;
  application_class->handle_local_options = lk_application_handle_local_options;
  GTK_APPLICATION_CLASS (klass)->window_removed = lk_application_window_removed;
}

static void
lk_application_init (LkApplication *self)
{
  self->grace_s = STOP_GRACE_S;
  g_application_add_main_option_entries (G_APPLICATION (self), options);
}

/**
 * lk_application_new:
 *
 * Returns: (transfer full): the console; run it with lk_application_run()
 */
LkApplication *
lk_application_new (void)
{
  return g_object_new (LK_TYPE_APPLICATION, "application-id", LK_APPLICATION_ID,
                       "resource-base-path", LK_RESOURCE_BASE, NULL);
}

/**
 * lk_application_run:
 * @self: the console
 * @argc: as main() got it
 * @argv: as main() got it
 *
 * Runs the console until its last window is closed and what was in flight is settled.
 *
 * Returns: the exit status: 0 done, 1 when the workspace could not be opened or closed in order
 */
int
lk_application_run (LkApplication *self, int argc, char **argv)
{
  int status;

  g_return_val_if_fail (LK_IS_APPLICATION (self), 1);

  status = g_application_run (G_APPLICATION (self), argc, argv);

  return status != 0 ? status : self->exit_status;
}
