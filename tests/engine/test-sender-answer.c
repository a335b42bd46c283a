/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What receivers answer, and what becomes of it. How the request gets there is in test-sender.c. */

#include "config.h"

#include <string.h>

#include "raw-server.h"
#include "sender-fixture.h"

/* What receivers do to us, and what must be in the log afterwards. */
typedef struct
{
  const char *name;
  RawScript script;
  LkOutcome outcome;
  int status;
  const char *error_class;
  gsize kept; /* bytes of the answer */
  gboolean truncated;
  gint64 retry_after_s;
  const char *location;
} Row;

#define OK_HEAD "HTTP/1.1 200 OK\r\n"
#define X64     "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
#define X1024   X64 X64 X64 X64 X64 X64 X64 X64 X64 X64 X64 X64 X64 X64 X64 X64

static const Row rows[] = {
  { "ok",
    { OK_HEAD "Content-Length: 2\r\n\r\nok" },
    LK_OUTCOME_SUCCESS,
    200,
    "",
    2,
    FALSE,
    -1,
    "" },
  { "no-content",
    { "HTTP/1.1 204 No Content\r\n\r\n" },
    LK_OUTCOME_SUCCESS,
    204,
    "",
    0,
    FALSE,
    -1,
    "" },
  { "until-close",
    { OK_HEAD "Connection: close\r\n\r\nall" },
    LK_OUTCOME_SUCCESS,
    200,
    "",
    3,
    FALSE,
    -1,
    "" },
  { "no-reason",
    { "HTTP/1.1 200\r\nContent-Length: 0\r\n\r\n" },
    LK_OUTCOME_SUCCESS,
    200,
    "",
    0,
    FALSE,
    -1,
    "" },
  { "server-error",
    { "HTTP/1.1 500 Oh\r\nContent-Length: 3\r\n\r\nbad" },
    LK_OUTCOME_FAILURE,
    500,
    "server-error",
    3,
    FALSE,
    -1,
    "" },
  { "client-error",
    { "HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n" },
    LK_OUTCOME_FAILURE,
    404,
    "client-error",
    0,
    FALSE,
    -1,
    "" },
  { "unauthorized",
    { "HTTP/1.1 401 No\r\nWWW-Authenticate: Basic realm=\"x\"\r\nContent-Length: 0\r\n\r\n" },
    LK_OUTCOME_FAILURE,
    401,
    "client-error",
    0,
    FALSE,
    -1,
    "" },
  { "gone",
    { "HTTP/1.1 410 Gone\r\nContent-Length: 0\r\n\r\n" },
    LK_OUTCOME_FAILURE,
    410,
    "gone",
    0,
    FALSE,
    -1,
    "" },
  { "throttled",
    { "HTTP/1.1 429 Slow\r\nRetry-After: 7\r\nContent-Length: 0\r\n\r\n" },
    LK_OUTCOME_FAILURE,
    429,
    "throttled",
    0,
    FALSE,
    7,
    "" },
  { "redirect",
    { "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/x\r\nContent-Length: 0\r\n\r\n" },
    LK_OUTCOME_FAILURE,
    302,
    "redirect",
    0,
    FALSE,
    -1,
    "http://127.0.0.1:1/x" },
  { "64-kib",
    { OK_HEAD "Content-Length: 65536\r\n\r\n", X1024, 64 },
    LK_OUTCOME_SUCCESS,
    200,
    "",
    65536,
    FALSE,
    -1,
    "" },
  { "65-kib",
    { OK_HEAD "Content-Length: 66560\r\n\r\n", X1024, 65 },
    LK_OUTCOME_SUCCESS,
    200,
    "",
    65536,
    TRUE,
    -1,
    "" },
  { "gigabyte",
    { OK_HEAD "Content-Length: 1073741824\r\n\r\n", X1024, 1048576 },
    LK_OUTCOME_SUCCESS,
    200,
    "",
    65536,
    TRUE,
    -1,
    "" },
  { "trickle",
    { OK_HEAD "Content-Length: 1000\r\n\r\n", "x", 1000, 20000 },
    LK_OUTCOME_SUCCESS,
    200,
    "",
    0,
    TRUE,
    -1,
    "" },
  { "short-body",
    { OK_HEAD "Content-Length: 10\r\n\r\nshort" },
    LK_OUTCOME_SUCCESS,
    200,
    "",
    5,
    TRUE,
    -1,
    "" },
  { "half-a-chunk",
    { OK_HEAD "Transfer-Encoding: chunked\r\n\r\n5\r\nab" },
    LK_OUTCOME_SUCCESS,
    200,
    "",
    2,
    TRUE,
    -1,
    "" },
  { "gzip-is-not-unpacked",
    { OK_HEAD "Content-Encoding: gzip\r\nContent-Length: 4\r\n\r\nzzzz" },
    LK_OUTCOME_SUCCESS,
    200,
    "",
    4,
    FALSE,
    -1,
    "" },
  { "never", { NULL, NULL, 0, 0, TRUE }, LK_OUTCOME_FAILURE, 0, "timeout", 0, FALSE, -1, "" },
  { "half-headers",
    { OK_HEAD "Content-Le", NULL, 0, 0, TRUE },
    LK_OUTCOME_FAILURE,
    0,
    "timeout",
    0,
    FALSE,
    -1,
    "" },
  { "reset", { NULL, NULL, 0, 0, FALSE, TRUE }, LK_OUTCOME_FAILURE, 0, "reset", 0, FALSE, -1, "" },
  { "hangs-up", { NULL }, LK_OUTCOME_FAILURE, 0, "reset", 0, FALSE, -1, "" },
  { "reset-in-headers",
    { OK_HEAD "X: ", NULL, 0, 0, FALSE, TRUE },
    LK_OUTCOME_FAILURE,
    0,
    "reset",
    0,
    FALSE,
    -1,
    "" },
  { "not-http",
    { "SSH-2.0-OpenSSH_9.2\r\n\r\n" },
    LK_OUTCOME_FAILURE,
    0,
    "protocol",
    0,
    FALSE,
    -1,
    "" },
  { "header-flood",
    { OK_HEAD, "X-Flood: " X1024 "\r\n", 1048576 },
    LK_OUTCOME_FAILURE,
    0,
    "reset",
    0,
    FALSE,
    -1,
    "" },
};

