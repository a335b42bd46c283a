/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>
#include <time.h>

#include "core/clause.h"
#include "core/license-field.h"
#include "store/sqlite-functions.h"

/*
 * Each idiom of the dialect runs on a few hundred rows in SQLite, and the rows that it finds are
 * compared with those that a predicate in C finds. The predicates know nothing of the program: they
 * say in C what SQL Server (or Access) would answer. They are true where the condition is true, and
 * false where it is false or unknown.
 *
 * "Now" is 2026-11-10 14:30:15.
 */

#define N_ROWS 504
#define NONE   G_MININT /* NULL in a column of numbers */

typedef struct
{
  int id;
  const char *name;
  const char *company;
  const char *email;
  const char *country;
  const char *zip;
  const char *model;
  const char *notes;
  const char *receipt;
  int product;
  int count;
  int disabled;
  int mail;
  const char *expiry;
  const char *ordered;
} Row;

static Row rows[N_ROWS + 1];

static const char *const names[] = { "John Smith", "JOHN SMITH", "Élodie Noël", "élodie noël",
                                     "O'Brien",    "Anna",       "anna ",       "Zoë Berg",
                                     "bob",        "Carla 50%",  NULL,          "_under",
                                     "Ωmega" };
static const char *const companies[] = {
  "Acme", "acme", NULL, "Beta & Sons", "", "gamma[1]", "Öl"
};
static const char *const emails[] = { "john@acme.test", "JOHN@ACME.TEST", "anna@beta.example", NULL,
                                      "z@gamma.test",   "no-at-sign",     "a_b@x.test",        "" };
static const char *const countries[] = { "US",  "us",         "DE",         "FR", NULL,
                                         "de ", "Österreich", "ÖSTERREICH", "AT" };
static const char *const zips[] = { "10115", "00501", NULL, "75001", "5" };
static const char *const models[] = {
  "subscription", "Subscription",       "subscription_floating", "trial",     "permanent",
  NULL,           "subscription_cloud", "trial_cloud",           "permanent", "trial",
  "none"
};
static const char *const notes[] = { NULL, "called", "CALLED twice  ", "50% off", "a-b", "x",
                                     "  ", "" };
static const char *const receipts[] = { "R1", "r1", "R2", "R3", NULL, "R4", "R5", "R6", "R7" };
static const int products[] = { 1, 2, 3, NONE, 7, 1, 10 };
static const int counts[] = { 0, 1, 5, 25, NONE, 100, -3, 14, 15, 2, 3 };
static const int flags[] = { 0, 1, 0, 0, 1, NONE, 1, 0 };
static const int mails[] = { 1, 0, 1 };
static const char *const expiries[] = {
  "2026-11-10 00:00:00", "2026-11-10 00:00:01", "2026-11-10 23:59:59", "2026-11-09 23:59:59",
  "2026-11-11 00:00:00", "2026-12-10 00:00:00", "2026-12-10 00:00:01", "2026-12-09 23:59:59",
  "2027-01-31 23:59:59", "2024-02-29 12:00:00", "2025-11-10 14:30:15", NULL,
  "2026-11-10 14:30:15", "2026-11-30 23:59:59", "2026-10-31 23:59:59", "2026-11-01 00:00:00",
  "2026-01-01 08:00:00",
};
static const char *const orders[] = {
  "2026-11-08 10:00:00", "2026-11-05 23:59:59", "2025-12-31 00:00:00", NULL,
  "2026-11-10 14:30:14", "2026-10-10 14:30:15", "2026-10-10 14:30:16", "2026-01-31 06:07:08",
  "2024-02-29 00:00:00", "2026-11-15 00:00:00", "2026-07-04 17:00:00", "2025-11-10 00:00:00",
  "2026-11-07 23:59:59",
};

#define PICK(array, i) ((array)[(i) % G_N_ELEMENTS (array)])

static void
fill_rows (void)
{
  for (int i = 0; i < N_ROWS; i++)
    rows[i] = (Row){ i + 1,
                     PICK (names, i),
                     PICK (companies, i),
                     PICK (emails, i),
                     PICK (countries, i),
                     PICK (zips, i),
                     PICK (models, i),
                     PICK (notes, i / 3),
                     PICK (receipts, i / 2),
                     PICK (products, i / 5),
                     PICK (counts, i),
                     PICK (flags, i),
                     PICK (mails, i),
                     PICK (expiries, i),
                     PICK (orders, i) };
}

/* Independent helpers. */

static char *
fold (const char *text)
{
  char *stripped = g_strdup (text);
  char *folded;

  for (gsize n = strlen (stripped); n > 0 && stripped[n - 1] == ' '; n--)
    stripped[n - 1] = '\0';
  folded = g_utf8_strdown (stripped, -1);
  g_free (stripped);

  return folded;
}

static gboolean
eq (const char *a, const char *b)
{
  g_autofree char *x = a != NULL ? fold (a) : NULL;
  g_autofree char *y = b != NULL ? fold (b) : NULL;

  return x != NULL && y != NULL && strcmp (x, y) == 0;
}

static gboolean
has (const char *text, const char *part)
{
  g_autofree char *x = text != NULL ? g_utf8_strdown (text, -1) : NULL;
  g_autofree char *y = g_utf8_strdown (part, -1);

  return x != NULL && strstr (x, y) != NULL;
}

static gboolean
starts (const char *text, const char *part)
{
  g_autofree char *x = text != NULL ? g_utf8_strdown (text, -1) : NULL;
  g_autofree char *y = g_utf8_strdown (part, -1);

  return x != NULL && g_str_has_prefix (x, y);
}

static gboolean
ends (const char *text, const char *part)
{
  g_autofree char *x = text != NULL ? g_utf8_strdown (text, -1) : NULL;

  return x != NULL && g_str_has_suffix (x, part);
}

static int
cmp (const char *a, const char *b)
{
  return strcmp (a, b);
}

