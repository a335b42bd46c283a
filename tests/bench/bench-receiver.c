/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * A quick loopback receiver for the benchmarks: one thread, epoll, HTTP/1.1 with keep-alive. It
 * checks X-QLM-Signature of every request, so that a sender that signs wrongly cannot look fast.
 *
 * usage: bench-receiver SECRET [FAIL-PERCENT [DELAY-MS]]
 *
 * Of FAIL-PERCENT of the webhook ids the first request is answered with 503. Prints its port, then,
 * when its standard input closes, a line
 * `{"requests":N,"valid":N,"ids":N,"failed":N}`: requests seen, correctly signed ones, different
 * webhook ids, and how many it answered with 503 on purpose.
 */

#define G_LOG_DOMAIN "bench-receiver"

#include "config.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <glib.h>

#include "core/signature.h"

#define MAX_EVENTS  256
#define BUFFER_SIZE 65536

typedef struct
{
  int fd;
  gsize used;
  gboolean is_waiting;
  char buffer[BUFFER_SIZE];
} Connection;

typedef struct
{
  Connection *connection;
  gint64 ready_at;
  gboolean fails;
} Answer;

typedef struct
{
  int epoll;
  const char *secret;
  int fail_percent;
  gint64 delay_us;
  GRand *random;
  GQueue answers; /* of Answer, by time: the delay is the same for all */
  GHashTable *ids;
  guint64 n_requests;
  guint64 n_valid;
  guint64 n_failed;
} Receiver;

static void
watch (Receiver *self, int fd, gpointer data)
{
  struct epoll_event event = { .events = EPOLLIN, .data.ptr = data };

  if (epoll_ctl (self->epoll, EPOLL_CTL_ADD, fd, &event) != 0)
    g_error ("epoll_ctl: %s", g_strerror (errno));
}

