/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <libsoup/soup.h>
#include <string.h>

#include "engine/sender.h"
#include "support/test-clock.h"
#include "support/test-folder.h"

/* Certificates of our own authority, made anew for each run: none is checked in, none expires. */
static const char make_certificates[] =
    "set -e\n"
    "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=TestCA -keyout ca.key -out "
    "ca.pem\n"
    "make () {\n"
    "  openssl req -newkey rsa:2048 -nodes -subj /CN=test -keyout $1.key -out $1.csr\n"
    "  printf 'subjectAltName=%s\\n' \"$2\" > $1.ext\n"
    "  openssl x509 -req -in $1.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days \"$3\""
    " -extfile $1.ext -out $1.crt\n"
    "  cat $1.crt $1.key > $1.pem\n"
    "}\n"
    "make good IP:127.0.0.1 2\n"
    "make other DNS:elsewhere.example 2\n"
    "make client DNS:client.example 2\n"
    "make expired IP:127.0.0.1 -1\n";

typedef struct
{
  const char *name;
  const char *server;    /* the receiver's certificate */
  gboolean trusted;      /* whether the task names the authority */
  gboolean wants_client; /* whether the receiver asks for a certificate */
  const char *client;    /* the task's */
  int status;
  const char *error_class;
  const char *cause; /* a word of it */
} Row;

static const Row rows[] = {
  { "good", "good.pem", TRUE, FALSE, "", 200, "", "" },
  { "unknown-authority", "good.pem", FALSE, FALSE, "", 0, "tls",
    "“CN=TestCA”, which signed the certificate of 127.0.0.1, is nobody" },
  { "expired", "expired.pem", TRUE, FALSE, "", 0, "tls", " ago (on 20" },
  { "wrong-host", "other.pem", TRUE, FALSE, "", 0, "tls",
    "is for elsewhere.example and not for 127.0.0.1" },
  { "client", "good.pem", TRUE, TRUE, "client.pem", 200, "", "" },
  { "no-client", "good.pem", TRUE, TRUE, "", 0, NULL, "" },
  { "missing-client-file", "good.pem", TRUE, TRUE, "absent.pem", 0, "local", "" },
};

static TestFolder *shared_folder;

static gboolean
prepare (TestFolder *folder)
{
  g_autofree char *directory = test_folder_get_path (folder, ".");
  const char *const arguments[] = { "sh", "-c", make_certificates, NULL };
  int status = 1;

  return g_spawn_sync (directory, (char **) arguments, NULL,
                       G_SPAWN_SEARCH_PATH | G_SPAWN_STDOUT_TO_DEV_NULL
                           | G_SPAWN_STDERR_TO_DEV_NULL,
                       NULL, NULL, NULL, NULL, &status, NULL)
         && status == 0;
}

static void
answer_cb (SoupServer *server, SoupServerMessage *message, const char *path, GHashTable *query,
           gpointer user_data)
{
  soup_server_message_set_status (message, 200, NULL);
}

static gboolean
accept_certificate_cb (SoupServerMessage *message, GTlsCertificate *certificate,
                       GTlsCertificateFlags errors, gpointer user_data)
{
  g_test_message ("the client's certificate has the errors %d", (int) errors);

  return errors == 0;
}

static void
request_started_cb (SoupServer *server, SoupServerMessage *message, gpointer user_data)
{
  g_signal_connect (message, "accept-certificate", G_CALLBACK (accept_certificate_cb), NULL);
}

