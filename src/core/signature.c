/* SPDX-License-Identifier: GPL-3.0-or-later */

/* SHA-256 by Nettle, which has the processor do it: a fifth of the time of GLib's, and signing is
 * the largest part of our own work on a request. */

#define G_LOG_DOMAIN "lk-signature"

#include "config.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <inttypes.h>
#include <nettle/base16.h>
#include <nettle/hmac.h>
#include <nettle/sha2.h>
#include <string.h>
#include <sys/random.h>

#include "core/error.h"
#include "core/signature.h"
#include "core/text-check.h"

#define SECRET_PREFIX       "whsec_"
#define SECRET_RANDOM_BYTES 24
#define ID_PREFIX           "msg_"
#define ID_TIME_LETTERS     10 /* 5 bits each */
#define ID_RANDOM_LETTERS   16
#define TOLERANCE_S         (5 * 60)

/* RFC 4648, section 6. */
static const char base32_letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/* A guessable secret or id would be worse than none, so a kernel that gives no random bytes ends
 * the program. */
static void
fill_with_random (guint8 *bytes, gsize n_bytes)
{
  gsize done = 0;

  while (done < n_bytes)
    {
      gssize got = getrandom (bytes + done, n_bytes - done, 0);

      if (got > 0)
        done += (gsize) got;
      else if (errno != EINTR)
        g_error ("the kernel gives no random bytes: %s", g_strerror (errno));
    }
}