static gboolean
between (const char *value, const char *low, const char *high)
{
  return value != NULL && cmp (value, low) >= 0 && cmp (value, high) <= 0;
}

static int
part (const char *date, int offset, int length)
{
  g_autofree char *digits = g_strndup (date + offset, length);

  return atoi (digits);
}

#define YEAR(d)  part ((d), 0, 4)
#define MONTH(d) part ((d), 5, 2)
#define DAY(d)   part ((d), 8, 2)
#define HOUR(d)  part ((d), 11, 2)

static int
julian (const char *date)
{
  GDate d;

  g_date_clear (&d, 1);
  g_date_set_dmy (&d, DAY (date), MONTH (date), YEAR (date));
  return g_date_get_julian (&d);
}

static int
weekday (const char *date)
{
  return julian (date) % 7; /* 1 January of year 1, day 1, was a Monday; 0 is Sunday */
}

static int
same_day (const char *date, const char *day)
{
  return date != NULL && strncmp (date, day, 10) == 0;
}

static int
count_receipt (const char *receipt)
{
  int n = 0;

  for (int i = 0; i < N_ROWS; i++)
    n += eq (rows[i].receipt, receipt) ? 1 : 0;
  return n;
}

static int
count_email (const char *email)
{
  int n = 0;

  for (int i = 0; i < N_ROWS; i++)
    n += eq (rows[i].email, email) ? 1 : 0;
  return n;
}

static const char *
newest_order (const char *receipt)
{
  const char *newest = NULL;

  for (int i = 0; i < N_ROWS; i++)
    if ((receipt == NULL || eq (rows[i].receipt, receipt)) && rows[i].ordered != NULL
        && (newest == NULL || cmp (rows[i].ordered, newest) > 0))
      newest = rows[i].ordered;
  return newest;
}

static int
utf8_length (const char *text)
{
  g_autofree char *stripped = g_strdup (text);

  for (gsize n = strlen (stripped); n > 0 && stripped[n - 1] == ' '; n--)
    stripped[n - 1] = '\0';
  return g_utf8_strlen (stripped, -1);
}

typedef struct
{
  const char *sql;
  gboolean (*matches) (const Row *r);
} Idiom;

#define PREDICATE(name, expression)                                                                \
  static gboolean name (const Row *r) { return (expression); }

PREDICATE (all, TRUE)
PREDICATE (nothing, FALSE)
PREDICATE (upcoming, r->expiry &&cmp (r->expiry, "2026-11-10 00:00:01") > 0
                         && cmp (r->expiry, "2026-12-10 00:00:01") < 0)
PREDICATE (expires_today, same_day (r->expiry, "2026-11-10"))
PREDICATE (expired, r->expiry &&cmp (r->expiry, "2026-11-10 14:30:15") < 0)
PREDICATE (this_month, between (r->expiry, "2026-11-01 00:00:01", "2026-11-30 23:59:59"))
PREDICATE (last_month, between (r->expiry, "2026-10-01 00:00:01", "2026-10-31 23:59:59"))
PREDICATE (yesterday, between (r->expiry, "2026-11-09 00:00:01", "2026-11-09 23:59:59"))
PREDICATE (month_ahead, r->expiry &&cmp (r->expiry, "2026-12-10 23:59:59") <= 0)
PREDICATE (hours_ahead, between (r->expiry, "2026-11-10 00:00:01", "2026-11-10 23:00:01"))
PREDICATE (five_days, r->ordered &&cmp (r->ordered, "2026-11-05 14:30:15") > 0)
PREDICATE (month_ago, r->ordered &&cmp (r->ordered, "2026-10-10 14:30:15") > 0)
PREDICATE (since_midnight, r->ordered &&cmp (r->ordered, "2026-11-10 00:00:00") >= 0)
PREDICATE (in_2026, r->ordered &&YEAR (r->ordered) == 2026)
PREDICATE (in_july, r->ordered &&MONTH (r->ordered) == 7)
PREDICATE (on_29th, r->ordered &&DAY (r->ordered) == 29 && MONTH (r->ordered) == 2)
PREDICATE (on_weekend, r->ordered && (weekday (r->ordered) == 0 || weekday (r->ordered) == 6))
PREDICATE (morning, r->ordered &&HOUR (r->ordered) < 12)
PREDICATE (days_between, r->ordered && r->expiry && julian (r->expiry) - julian (r->ordered) > 300)
PREDICATE (within_week, r->expiry &&julian (r->expiry) - julian ("2026-11-10") >= 0
                            && julian (r->expiry) - julian ("2026-11-10") <= 7)
PREDICATE (this_week, r->ordered
                          && (julian (r->ordered) - weekday (r->ordered))
                                 == (julian ("2026-11-10") - weekday ("2026-11-10")))
PREDICATE (months_between,
           r->expiry && (YEAR (r->expiry) * 12 + MONTH (r->expiry)) - (2026 * 12 + 11) == 1)
PREDICATE (leap_clamp, r->ordered &&cmp (r->ordered, "2026-02-28 00:00:00") < 0)
PREDICATE (end_of_month,
           r->expiry
               && (DAY (r->expiry) == 31 || (MONTH (r->expiry) == 11 && DAY (r->expiry) == 30)
                   || (MONTH (r->expiry) == 2 && DAY (r->expiry) == 29)))