static int
listen_on_loopback (void)
{
  struct sockaddr_in address = { .sin_family = AF_INET };
  socklen_t length = sizeof address;
  int fd = socket (AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

  address.sin_addr.s_addr = htonl (INADDR_LOOPBACK);
  if (fd < 0 || bind (fd, (struct sockaddr *) &address, sizeof address) != 0
      || listen (fd, 1024) != 0 || getsockname (fd, (struct sockaddr *) &address, &length) != 0)
    g_error ("listen: %s", g_strerror (errno));
  printf ("%u\n", ntohs (address.sin_port));
  fflush (stdout);
  return fd;
}

static void
accept_all (Receiver *self, int listener)
{
  int fd;

  while ((fd = accept4 (listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC)) >= 0)
    {
      Connection *connection = g_new (Connection, 1);
      int one = 1;

      setsockopt (fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
      connection->fd = fd;
      connection->used = 0;
      connection->is_waiting = FALSE;
      watch (self, fd, connection);
    }
}

/* The value of a header in a request whose headers end at @end, as a new text; NULL if absent. */
static char *
find_header (const char *request, const char *end, const char *name)
{
  gsize length = strlen (name);

  for (const char *line = strstr (request, "\r\n"); line != NULL && line < end;
       line = strstr (line + 2, "\r\n"))
    if (g_ascii_strncasecmp (line + 2, name, length) == 0 && line[2 + length] == ':')
      {
        const char *value = line + 3 + length;
        const char *stop = strstr (value, "\r\n");

        return g_strstrip (g_strndup (value, stop - value));
      }
  return NULL;
}

/* Returns whether its webhook id is new. */
static gboolean
note_request (Receiver *self, const char *request, const char *end, GBytes *body)
{
  g_autofree char *signature = find_header (request, end, "X-QLM-Signature");
  g_autofree char *id = find_header (request, end, "webhook-id");

  self->n_requests++;
  if (signature != NULL && lk_signature_verify_qlm (body, self->secret, signature))
    self->n_valid++;

  return id != NULL && g_hash_table_add (self->ids, g_steal_pointer (&id));
}

static void
answer_now (Receiver *self, Connection *connection, gboolean fails)
{
  static const char good[] = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
  static const char bad[] = "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 4\r\n\r\nbusy";
  const char *text = fails ? bad : good;

  connection->is_waiting = FALSE;
  if (fails)
    self->n_failed++;
  if (write (connection->fd, text, strlen (text)) < 0)
    g_debug ("the sender went away: %s", g_strerror (errno));
}

static void
answer (Receiver *self, Connection *connection, gboolean is_new)
{
  gboolean fails = is_new && g_rand_int_range (self->random, 0, 100) < self->fail_percent;

  if (self->delay_us == 0)
    {
      answer_now (self, connection, fails);
      return;
    }
  Answer *later = g_new (Answer, 1);
  *later = (Answer){ connection, g_get_monotonic_time () + self->delay_us, fails };
  connection->is_waiting = TRUE;
  g_queue_push_tail (&self->answers, later);
}

/* Takes one whole request from the buffer, if there is one. */
static gboolean
take_request (Receiver *self, Connection *connection)
{
  const char *end, *body;
  gsize length, total;
  gboolean is_new;

  connection->buffer[connection->used] = '\0';
  end = strstr (connection->buffer, "\r\n\r\n");
  if (end == NULL || connection->is_waiting)
    return FALSE;

  g_autofree char *length_text = find_header (connection->buffer, end + 2, "Content-Length");
  length = length_text != NULL ? strtoul (length_text, NULL, 10) : 0;
  body = end + 4;
  total = (gsize) (body - connection->buffer) + length;
  if (connection->used < total)
    return FALSE;

  g_autoptr (GBytes) bytes = g_bytes_new (body, length);
  is_new = note_request (self, connection->buffer, end + 2, bytes);
  connection->used -= total;
  memmove (connection->buffer, connection->buffer + total, connection->used);
  answer (self, connection, is_new);
  return TRUE;
}

static void
serve (Receiver *self, Connection *connection)
{
  ssize_t n = read (connection->fd, connection->buffer + connection->used,
                    BUFFER_SIZE - 1 - connection->used);

  if (n < 0 && errno == EAGAIN)
    return;
  if (n <= 0)
    {
      close (connection->fd);
      connection->fd = -1;
      if (!connection->is_waiting)
        g_free (connection);
      return;
    }
  connection->used += (gsize) n;
  while (take_request (self, connection))
    ;
}

/* Answers what waited long enough; returns the milliseconds until the next one, -1 for none. */
static int
answer_due (Receiver *self)
{
  Answer *first;

  while ((first = g_queue_peek_head (&self->answers)) != NULL)
    {
      gint64 wait = first->ready_at - g_get_monotonic_time ();

      if (wait > 0)
        return (int) ((wait + 999) / 1000);
      g_queue_pop_head (&self->answers);
      if (first->connection->fd >= 0)
        answer_now (self, first->connection, first->fails);
      else
        g_free (first->connection);
      g_free (first);
    }
  return -1;
}

/* Until standard input closes. */
static void
run (Receiver *self, int listener)
{
  struct epoll_event events[MAX_EVENTS];

  watch (self, listener, &listener);
  watch (self, STDIN_FILENO, self);
  for (;;)
    {
      int n = epoll_wait (self->epoll, events, MAX_EVENTS, answer_due (self));

      for (int i = 0; i < n; i++)
        {
          if (events[i].data.ptr == self)
            return;
          if (events[i].data.ptr == &listener)
            accept_all (self, listener);
          else
            serve (self, events[i].data.ptr);
        }
    }
}

int
main (int argc, char *argv[])
{
  Receiver self = { 0 };

  if (argc < 2)
    g_error ("usage: bench-receiver SECRET [FAIL-PERCENT [DELAY-MS]]");
  self.secret = argv[1];
  self.fail_percent = argc > 2 ? atoi (argv[2]) : 0;
  self.delay_us = argc > 3 ? 1000 * (gint64) atoi (argv[3]) : 0;
  self.random = g_rand_new_with_seed (1);
  self.ids = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self.epoll = epoll_create1 (EPOLL_CLOEXEC);
  g_queue_init (&self.answers);

  run (&self, listen_on_loopback ());

  printf ("{\"requests\":%" G_GUINT64_FORMAT ",\"valid\":%" G_GUINT64_FORMAT ",\"ids\":%u,"
          "\"failed\":%" G_GUINT64_FORMAT "}\n",
          self.n_requests, self.n_valid, g_hash_table_size (self.ids), self.n_failed);
  return 0;
}
