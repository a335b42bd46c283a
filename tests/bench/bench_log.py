# SPDX-License-Identifier: GPL-3.0-or-later
"""The delivery log with a million attempts, while 10,000 webhooks are sent."""
import json
import os
import shutil
import sqlite3
import subprocess

from bench_deliveries import Receiver, agent, prepare
from figures import median, verdict

ATTEMPTS = 1_000_000

# One in a hundred was given up, one in a thousand dropped; a delivery every 7 seconds until now.
FILL = """
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {n})
INSERT INTO delivery (id, webhook_id, task_id, task_name, group_key, is_test, license_id,
  license_key, customer, url, state, attempts, last_status, last_error_class, last_cause,
  last_latency_ms, created_at, finished_at)
SELECT i, 'msg_' || printf('%026d', i), 1, 'Upcoming Renewals', i, 0, i % 100000,
  hex(randomblob(8)) || printf('-BENCH-%05X', i % 100000),
  printf('Customer %d ', i % 5000) || CASE i % 7 WHEN 0 THEN 'Müller' WHEN 1 THEN 'Østergaard'
    WHEN 2 THEN 'Delacroix' ELSE 'Abendroth' END,
  'https://hooks.example/renewals',
  CASE WHEN i % 100 = 0 THEN 'exhausted' WHEN i % 1000 = 1 THEN 'dropped' ELSE 'delivered' END, 1,
  CASE WHEN i % 100 = 0 THEN 503 WHEN i % 1000 = 1 THEN 404 ELSE 200 END,
  CASE WHEN i % 100 = 0 THEN 'server-error' WHEN i % 1000 = 1 THEN 'client-error' ELSE '' END,
  CASE WHEN i % 100 = 0 THEN '503 Service Unavailable: the receiver is overloaded'
    WHEN i % 1000 = 1 THEN '404 Not Found: check the URL' ELSE '200: delivered' END,
  31, {now} - ({n} - i) * 7000000, {now} - ({n} - i) * 7000000 + 31000 FROM n;
INSERT INTO attempt (delivery_id, number, outcome, url, status, error_class, cause,
  request_headers, response_headers, started_at, latency_ms)
SELECT id, 1, CASE state WHEN 'delivered' THEN 'success' ELSE 'failure' END, url, last_status,
  last_error_class, last_cause, 'Content-Type: application/json' || char(10) ||
  'X-QLM-Signature: (left out)', 'Content-Length: 2', created_at, 31 FROM delivery;
INSERT INTO delivery_text (rowid, license_key, customer)
  SELECT id, license_key, customer FROM delivery;
UPDATE delivery_text_end SET delivery_id = {n};
"""


def fill(workspace):
    database = sqlite3.connect(workspace / "workspace.db")
    database.execute("PRAGMA synchronous = OFF")
    now, = database.execute("SELECT CAST(strftime('%s', 'now') AS INTEGER) * 1000000").fetchone()
    database.executescript("BEGIN; UPDATE task SET enabled = 0, next_due_at = 0;"
                           + FILL.format(n=ATTEMPTS, now=now) + "COMMIT;")
    task, = database.execute("SELECT id FROM task WHERE name = 'Bench'").fetchone()
    database.close()
    return task


def run_console(build, workspace, task):
    """What bench-log found; it says what each figure is."""
    environment = dict(os.environ, GSK_RENDERER="cairo", GSETTINGS_BACKEND="memory",
                       GIO_USE_VFS="local", GTK_A11Y="none",
                       GSETTINGS_SCHEMA_DIR=str(build / "data"))
    with Receiver(build, 0, 5) as receiver:
        agent(build, workspace, "task", "edit", "Bench", "--url", receiver.url)
        done = subprocess.run([str(build / "tests/bench/bench-log"), str(workspace), str(task)],
                              check=True, stdout=subprocess.PIPE, text=True, env=environment)
    return json.loads(done.stdout)


def measure(build, folder, rounds):
    filled = prepare(build, folder, "log")
    task = fill(filled)
    found = []
    for _ in range(rounds):
        workspace = folder / "log-round"
        shutil.rmtree(workspace, ignore_errors=True)
        shutil.copytree(filled, workspace)
        found.append(run_console(build, workspace, task))
    yield f"       {ATTEMPTS:,} attempts; meanwhile were sent {found[0]['open']['sent']}," \
          f" {found[0]['facets']['sent']} and {found[0]['scroll']['sent']} webhooks"
    yield verdict("the log opens with its rows", median(f["open"]["ms"] for f in found), 150, "ms")
    names = [name for name in found[0]["facets"] if name != "sent"]
    times = sorted(((median(f["facets"][name] for f in found), name) for name in names), reverse=True)
    yield "       " + "; ".join(f"{name} {ms:.0f} ms" for ms, name in times)
    yield "       counts, after the rows: " + "; ".join(
        f"{name} {median(f['counts'][name] for f in found):.0f} ms"
        for name in found[0]["counts"] if name != "sent")
    yield verdict(f"slowest facet or text ({times[0][1]})", times[0][0], 200, "ms")
    yield verdict("longest frame while scrolling", median(f["scroll"]["ms"] for f in found), 50, "ms")