PREDICATE (before_2026, r->ordered &&YEAR (r->ordered) < 2026)
PREDICATE (july_4, same_day (r->ordered, "2026-07-04"))
PREDICATE (until_november_end, r->expiry &&cmp (r->expiry, "2026-11-30 23:59:59") <= 0)
PREDICATE (is_anna, eq (r->name, "anna"))
PREDICATE (is_elodie, eq (r->name, "Élodie Noël"))
PREDICATE (is_obrien, eq (r->name, "O'Brien"))
PREDICATE (us_or_de, eq (r->country, "us") || eq (r->country, "de"))
PREDICATE (not_us, r->country && !eq (r->country, "us"))
PREDICATE (not_in_us_de, r->country && !eq (r->country, "us") && !eq (r->country, "de"))
PREDICATE (austria, eq (r->country, "Österreich"))
PREDICATE (revoked, r->disabled == 1)
PREDICATE (not_revoked, r->disabled == 0)
PREDICATE (revoked_mail, r->disabled == 1 && r->mail == 0)
PREDICATE (not_true_or_null, r->disabled == 0 || r->disabled == NONE)
PREDICATE (ends_test, ends (r->email, ".test"))
PREDICATE (not_test, r->email && !ends (r->email, ".test"))
PREDICATE (underscore, has (r->email, "_"))
PREDICATE (percent, has (r->notes, "50%"))
PREDICATE (a_to_c, r->name &&strchr ("abcABC", r->name[0]) != NULL)
PREDICATE (not_a_to_c, r->name &&strchr ("abcABC", r->name[0]) == NULL)
PREDICATE (like_elodie, starts (r->name, "élo"))
PREDICATE (second_letter_o, r->name && (r->name[1] == 'o' || r->name[1] == 'O'))
PREDICATE (bracket_one, has (r->company, "[1]"))
PREDICATE (joined, r->name && r->company && eq (r->name, "John Smith") && eq (r->company, "acme"))
PREDICATE (concat_null, (r->company == NULL || *r->company == '\0') && eq (r->name, "bob"))
PREDICATE (long_name, r->name &&utf8_length (r->name) > 7)
PREDICATE (four_letters, r->name &&utf8_length (r->name) == 4)
PREDICATE (no_at, r->email &&strchr (r->email, '@') == NULL)
PREDICATE (domain_acme, has (r->email, "@acme.test"))
PREDICATE (left_jo, starts (r->name, "jo"))
PREDICATE (right_th, ends (r->name, "th"))
PREDICATE (empty_notes, r->notes && r->notes[strspn (r->notes, " ")] == '\0')
PREDICATE (no_notes, r->notes == NULL || r->notes[strspn (r->notes, " ")] == '\0')
PREDICATE (null_company, r->company == NULL)
PREDICATE (some_company, r->company != NULL)
PREDICATE (product_1_or_null, r->product == 1 || r->product == NONE)
PREDICATE (product_1, r->product == 1)
PREDICATE (product_not_1_2, r->product != NONE && r->product != 1 && r->product != 2)
PREDICATE (half_is_7, r->count == 14 || r->count == 15)
PREDICATE (real_half_is_7_5, r->count == 15)
PREDICATE (exactly_3, r->count == 3)
PREDICATE (odd, r->count != NONE && r->count % 2 != 0)
PREDICATE (rounded, r->count == 15 || r->count == 25)
PREDICATE (absolute, r->count == 3 || r->count == -3)
PREDICATE (product_times, r->count != NONE && r->product != NONE && r->count * r->product > 20)
PREDICATE (precedence, r->count == 1 + 2 * 7 || r->count == (1 + 1) * 7)
PREDICATE (and_or, eq (r->country, "us") || (eq (r->country, "de") && r->product == 1))
PREDICATE (or_and, (eq (r->country, "us") || eq (r->country, "de")) && r->product == 1)
PREDICATE (not_and, r->product != 1 && r->product != NONE && eq (r->country, "us"))
PREDICATE (all_subscriptions, starts (r->model, "subscription"))
PREDICATE (plain_subscription, eq (r->model, "subscription"))
PREDICATE (not_subscription, r->model && !eq (r->model, "subscription"))
PREDICATE (model_class, eq (r->model, "trial") || eq (r->model, "permanent"))
PREDICATE (zip_5, eq (r->zip, "5"))
PREDICATE (zip_number, r->zip &&atoi (r->zip) == 501)
PREDICATE (several_receipts, r->receipt &&count_receipt (r->receipt) > 60)
PREDICATE (shared_email, r->email &&count_email (r->email) > 1)
PREDICATE (has_trial_on_receipt, ({
             gboolean found = FALSE;
             for (int i = 0; i < N_ROWS && r->receipt; i++)
               found |= eq (rows[i].receipt, r->receipt) && eq (rows[i].model, "trial");
             found;
           }))
PREDICATE (newest_of_all, r->ordered &&strcmp (r->ordered, newest_order (NULL)) == 0)
PREDICATE (newest_of_receipt,
           r->ordered && r->receipt && strcmp (r->ordered, newest_order (r->receipt)) == 0)
PREDICATE (lowest_id_of_email, ({
             gboolean lowest = r->email != NULL;
             for (int i = 0; i < r->id - 1 && lowest; i++)
               lowest = !eq (rows[i].email, r->email);
             lowest;
           }))
PREDICATE (never_shared, FALSE)
PREDICATE (style_120, same_day (r->ordered, "2026-11-10"))
PREDICATE (after_five_pm, r->ordered &&cmp (r->ordered, "2026-07-04 17:00:00") >= 0)
PREDICATE (case_sum, (r->product == 1 ? 10 : r->product == 2 ? 20 : 0) >= 10)
PREDICATE (upper_m, r->name &&strchr ("mnopqrstuvwxyzMNOPQRSTUVWXYZ\316", r->name[0]) != NULL)
PREDICATE (substring, r->email && * r->email && starts (r->email + 1, "oh"))
PREDICATE (replaced, eq (r->notes, "a-b"))
PREDICATE (id_list, r->id == 3 || r->id == 400)
PREDICATE (plus_30, r->ordered
                        && (julian (r->ordered) + 30 > julian ("2026-11-10")
                            || (julian (r->ordered) + 30 == julian ("2026-11-10")
                                && cmp (r->ordered + 11, "14:30:15") > 0)))
PREDICATE (nullif_match, r->product != NONE && r->product != 1)
PREDICATE (bits, r->count != NONE && (r->count & 4) == 4)

