/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-system-clock"

#include "config.h"

#include <errno.h>
#include <gio/gio.h>
#include <gio/gunixconnection.h>
#include <gio/gunixsocketaddress.h>
#include <glib-unix.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "engine/system-clock.h"

#define LOGIND_NAME      "org.freedesktop.login1"
#define LOGIND_PATH      "/org/freedesktop/login1"
#define LOGIND_INTERFACE "org.freedesktop.login1.Manager"

/* The year 2223: later than any alarm, and what the kernel's 64 bits of nanoseconds still hold. */
#define FAR_FUTURE (G_GINT64_CONSTANT (8000000000) * LK_SECOND)

struct _LkSystemClock
{
  GObject parent_instance;

  GSource *watch; /* tells when the wall clock is set */
  GDBusConnection *bus;
  guint sleep_subscription;
  GCancellable *cancellable;
};

/* An alarm or the watch: a timerfd that counts wall-clock time. */
typedef struct
{
  GSource parent;
  int fd;
  gpointer tag;
  LkInstant when;
  gboolean is_watch;
} TimerSource;

static void lk_system_clock_iface_init (LkClockInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (LkSystemClock, lk_system_clock, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (LK_TYPE_CLOCK, lk_system_clock_iface_init))

/* The kernel refuses a moment that is not after 1970, and takes zero for "disarm". */
static void
arm (TimerSource *timer)
{
  LkInstant when = CLAMP (timer->when, 1, FAR_FUTURE);
  struct itimerspec spec = {
    .it_value = { .tv_sec = when / LK_SECOND, .tv_nsec = (when % LK_SECOND) * 1000 },
  };

  if (timerfd_settime (timer->fd, TFD_TIMER_ABSTIME | TFD_TIMER_CANCEL_ON_SET, &spec, NULL) != 0)
    g_warning ("cannot arm a timer: %s", g_strerror (errno));
}

static gboolean
timer_source_dispatch (GSource *source, GSourceFunc callback, gpointer user_data)
{
  TimerSource *timer = (TimerSource *) source;
  guint64 expirations;
  gboolean expired =
      read (timer->fd, &expirations, sizeof expirations) == (ssize_t) sizeof expirations;

  if (!expired && errno != ECANCELED)
    return G_SOURCE_CONTINUE;

  /* A cancelled timer stays silent until it is armed again. */
  if (!expired || timer->is_watch)
    arm (timer);

  return callback != NULL ? callback (user_data) : G_SOURCE_REMOVE;
}

static void
timer_source_finalize (GSource *source)
{
  TimerSource *timer = (TimerSource *) source;

  if (timer->fd >= 0)
    close (timer->fd);
}

static GSourceFuncs timer_source_funcs = {
  .dispatch = timer_source_dispatch,
  .finalize = timer_source_finalize,
};

static GSource *
timer_source_new (LkInstant when, gboolean is_watch)
{
  GSource *source = g_source_new (&timer_source_funcs, sizeof (TimerSource));
  TimerSource *timer = (TimerSource *) source;

  timer->when = when;
  timer->is_watch = is_watch;
  timer->fd = timerfd_create (CLOCK_REALTIME, TFD_NONBLOCK | TFD_CLOEXEC);
  if (timer->fd < 0)
    g_error ("cannot make a timer: %s", g_strerror (errno));

  timer->tag = g_source_add_unix_fd (source, timer->fd, G_IO_IN);
  arm (timer);

  return source;
}

static gboolean
wall_clock_set_cb (gpointer user_data)
{
  lk_clock_emit_jumped (user_data);

  return G_SOURCE_CONTINUE;
}

static void
prepare_for_sleep_cb (GDBusConnection *bus, const char *sender, const char *path,
                      const char *interface, const char *signal, GVariant *parameters,
                      gpointer user_data)
{
  LkSystemClock *self = user_data;
  gboolean going_to_sleep = TRUE;

  g_assert (LK_IS_SYSTEM_CLOCK (self));

  if (g_variant_is_of_type (parameters, G_VARIANT_TYPE ("(b)")))
    g_variant_get (parameters, "(b)", &going_to_sleep);

  if (!going_to_sleep)
    lk_clock_emit_jumped (LK_CLOCK (self));
}

/* A machine without a system bus has no logind to tell of sleep; the timers are right all the same.
 */
static void
got_bus_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  GDBusConnection *bus = g_bus_get_finish (result, &error);
  LkSystemClock *self = user_data;

  if (bus == NULL)
    {
      g_debug ("no word of sleep and resume: %s", error->message);
      return;
    }

  g_assert (LK_IS_SYSTEM_CLOCK (self));

  g_dbus_connection_set_exit_on_close (bus, FALSE);
  self->bus = bus;
  self->sleep_subscription = g_dbus_connection_signal_subscribe (
      bus, LOGIND_NAME, LOGIND_INTERFACE, "PrepareForSleep", LOGIND_PATH, NULL,
      G_DBUS_SIGNAL_FLAGS_NONE, prepare_for_sleep_cb, self, NULL);
}