static SoupServer *
make_server (const Row *row)
{
  g_autofree char *path = test_folder_get_path (shared_folder, row->server);
  g_autofree char *authority = test_folder_get_path (shared_folder, "ca.pem");
  g_autoptr (GError) error = NULL;
  g_autoptr (GTlsCertificate) certificate = g_tls_certificate_new_from_file (path, &error);
  g_autoptr (GTlsDatabase) database = NULL;
  SoupServer *server;

  g_assert_no_error (error);
  server = soup_server_new ("tls-certificate", certificate, NULL);
  if (row->wants_client)
    {
      database = g_tls_file_database_new (authority, &error);
      g_assert_no_error (error);
      g_object_set (server, "tls-database", database, "tls-auth-mode",
                    G_TLS_AUTHENTICATION_REQUIRED, NULL);
    }
  g_signal_connect (server, "request-started", G_CALLBACK (request_started_cb), NULL);
  soup_server_add_handler (server, NULL, answer_cb, NULL, NULL);
  soup_server_listen_local (server, 0, SOUP_SERVER_LISTEN_HTTPS | SOUP_SERVER_LISTEN_IPV4_ONLY,
                            &error);
  g_assert_no_error (error);

  return server;
}

static char *
get_url (SoupServer *server)
{
  GSList *uris = soup_server_get_uris (server);
  char *url = g_uri_to_string (uris->data);

  g_slist_free_full (uris, (GDestroyNotify) g_uri_unref);

  return url;
}

static LkRequest *
make_request (const Row *row, SoupServer *server)
{
  LkRequest *request = lk_request_new ();

  request->url = get_url (server);
  request->body = g_bytes_new_static ("{}", 2);
  request->webhook_id = g_strdup ("msg_p5jXN8AQM9LWM0D4loKWxJek");
  request->secrets = g_strsplit ("hush", "|", -1);
  request->ca_file = row->trusted ? test_folder_get_path (shared_folder, "ca.pem") : NULL;
  if (*row->client != '\0')
    request->client_certificate = test_folder_get_path (shared_folder, row->client);

  return request;
}

/* One after the other, and within the total. */
static void
assert_phases (const LkAttempt *attempt)
{
  g_assert_cmpint (attempt->dns_us, >=, 0);
  g_assert_cmpint (attempt->connect_us, >=, attempt->dns_us);
  g_assert_cmpint (attempt->tls_us, >, attempt->connect_us);
  g_assert_cmpint (attempt->first_byte_us, >, attempt->tls_us);
  g_assert_cmpint (attempt->first_byte_us, <, ((gint64) attempt->latency_ms + 1) * 1000);
}

static void
test_row (gconstpointer data)
{
  const Row *row = data;
  g_autoptr (LkTestClock) clock = lk_test_clock_new (LK_DAY);
  g_autoptr (LkSender) sender = lk_sender_new (LK_CLOCK (clock), G_PRIORITY_DEFAULT);
  g_autoptr (SoupServer) server = make_server (row);
  g_autoptr (LkRequest) request = make_request (row, server);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (LkReply) reply = NULL;

  lk_sender_send_async (sender, request, NULL, test_result_cb, &result);
  test_wait (&result);
  reply = lk_sender_send_finish (sender, result);

  g_test_message ("%s", reply->attempt->cause);
  g_assert_cmpint (reply->attempt->status, ==, row->status);
  if (row->error_class != NULL)
    g_assert_cmpstr (reply->attempt->error_class, ==, row->error_class);
  g_assert_nonnull (strstr (reply->attempt->cause, row->cause));
  if (row->status == 200)
    assert_phases (reply->attempt);
  /* No request was made, so none is recorded. */
  g_assert_true ((*reply->attempt->request_headers == '\0')
                 == (g_strcmp0 (row->error_class, "local") == 0));
}

int
main (int argc, char *argv[])
{
  int status;

  g_test_init (&argc, &argv, NULL);

  shared_folder = test_folder_new ();
  if (!g_tls_backend_supports_tls (g_tls_backend_get_default ()) || !prepare (shared_folder))
    {
      g_print ("1..0 # SKIP no TLS module, or no openssl program\n");
      test_folder_free (shared_folder);
      return 0;
    }

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *path = g_strconcat ("/sender-tls/", rows[i].name, NULL);

      g_test_add_data_func (path, &rows[i], test_row);
    }
  status = g_test_run ();
  test_folder_free (shared_folder);

  return status;
}