static const Idiom idioms[] = {
  { "1 = 1", all },
  { "1 = 0", nothing },
  { "SubscriptionExpiryDate > [today_start] And SubscriptionExpiryDate < [today_start+30]",
    upcoming },
  { "subscriptionexpirydate > [TODAY_START]\n AND ExpiryDate < [today_start + 30 d]", upcoming },
  { "[SubscriptionExpiryDate] > [today_start] AND dbo.qryLicenseInfo.[SubscriptionExpiryDate] < "
    "[today_start+720h]",
    upcoming },
  { "SubscriptionExpiryDate >= '2026-11-10' AND SubscriptionExpiryDate <= [today_end]",
    expires_today },
  { "CONVERT(date, SubscriptionExpiryDate) = CONVERT(date, GETDATE())", expires_today },
  { "CAST(SubscriptionExpiryDate AS date) = '11/10/2026'", expires_today },
  { "DATEDIFF(day, SubscriptionExpiryDate, GETDATE()) = 0", expires_today },
  { "CONVERT(varchar(8), SubscriptionExpiryDate, 112) = '20261110'", expires_today },
  { "CONVERT(varchar(10), SubscriptionExpiryDate, 101) = '11/10/2026'", expires_today },
  { "SubscriptionExpiryDate >= Date() AND SubscriptionExpiryDate < Date() + 1", expires_today },
  { "SubscriptionExpiryDate >= DATEADD(dd, DATEDIFF(dd, 0, GETDATE()), 0) AND "
    "SubscriptionExpiryDate < DATEADD(dd, DATEDIFF(dd, 0, GETDATE()), 1)",
    expires_today },
  { "SubscriptionExpiryDate BETWEEN '20261110' AND '2026-11-10 23:59:59.997'", expires_today },
  { "SubscriptionExpiryDate BETWEEN '2026-11-10T00:00:00' AND '2026-11-10T23:59:59'",
    expires_today },
  { "SubscriptionExpiryDate BETWEEN #11/10/2026# AND #11/10/2026 11:59:59 PM#", expires_today },
  { "SubscriptionExpiryDate < GETDATE()", expired },
  { "SubscriptionExpiryDate < Now()", expired },
  { "SubscriptionExpiryDate < CURRENT_TIMESTAMP", expired },
  { "SYSDATETIME() > SubscriptionExpiryDate", expired },
  { "SubscriptionExpiryDate < [date]", expired },
  { "SubscriptionExpiryDate BETWEEN [this_month_start] AND [this_month_end]", this_month },
  { "SubscriptionExpiryDate >= [last_month_start] AND SubscriptionExpiryDate <= [last_month_end]",
    last_month },
  { "SubscriptionExpiryDate BETWEEN [yesterday_start] AND [yesterday_end]", yesterday },
  { "SubscriptionExpiryDate <= [today_end+1M]", month_ahead },
  { "SubscriptionExpiryDate BETWEEN [today_start] AND [today_start+23h]", hours_ahead },
  { "OrderDate > DATEADD(day, -5, GETDATE())", five_days },
  { "OrderDate > DATEADD('d', -5, Now())", five_days },
  { "OrderDate > GETDATE() - 5", five_days },
  { "OrderDate > DATEADD(hh, -24 * 5, GETDATE())", five_days },
  { "OrderDate > DATEADD(month, -1, GETDATE())", month_ago },
  { "OrderDate >= CAST(GETDATE() AS date)", since_midnight },
  { "OrderDate >= CONVERT(datetime, CONVERT(varchar(10), GETDATE(), 120))", since_midnight },
  { "YEAR(OrderDate) = 2026", in_2026 },
  { "DATEPART(yyyy, OrderDate) = YEAR(GETDATE())", in_2026 },
  { "OrderDate >= '2026-01-01' AND OrderDate < '2027-01-01'", in_2026 },
  { "OrderDate >= 'Jan 1, 2026' AND OrderDate < '1 January 2027'", in_2026 },
  { "OrderDate >= DATEFROMPARTS(2026, 1, 1) AND OrderDate <= '12/31/2026 11:59:59 PM'", in_2026 },
  { "MONTH(OrderDate) = 7", in_july },
  { "DAY(OrderDate) = 29 AND DATEPART(mm, OrderDate) = 2", on_29th },
  { "DATEPART(weekday, OrderDate) IN (1, 7)", on_weekend },
  { "DATEPART(dw, OrderDate) = 1 OR Weekday(OrderDate) = 7", on_weekend },
  { "DATEPART(hour, OrderDate) < 12", morning },
  { "DATEDIFF(day, OrderDate, SubscriptionExpiryDate) > 300", days_between },
  { "DATEDIFF(d, GETDATE(), SubscriptionExpiryDate) BETWEEN 0 AND 7", within_week },
  { "DATEDIFF(week, OrderDate, GETDATE()) = 0", this_week },
  { "DATEDIFF(month, GETDATE(), SubscriptionExpiryDate) = 1", months_between },
  { "OrderDate < DATEADD(year, 2, '2024-02-29')", leap_clamp },
  { "CAST(SubscriptionExpiryDate AS date) = EOMONTH(SubscriptionExpiryDate)", end_of_month },
  { "OrderDate < '1/1/2026'", before_2026 },
  { "CONVERT(varchar, OrderDate, 23) = '2026-07-04'", july_4 },
  { "SubscriptionExpiryDate <= '2026-11-30 23:59:59'", until_november_end },
  { "FullName = 'anna'", is_anna },
  { "FullName = N'ANNA   '", is_anna },
  { "FullName = ‘Anna’", is_anna },
  { "FullName = “Anna”", is_anna },
  { "FullName = \"anna\"", is_anna },
  { "FullName\302\240=\302\240'Anna'", is_anna },
  { "RTRIM(LTRIM(FullName)) = 'Anna' COLLATE SQL_Latin1_General_CP1_CI_AS", is_anna },
  { "FullName = 'ÉLODIE NOËL'", is_elodie },
  { "LOWER(FullName) = 'élodie noël'", is_elodie },
  { "UPPER(FullName) LIKE 'ÉLODIE NO_L'", is_elodie },
  { "FullName = 'O''Brien'", is_obrien },
  { "FullName = ‘O’’Brien’ OR FullName = 'O’Brien'", nothing },
  { "Country IN ('US', 'DE')", us_or_de },
  { "Country = 'us' OR Country = 'de'", us_or_de },
  { "Country <> 'US'", not_us },
  { "Country != 'us'", not_us },
  { "NOT Country = 'US'", not_us },
  { "Country NOT IN ('us', 'de')", not_in_us_de },
  { "Country NOT IN ('us', NULL)", nothing },
  { "Country = NULL", nothing },
  { "Country = 'österreich'", austria },
  { "Country IN ('ÖSTERREICH', 'x')", austria },
  { "Disabled = 1", revoked },
  { "Disabled = -1", revoked },
  { "Disabled = True", revoked },
  { "Disabled = 'true'", revoked },
  { "Disabled", revoked },
  { "CASE Disabled WHEN -1 THEN 'x' ELSE 'y' END = 'x'", revoked },
  { "CAST(Disabled AS int) + 1 = 2", revoked },
  { "COALESCE(Disabled, 0) * 3 = 3", revoked },
  { "Disabled <> 0", revoked },
  { "Disabled = 0", not_revoked },
  { "NOT Disabled", not_revoked },
  { "Disabled <> -1", not_revoked },
  { "Disabled = False", not_revoked },
  { "Disabled AND NOT IncludeInMailList", revoked_mail },
  { "ISNULL(Disabled, 0) = 0", not_true_or_null },
  { "Nz(Disabled, False) = False", not_true_or_null },
  { "Email LIKE '%.test'", ends_test },
  { "Email NOT LIKE '%.test'", not_test },
  { "NOT (Email LIKE N'%.test')", not_test },
  { "Email LIKE '%[_]%'", underscore },
  { "Email LIKE '%\\_%' ESCAPE '\\'", underscore },
  { "Notes LIKE '%50!%%' ESCAPE '!'", percent },
  { "Notes LIKE '%50[%]%'", percent },
  { "FullName LIKE '[a-c]%'", a_to_c },
  { "FullName LIKE '[^a-c]%'", not_a_to_c },
  { "FullName NOT LIKE '[A-C]%'", not_a_to_c },
  { "FullName LIKE 'ÉLO%'", like_elodie },
  { "FullName LIKE '_o%'", second_letter_o },
  { "Company LIKE '%[[]1]%'", bracket_one },
  { "FullName + ' / ' + Company = 'john smith / ACME'", joined },
  { "FullName & '-' & Company = 'bob-'", concat_null },
  { "CONCAT(FullName, '-', Company) = 'bob-'", concat_null },
  { "LEN(FullName) > 7", long_name },
  { "LEN(FullName) = 4", four_letters },
  { "CHARINDEX('@', Email) = 0", no_at },
  { "CHARINDEX('@ACME.test', Email, 2) > 0", domain_acme },
  { "LEFT(FullName, 2) = 'Jo'", left_jo },
  { "RIGHT(FullName, 2) = 'th'", right_th },
  { "SUBSTRING(Email, 2, 2) = 'oh'", substring },
  { "Mid(Email, 2, 2) = 'oh'", substring },
  { "REPLACE(Notes, '-', 'x') = 'AXB'", replaced },
  { "Notes = ''", empty_notes },
  { "LEN(Notes) = 0", empty_notes },
  { "Notes IS NULL OR Notes = ''", no_notes },
  { "ISNULL(Notes, '') = ''", no_notes },
  { "COALESCE(Notes, '') = ''", no_notes },
  { "NULLIF(Notes, '') IS NULL", no_notes },
  { "Company IS NULL", null_company },
  { "IsNull(Company)", null_company },
  { "Company IS NOT NULL", some_company },
  { "NOT Company IS NULL", some_company },
  { "ProductID = 1 OR ProductID IS NULL", product_1_or_null },
  { "COALESCE(ProductID, 1) = 1", product_1_or_null },
  { "ProductID = '1'", product_1 },
  { "'1' IN ('2', ProductID)", product_1 },
  { "'1' IN ('1', ProductID)", all },
  { "IIF(ProductID = 1, 'yes', 'no') = 'YES'", product_1 },
  { "CASE ProductID WHEN 1 THEN 'one' WHEN 2 THEN 'two' ELSE 'many' END = 'one'", product_1 },
  { "ProductID NOT IN (1, 2)", product_not_1_2 },
  { "NULLIF(ProductID, 1) IS NOT NULL", nullif_match },
  { "NumLicenses / 2 = 7", half_is_7 },
  { "NumLicenses / 2.0 = 7.5", real_half_is_7_5 },
  { "NumLicenses * 0.1 = 0.3", exactly_3 },
  { "NumLicenses - 2.9 IN (0.1, 0.7)", exactly_3 },
  { "NumLicenses * 0.07 BETWEEN 0.21 AND 0.3", exactly_3 },
  { "NumLicenses * 0.1 = (SELECT SUM(q.NumLicenses * 0.1) FROM qryLicenseInfo q WHERE q.LicenseID "
    "= qryLicenseInfo.LicenseID) AND NumLicenses = 3",
    exactly_3 },
  { "(SELECT SUM(NumLicenses * 0.1) FROM qryLicenseInfo WHERE NumLicenses = 3 AND LicenseID < 100) "
    "= 2.7",
    all },
  { "NumLicenses % 2 <> 0", odd },
  { "ROUND(NumLicenses, -1) IN (20, 30)", rounded },
  { "ABS(NumLicenses) = 3", absolute },
  { "NumLicenses * ProductID > 20", product_times },
  { "NumLicenses = 1 + 2 * 7 OR NumLicenses = (1 + 1) * 7", precedence },
  { "(NumLicenses & 4) = 4", bits },
  { "Country = 'us' OR Country = 'de' AND ProductID = 1", and_or },
  { "(Country = 'us' OR Country = 'de') AND ProductID = 1", or_and },
  { "NOT ProductID = 1 AND Country = 'us'", not_and },
  { "LicenseModel IN ('subscription', 'subscription_floating', 'subscription_cloud')",
    all_subscriptions },
  { "LicenseModel LIKE 'subscription%'", all_subscriptions },
  { "LicenseModel = 'subscription'", plain_subscription },
  { "LicenseModel <> 'subscription'", not_subscription },
  { "CASE WHEN LicenseModel = 'trial' THEN 1 WHEN LicenseModel = 'permanent' THEN 2 ELSE 0 END > 0",
    model_class },
  { "CASE WHEN ProductID = 1 THEN 10 WHEN ProductID = 2 THEN 20 ELSE 0 END >= 10", case_sum },
  { "Zip = '5'", zip_5 },
  { "CAST(Zip AS int) = 501", zip_number },
  { "ReceiptID IN (SELECT ReceiptID FROM qryLicenseInfo GROUP BY ReceiptID HAVING COUNT(*) > 60)",
    several_receipts },
  { "(SELECT COUNT(*) FROM dbo.qryLicenseInfo AS q WHERE q.SubscriptionID = "
    "qryLicenseInfo.ReceiptID) > 60",
    several_receipts },
  { "EXISTS (SELECT * FROM qryLicenseInfo q WHERE q.Email = qryLicenseInfo.Email AND q.LicenseID "
    "<> qryLicenseInfo.LicenseID)",
    shared_email },
  { "ReceiptID IN (SELECT q.ReceiptID FROM qryLicenseInfo q WHERE q.LicenseModel = 'trial')",
    has_trial_on_receipt },
  { "OrderDate = (SELECT MAX(OrderDate) FROM qryLicenseInfo)", newest_of_all },
  { "OrderDate = (SELECT TOP 1 OrderDate FROM qryLicenseInfo ORDER BY OrderDate DESC)",
    newest_of_all },
  { "OrderDate = (SELECT MAX(q.OrderDate) FROM qryLicenseInfo q WHERE q.ReceiptID = "
    "qryLicenseInfo.ReceiptID)",
    newest_of_receipt },
  { "LicenseID IN (SELECT MIN(LicenseID) FROM qryLicenseInfo WHERE Email IS NOT NULL GROUP BY "
    "Email)",
    lowest_id_of_email },
  { "NOT EXISTS (SELECT 1 FROM qryLicenseInfo AS q WHERE q.LicenseID = qryLicenseInfo.LicenseID)",
    never_shared },
  { "Email NOT IN (SELECT Email FROM qryLicenseInfo)", never_shared },
  { "CONVERT(varchar(10), OrderDate, 120) = CONVERT(varchar(10), GETDATE(), 120)", style_120 },
  { "OrderDate >= '7/4/2026 5:00 PM'", after_five_pm },
  { "FullName >= 'M'", upper_m },
  { "LicenseID IN (3, 400)", id_list },
  { "OrderDate + 30 > GETDATE()", plus_30 },
};