/* The bus connects in a thread of GLib's. Two threads can wait for each other for
 * ever when one of them is the first to use a type that has interfaces and the other, in the middle
 * of making a class, needs that type, too: the classes of libsoup's session do. So the types that
 * both use are made before the thread is. */
static void
make_types_of_bus (void)
{
  g_type_ensure (G_TYPE_SOCKET);
  g_type_ensure (G_TYPE_INET_SOCKET_ADDRESS);
  g_type_ensure (G_TYPE_PROXY_ADDRESS);
  g_type_ensure (G_TYPE_UNIX_SOCKET_ADDRESS);
  g_type_ensure (G_TYPE_UNIX_CONNECTION);
  g_type_ensure (G_TYPE_DATA_INPUT_STREAM);
  g_type_ensure (G_TYPE_MEMORY_INPUT_STREAM);
  g_type_ensure (G_TYPE_MEMORY_OUTPUT_STREAM);
  g_type_ensure (G_TYPE_DBUS_CONNECTION);
}

static LkInstant
lk_system_clock_now (LkClock *clock)
{
  return g_get_real_time ();
}

static GSource *
lk_system_clock_alarm_new (LkClock *clock, LkInstant when)
{
  GSource *source = timer_source_new (when, FALSE);

  g_source_set_static_name (source, "LkSystemClock alarm");

  return source;
}

static void
lk_system_clock_dispose (GObject *object)
{
  LkSystemClock *self = LK_SYSTEM_CLOCK (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);

  if (self->watch != NULL)
    g_source_destroy (self->watch);
  g_clear_pointer (&self->watch, g_source_unref);

  if (self->sleep_subscription != 0)
    g_dbus_connection_signal_unsubscribe (self->bus, self->sleep_subscription);
  self->sleep_subscription = 0;
  g_clear_object (&self->bus);

  G_OBJECT_CLASS (lk_system_clock_parent_class)->dispose (object);
}

static void
lk_system_clock_iface_init (LkClockInterface *iface)
{
  iface->now = lk_system_clock_now;
  iface->alarm_new = lk_system_clock_alarm_new;
}

static void
lk_system_clock_class_init (LkSystemClockClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = lk_system_clock_dispose;
}

static void
lk_system_clock_init (LkSystemClock *self)
{
  self->watch = timer_source_new (FAR_FUTURE, TRUE);
  g_source_set_static_name (self->watch, "LkSystemClock watch");
  g_source_set_callback (self->watch, wall_clock_set_cb, self, NULL);
  g_source_attach (self->watch, g_main_context_get_thread_default ());

  self->cancellable = g_cancellable_new ();
  make_types_of_bus ();
  g_bus_get (G_BUS_TYPE_SYSTEM, self->cancellable, got_bus_cb, self);
}

/**
 * lk_system_clock_new:
 *
 * Thread: the main loop, in which #LkClock::jumped is emitted.
 *
 * Returns: (transfer full): the real time
 */
LkClock *
lk_system_clock_new (void)
{
  return g_object_new (LK_TYPE_SYSTEM_CLOCK, NULL);
}