static void
test_misbehaviour (gconstpointer data)
{
  const Row *row = data;
  g_autoptr (RawServer) server = raw_server_new (&row->script);
  g_autofree char *url = g_strdup_printf ("http://127.0.0.1:%u/hook", raw_server_get_port (server));
  g_autoptr (LkReply) reply = sender_test_send_quickly (url);
  const LkAttempt *attempt = reply->attempt;

  g_assert_cmpint (attempt->outcome, ==, row->outcome);
  g_assert_cmpint (attempt->status, ==, row->status);
  g_assert_cmpstr (attempt->error_class, ==, row->error_class);
  g_assert_cmpint (attempt->retry_after_s, ==, row->retry_after_s);
  g_assert_cmpstr (attempt->location, ==, row->location);
  g_assert_cmpint (attempt->response_truncated, ==, row->truncated);
  if (row->kept > 0)
    g_assert_cmpuint (g_bytes_get_size (attempt->response_body), ==, row->kept);
  g_assert_true (reply->was_sent);
  g_assert_cmpint (attempt->latency_ms, >=, 0);
  g_assert_cmpint (attempt->latency_ms, <, 5000);
  g_assert_true (*attempt->cause != '\0' || row->outcome == LK_OUTCOME_SUCCESS);
  /* A gigabyte, or headers without an end, are not drained. */
  g_assert_cmpuint (raw_server_get_sent (server), <, 16 * 1024 * 1024);
}

static void
add_misbehaviour_tests (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *path = g_strconcat ("/sender/misbehaviour/", rows[i].name, NULL);

      g_test_add_data_func (path, &rows[i], test_misbehaviour);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  add_misbehaviour_tests ();

  return g_test_run ();
}