static void
append_column (GString *sql, const LkLicenseField *field)
{
  const char *type = field->kind == LK_FIELD_TEXT   ? "TEXT COLLATE NOCASE"
                     : field->kind == LK_FIELD_DATE ? "TEXT"
                                                    : "INTEGER";

  g_string_append_printf (sql, "%s\"%s\" %s", sql->str[sql->len - 1] == '(' ? "" : ", ",
                          field->column, type);
}

static void
bind_row (sqlite3_stmt *statement, const Row *row)
{
  const char *texts[] = { row->name,  row->company, row->email,   row->country, row->zip,
                          row->model, row->notes,   row->receipt, row->expiry,  row->ordered };
  const int numbers[] = { row->product, row->count, row->disabled, row->mail };

  sqlite3_bind_int (statement, 1, row->id);
  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    sqlite3_bind_text (statement, i + 2, texts[i], -1, SQLITE_STATIC);
  for (gsize i = 0; i < G_N_ELEMENTS (numbers); i++)
    if (numbers[i] != NONE)
      sqlite3_bind_int (statement, i + 12, numbers[i]);
    else
      sqlite3_bind_null (statement, i + 12);
}

static sqlite3 *
open_database (void)
{
  g_autoptr (GString) sql = g_string_new ("CREATE TABLE qryLicenseInfo (");
  sqlite3_stmt *statement;
  sqlite3 *db;

  for (gsize i = 0; i < lk_license_n_fields; i++)
    if (lk_license_fields[i].column != NULL)
      append_column (sql, &lk_license_fields[i]);
  g_string_append (sql, ")");

  g_assert_cmpint (sqlite3_open (":memory:", &db), ==, SQLITE_OK);
  g_assert_true (lk_sqlite_functions_register (db));
  g_assert_cmpint (sqlite3_exec (db, sql->str, NULL, NULL, NULL), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_prepare_v2 (
                       db,
                       "INSERT INTO qryLicenseInfo (LicenseID, FullName, Company, Email, Country, "
                       "Zip, LicenseModel, Notes, ReceiptID, SubscriptionExpiryDate, OrderDate, "
                       "ProductID, NumLicenses, Disabled, IncludeInMailList) VALUES "
                       "(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                       -1, &statement, NULL),
                   ==, SQLITE_OK);

  for (int i = 0; i < N_ROWS; i++)
    {
      bind_row (statement, &rows[i]);
      g_assert_cmpint (sqlite3_step (statement), ==, SQLITE_DONE);
      sqlite3_reset (statement);
    }
  sqlite3_finalize (statement);

  return db;
}

static LkMacroContext *
create_context (void)
{
  g_autoptr (GDateTime) now = g_date_time_new_utc (2026, 11, 10, 14, 30, 15);

  return lk_macro_context_new (now, NULL);
}

static sqlite3_stmt *
prepare (sqlite3 *db, const LkClause *clause)
{
  g_autofree char *sql =
      g_strdup_printf ("SELECT LicenseID FROM qryLicenseInfo WHERE %s ORDER BY LicenseID",
                       lk_clause_get_sql (clause));
  GPtrArray *parameters = lk_clause_get_parameters (clause);
  sqlite3_stmt *statement = NULL;
  const char *tail = NULL;

  if (sqlite3_prepare_v2 (db, sql, -1, &statement, &tail) != SQLITE_OK)
    g_error ("%s: %s", sql, sqlite3_errmsg (db));
  g_assert_cmpstr (tail, ==, "");
  g_assert_cmpint (sqlite3_bind_parameter_count (statement), ==, parameters->len);

  for (guint i = 0; i < parameters->len; i++)
    {
      const LkParameter *parameter = parameters->pdata[i];

      if (parameter->kind == LK_PARAMETER_INTEGER)
        sqlite3_bind_int64 (statement, i + 1, parameter->integer);
      else if (parameter->kind == LK_PARAMETER_REAL)
        sqlite3_bind_double (statement, i + 1, parameter->real);
      else
        sqlite3_bind_text (statement, i + 1, parameter->text, -1, SQLITE_STATIC);
    }

  return statement;
}

static void
check_idiom (sqlite3 *db, const LkMacroContext *context, const Idiom *idiom)
{
  g_autoptr (LkClause) clause = lk_clause_new (idiom->sql, -1, context);
  g_autoptr (GError) error = NULL;
  sqlite3_stmt *statement;
  int code;
  int next = 0;
  int n_found = 0;

  if (!lk_clause_check (clause, &error))
    g_error ("%s: %s", idiom->sql, error->message);

  statement = prepare (db, clause);
  while ((code = sqlite3_step (statement)) == SQLITE_ROW)
    {
      int id = sqlite3_column_int (statement, 0);

      for (; next < id - 1; next++)
        if (idiom->matches (&rows[next]))
          g_error ("%s misses row %d (%s)", idiom->sql, next + 1,
                   lk_clause_get_display_sql (clause));
      if (!idiom->matches (&rows[next++]))
        g_error ("%s finds row %d (%s)", idiom->sql, id, lk_clause_get_display_sql (clause));
      n_found++;
    }
  if (code != SQLITE_DONE)
    g_error ("%s: %s", idiom->sql, sqlite3_errmsg (db));
  for (; next < N_ROWS; next++)
    if (idiom->matches (&rows[next]))
      g_error ("%s misses row %d (%s)", idiom->sql, next + 1, lk_clause_get_display_sql (clause));

  /* A predicate that no row meets, or each, would prove little. */
  if (idiom->matches != nothing && idiom->matches != never_shared && idiom->matches != all
      && (n_found == 0 || n_found == N_ROWS))
    g_error ("%s finds %d rows", idiom->sql, n_found);
  sqlite3_finalize (statement);
}

static void
test_idioms (void)
{
  g_autoptr (LkMacroContext) context = create_context ();
  sqlite3 *db = open_database ();

  for (gsize i = 0; i < G_N_ELEMENTS (idioms); i++)
    check_idiom (db, context, &idioms[i]);

  sqlite3_close (db);
}

/* What SQL Server fails on at run time fails here as well, instead of finding something. */
static void
test_failures (void)
{
  const char *const failing[] = {
    "CAST(Email AS int) = 1",
    "10 / NumLicenses > 1",
    "10 % NumLicenses > 1",
    "CAST(FullName AS datetime) > GETDATE()",
    "LEFT(FullName, NumLicenses) = 'x'",
    "DATEADD(year, LicenseID * 100, GETDATE()) > GETDATE()",
  };
  g_autoptr (LkMacroContext) context = create_context ();
  sqlite3 *db = open_database ();

  for (gsize i = 0; i < G_N_ELEMENTS (failing); i++)
    {
      g_autoptr (LkClause) clause = lk_clause_new (failing[i], -1, context);
      sqlite3_stmt *statement;
      int code;

      g_assert_true (lk_clause_check (clause, NULL));
      statement = prepare (db, clause);
      while ((code = sqlite3_step (statement)) == SQLITE_ROW)
        ;
      g_assert_cmpint (code, ==, SQLITE_MISMATCH);
      sqlite3_finalize (statement);
    }

  sqlite3_close (db);
}

/* The date columns' and the text columns' indexes serve plain comparisons. */
static void
test_indexes (void)
{
  const char *const served[] = {
    "SubscriptionExpiryDate > [today_start] AND SubscriptionExpiryDate < [today_start+30]",
    "SubscriptionExpiryDate BETWEEN '2026-01-01' AND '2026-02-01'",
    "SubscriptionExpiryDate > DATEADD(day, -5, CAST(GETDATE() AS date))",
    "Email = 'john@acme.test'",
  };
  g_autoptr (LkMacroContext) context = create_context ();
  sqlite3 *db = open_database ();

  sqlite3_exec (db,
                "CREATE INDEX by_expiry ON qryLicenseInfo (SubscriptionExpiryDate);"
                "CREATE INDEX by_email ON qryLicenseInfo (Email)",
                NULL, NULL, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (served); i++)
    {
      g_autoptr (LkClause) clause = lk_clause_new (served[i], -1, context);
      g_autofree char *sql = g_strdup_printf ("EXPLAIN QUERY PLAN SELECT * FROM qryLicenseInfo "
                                              "WHERE %s",
                                              lk_clause_get_sql (clause));
      sqlite3_stmt *statement;

      g_assert_cmpint (sqlite3_prepare_v2 (db, sql, -1, &statement, NULL), ==, SQLITE_OK);
      g_assert_cmpint (sqlite3_step (statement), ==, SQLITE_ROW);
      g_assert_nonnull (strstr ((const char *) sqlite3_column_text (statement, 3), "USING INDEX"));
      sqlite3_finalize (statement);
    }

  sqlite3_close (db);
}

static const char *const soup[] = {
  "Email",
  "FullName",
  "[ReceiptID]",
  "OrderDate",
  "SubscriptionExpiryDate",
  "Disabled",
  "ProductID",
  "NumLicenses",
  "LicenseModel",
  "[today_start]",
  "[today_end+5]",
  "[date]",
  "'abc'",
  "''",
  "N'é'",
  "'2026-01-01'",
  "\"x\"",
  "#1/2/2026#",
  "5",
  "-1",
  "0",
  "2.5",
  "NULL",
  "True",
  "(",
  ")",
  "(",
  ")",
  ",",
  "+",
  "-",
  "*",
  "/",
  "%",
  "&",
  "=",
  "<>",
  "<",
  ">=",
  "=",
  "AND",
  "OR",
  "NOT",
  "AND",
  "IN (",
  "IN (1, 2)",
  "LIKE",
  "LIKE 'a%'",
  "BETWEEN",
  "IS NULL",
  "IS NOT NULL",
  "ESCAPE '!'",
  "CASE",
  "WHEN",
  "THEN",
  "ELSE",
  "END",
  "GETDATE()",
  "DATEADD(day,",
  "DATEDIFF(month,",
  "LEN(",
  "ISNULL(",
  "COALESCE(",
  "CAST(",
  "AS int)",
  "AS date)",
  "AS varchar(20))",
  "CONVERT(date,",
  "UPPER(",
  "LEFT(",
  "EXISTS (SELECT 1 FROM qryLicenseInfo q WHERE",
  "(SELECT MAX(",
  "FROM qryLicenseInfo)",
  "IIF(",
  "q.Email",
  "qryLicenseInfo.Email",
  "COUNT(*)",
  "SELECT",
  "TOP 1",
  "GROUP BY",
  "ORDER BY",
  ";",
  "--",
  "?",
  "[",
  "'",
  "UNION",
};

static char *
make_soup (GRand *random)
{
  GString *text = g_string_new (NULL);
  int n = g_rand_int_range (random, 1, 14);

  for (int i = 0; i < n; i++)
    {
      g_string_append (text, PICK (soup, g_rand_int (random)));
      g_string_append_c (text, ' ');
    }

  return g_string_free (text, FALSE);
}

/* Whatever is accepted is one SELECT that SQLite takes. */
static void
test_soup (void)
{
  g_autoptr (LkMacroContext) context = create_context ();
  g_autoptr (GRand) random = g_rand_new_with_seed (20261110);
  sqlite3 *db = open_database ();
  int n_accepted = 0;

  for (int i = 0; i < 60000; i++)
    {
      g_autofree char *text = make_soup (random);
      g_autoptr (LkClause) clause = lk_clause_new (text, -1, context);

      if (lk_clause_is_valid (clause))
        {
          n_accepted++;
          sqlite3_finalize (prepare (db, clause));
        }
      else
        g_assert_cmpuint (lk_clause_get_problems (clause)->len, >, 0);
    }

  g_test_message ("%d accepted", n_accepted);
  g_assert_cmpint (n_accepted, >, 100);
  sqlite3_close (db);
}

/* The largest that is accepted is within SQLite's limits. */
static void
test_large (void)
{
  const struct
  {
    const char *before;
    const char *repeated;
    const char *after;
  } shapes[] = {
    { "1=1", " AND 1=1", "" },
    { "1=1", " OR Email LIKE 'a%' AND ProductID = 2", "" },
    { "ProductID IN (0", ",1", ")" },
    { "Email IN ('a'", ",'b'", ")" },
    { "NumLicenses = 1", "+1", "" },
    { "", "(", "1=1))))" },
    { "", "NOT ", "1=1" },
    { "ProductID = ", "ABS(", "1))))" },
    { "ProductID = ", "(1 + ", "1))))" },
    { "Email = ", "UPPER(Email + ", "Email))))" },
    { "ProductID = ", "CASE WHEN 1=1 THEN ", "1 END END END" },
    { "ProductID = ", "- ", "1" },
    { "1=1 AND ", "EXISTS (SELECT 1 FROM qryLicenseInfo WHERE ", "1=1))" },
    { "Email LIKE '", "%a", "'" },
    { "Email LIKE '", "[", "'" },
    { "Email = '", "''", "'" },
    { "", "[", "" },
    { "Email = COALESCE(Email", ",'a'", ")" },
  };
  g_autoptr (LkMacroContext) context = create_context ();
  sqlite3 *db = open_database ();

  for (gsize i = 0; i < G_N_ELEMENTS (shapes); i++)
    for (int n = 1; n < 70000; n = n < 70 ? n + 1 : n * 3)
      {
        g_autoptr (GString) text = g_string_new (shapes[i].before);
        g_autoptr (LkClause) clause = NULL;
        clock_t started; /* of the processor: other tests run, too */

        for (int j = 0; j < n && text->len < 2 * LK_CLAUSE_MAX_BYTES; j++)
          g_string_append (text, shapes[i].repeated);
        g_string_append (text, shapes[i].after);
        for (int j = 3; j < n && strchr (shapes[i].repeated, '(') && j < 70; j++)
          g_string_append (text, ")");

        started = clock ();
        clause = lk_clause_new (text->str, -1, context);
        g_assert_cmpint (clock () - started, <, 2 * CLOCKS_PER_SEC);
        if (lk_clause_is_valid (clause))
          sqlite3_finalize (prepare (db, clause));
      }

  sqlite3_close (db);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  fill_rows ();

  g_test_add_func ("/idioms/rows", test_idioms);
  g_test_add_func ("/idioms/failures", test_failures);
  g_test_add_func ("/idioms/indexes", test_indexes);
  g_test_add_func ("/idioms/soup", test_soup);
  g_test_add_func ("/idioms/large", test_large);

  return g_test_run ();
}