static gboolean
is_strict_base64 (const char *text)
{
  gsize length = strlen (text);
  gsize letters = strspn (text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/");

  return letters > 0 && length % 4 == 0 && length - letters <= 2
         && strspn (text + letters, "=") == length - letters;
}

/* Standard Webhooks, "Signature scheme": what follows the prefix is the key in base64. */
static guint8 *
get_key (const char *secret, gsize *length)
{
  const char *encoded = secret + strlen (SECRET_PREFIX);

  if (g_str_has_prefix (secret, SECRET_PREFIX) && is_strict_base64 (encoded))
    return g_base64_decode (encoded, length);

  *length = strlen (secret);
  return g_memdup2 (secret, *length);
}

static void
update (struct hmac_sha256_ctx *hmac, const char *text)
{
  hmac_sha256_update (hmac, strlen (text), (const guint8 *) text);
}

static char *
sign_standard (GBytes *body, const char *secret, const char *webhook_id, const char *timestamp)
{
  gsize key_length, size;
  const guint8 *data = g_bytes_get_data (body, &size);
  guint8 *key = get_key (secret, &key_length);
  g_autofree char *encoded = NULL;
  guint8 digest[SHA256_DIGEST_SIZE];
  struct hmac_sha256_ctx hmac;

  hmac_sha256_set_key (&hmac, key_length, key);
  update (&hmac, webhook_id);
  update (&hmac, ".");
  update (&hmac, timestamp);
  update (&hmac, ".");
  hmac_sha256_update (&hmac, size, data);
  hmac_sha256_digest (&hmac, sizeof digest, digest);
  explicit_bzero (&hmac, sizeof hmac);
  explicit_bzero (key, key_length);
  g_free (key);

  encoded = g_base64_encode (digest, sizeof digest);

  return g_strconcat ("v1,", encoded, NULL);
}

/* The time this takes tells nothing about where the texts differ. */
static gboolean
equal_in_constant_time (const char *a, const char *b)
{
  gsize length = strlen (a);
  guint8 difference = 0;

  if (strlen (b) != length)
    return FALSE;

  for (gsize i = 0; i < length; i++)
    difference |= (guint8) a[i] ^ (guint8) b[i];

  return difference == 0;
}

/**
 * lk_signature_qlm:
 * @body: the exact bytes that are sent
 * @secret: the secret as typed, prefix and all
 *
 * Computes `X-QLM-Signature` as a receiver written for Quick License Manager does: in PHP,
 * `hash('sha256', $body . $secret)`.
 *
 * Thread: any.
 *
 * Returns: (transfer full): 64 lower-case hexadecimal digits: SHA-256 of the body's bytes followed
 *   by the secret's
 */
char *
lk_signature_qlm (GBytes *body, const char *secret)
{
  guint8 digest[SHA256_DIGEST_SIZE];
  struct sha256_ctx checksum;
  const guint8 *data;
  gsize size;
  char *hex;

  g_return_val_if_fail (body != NULL && secret != NULL, NULL);

  data = g_bytes_get_data (body, &size);
  sha256_init (&checksum);
  sha256_update (&checksum, size, data);
  sha256_update (&checksum, strlen (secret), (const guint8 *) secret);
  sha256_digest (&checksum, sizeof digest, digest);

  hex = g_malloc0 (BASE16_ENCODE_LENGTH (sizeof digest) + 1);
  base16_encode_update (hex, sizeof digest, digest);

  return hex;
}

/**
 * lk_signature_standard:
 * @body: the exact bytes that are sent
 * @secrets: (array zero-terminated=1): the newest secret first; further ones while a rotation lasts
 * @webhook_id: what is sent as `webhook-id`
 * @timestamp_s: what is sent as `webhook-timestamp`: seconds since 1970-01-01 UTC
 *
 * Computes `webhook-signature` by the Standard Webhooks specification, "Signature scheme": base64
 * of HMAC-SHA256 over `id.timestamp.body`. The key is the decoded part of a `whsec_` secret, or the
 * bytes of any other secret.
 *
 * Thread: any.
 *
 * Returns: (transfer full): a `v1,...` signature per secret, separated by blanks
 */
char *
lk_signature_standard (GBytes *body, const char *const *secrets, const char *webhook_id,
                       gint64 timestamp_s)
{
  g_autoptr (GStrvBuilder) signatures = g_strv_builder_new ();
  g_autofree char *timestamp = g_strdup_printf ("%" G_GINT64_FORMAT, timestamp_s);
  g_auto (GStrv) parts = NULL;

  g_return_val_if_fail (body != NULL && secrets != NULL && webhook_id != NULL, NULL);

  for (gsize i = 0; secrets[i] != NULL; i++)
    {
      g_autofree char *signature = sign_standard (body, secrets[i], webhook_id, timestamp);

      g_strv_builder_add (signatures, signature);
    }
  parts = g_strv_builder_end (signatures);

  return g_strjoinv (" ", parts);
}

/**
 * lk_signature_verify_qlm:
 * @body: the bytes that arrived
 * @secret: the secret as typed
 * @header: (nullable): what arrived as `X-QLM-Signature`
 *
 * Returns: whether the signature is right
 */
gboolean
lk_signature_verify_qlm (GBytes *body, const char *secret, const char *header)
{
  g_autofree char *expected = lk_signature_qlm (body, secret);

  return header != NULL && equal_in_constant_time (expected, header);
}

static gboolean
check_timestamp (const char *timestamp, gint64 now_s, GError **error)
{
  gint64 sent_s;

  if (!g_ascii_string_to_signed (timestamp, 10, 0, G_MAXINT64, &sent_s, NULL))
    {
      g_set_error (error, LK_ERROR, LK_ERROR_INVALID,
                   _ ("webhook-timestamp “%s” is not a number of seconds"), timestamp);
      return FALSE;
    }

  if (sent_s < now_s - TOLERANCE_S || sent_s > now_s + TOLERANCE_S)
    {
      g_set_error (error, LK_ERROR, LK_ERROR_INVALID,
                   _ ("webhook-timestamp is %" PRId64
                      " seconds away from this machine’s clock, more than %d: set the clocks"),
                   (gint64) ABS (now_s - sent_s), TOLERANCE_S);
      return FALSE;
    }

  return TRUE;
}

/**
 * lk_signature_verify_standard:
 * @body: the bytes that arrived
 * @secret: the secret as typed
 * @webhook_id: (nullable): what arrived as `webhook-id`
 * @timestamp: (nullable): what arrived as `webhook-timestamp`
 * @header: (nullable): what arrived as `webhook-signature`; one of its signatures must be right
 * @now_s: the present, in seconds since 1970-01-01 UTC
 * @error: %LK_ERROR_INVALID that says what is wrong
 *
 * Verifies as the Standard Webhooks specification asks for, with a tolerance of five minutes.
 *
 * Returns: whether the signature is right and recent
 */
gboolean
lk_signature_verify_standard (GBytes *body, const char *secret, const char *webhook_id,
                              const char *timestamp, const char *header, gint64 now_s,
                              GError **error)
{
  g_autofree char *expected = NULL;
  g_auto (GStrv) signatures = NULL;
  gboolean found = FALSE;

  g_return_val_if_fail (body != NULL && secret != NULL, FALSE);

  if (webhook_id == NULL || timestamp == NULL || header == NULL)
    {
      g_set_error (error, LK_ERROR, LK_ERROR_INVALID,
                   _ ("webhook-id, webhook-timestamp or webhook-signature is missing: switch on "
                      "Standard Webhooks in the task"));
      return FALSE;
    }
  if (!check_timestamp (timestamp, now_s, error))
    return FALSE;

  expected = sign_standard (body, secret, webhook_id, timestamp);
  signatures = g_strsplit (header, " ", -1);
  for (gsize i = 0; signatures[i] != NULL; i++)
    found |= equal_in_constant_time (expected, signatures[i]);
  if (!found)
    g_set_error (error, LK_ERROR, LK_ERROR_INVALID,
                 _ ("webhook-signature does not match: the secrets differ, or the body was changed "
                    "on its way"));

  return found;
}

/**
 * lk_secret_generate:
 *
 * Returns: (transfer full): a new secret: `whsec_` and 24 random bytes of the kernel in base64
 */
char *
lk_secret_generate (void)
{
  g_autofree char *encoded = NULL;
  guint8 bytes[SECRET_RANDOM_BYTES];

  fill_with_random (bytes, sizeof bytes);
  encoded = g_base64_encode (bytes, sizeof bytes);
  explicit_bzero (bytes, sizeof bytes);

  return g_strconcat (SECRET_PREFIX, encoded, NULL);
}

/**
 * lk_secret_check:
 * @secret: a secret as typed
 * @error: %LK_ERROR_INVALID or %LK_ERROR_ENCODING when it is no good; the secret is not in it
 *
 * A secret is not blank, stands on one line, and what follows `whsec_` is base64, because receivers
 * decode it.
 *
 * Returns: whether the secret can be used
 */
gboolean
lk_secret_check (const char *secret, GError **error)
{
  const char *problem = NULL;

  g_return_val_if_fail (secret != NULL, FALSE);

  if (!lk_text_check (secret, error))
    return FALSE;

  if (lk_text_is_blank (secret))
    problem = _ ("the secret is blank: type or generate one, so that the receiver can tell who "
                 "sends");
  else if (strpbrk (secret, "\r\n") != NULL)
    problem = _ ("the secret has a line break: it must stand on one line");
  else if (g_str_has_prefix (secret, SECRET_PREFIX)
           && !is_strict_base64 (secret + strlen (SECRET_PREFIX)))
    problem = _ ("the secret starts with whsec_ but goes on with something other than base64: copy "
                 "it again, or generate one");

  if (problem != NULL)
    g_set_error_literal (error, LK_ERROR, LK_ERROR_INVALID, problem);

  return problem == NULL;
}

/**
 * lk_webhook_id_new:
 * @now: when the webhook is made
 *
 * Ids of the same time begin alike, as those of other senders of Standard Webhooks do: an index of
 * wholly random ones would have each row change another page.
 *
 * Thread: any.
 *
 * Returns: (transfer full): a new `webhook-id`: `msg_` and 26 base32 characters, 10 for the
 *   milliseconds since 1970-01-01 UTC and 16 random ones
 */
char *
lk_webhook_id_new (LkInstant now)
{
  char id[sizeof ID_PREFIX + ID_TIME_LETTERS + ID_RANDOM_LETTERS] = ID_PREFIX;
  char *letter = id + strlen (ID_PREFIX);
  guint64 milliseconds = (guint64) now / 1000;
  guint8 bytes[ID_RANDOM_LETTERS];

  for (int shift = 5 * (ID_TIME_LETTERS - 1); shift >= 0; shift -= 5)
    *letter++ = base32_letters[(milliseconds >> shift) % 32];

  fill_with_random (bytes, sizeof bytes);
  for (gsize i = 0; i < sizeof bytes; i++)
    *letter++ = base32_letters[bytes[i] % 32];

  return g_strdup (id);
}
