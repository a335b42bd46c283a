# SPDX-License-Identifier: GPL-3.0-or-later
"""10,000 of 100,000 licenses: matched, signed, durably queued, delivered, logged; against curl.

curl posts the same requests, made and signed beforehand, with as many in flight. It keeps nothing,
so it is the floor of what a sender on this machine can do, not a rival.
"""
import base64
import datetime
import hashlib
import hmac
import json
import shutil
import sqlite3
import subprocess
import time

from figures import Measured, median, verdict

SECRET = "whsec_" + "bGF0Y2hrZXktYmVuY2htYXJrLWtleQ=="
CONCURRENCY = 32
LICENSES = 100_000
TASK = "Bench"
FIRST_RETRY_S = 5 * 1.2  # core/retry.c, with all of its jitter


class Receiver:
    """The bench-receiver for the length of a `with`; afterwards `seen` has its counts."""

    def __init__(self, build, fail_percent=0, delay_ms=0):
        self.command = [str(build / "tests/bench/bench-receiver"), SECRET, str(fail_percent),
                        str(delay_ms)]

    def __enter__(self):
        self.process = subprocess.Popen(self.command, stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, text=True)
        self.url = f"http://127.0.0.1:{int(self.process.stdout.readline())}/hook"
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        self.seen = json.loads(self.process.stdout.readline())
        self.process.wait()


def agent(build, workspace, *arguments, **options):
    command = [str(build / "src/agent/latchkey-agent"), "--workspace", str(workspace), *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True, **options).stdout


def prepare(build, folder, name="prepared"):
    """A workspace with the task, ready to run, to be copied for each round. Its timer is far from
    going off: by default that is at the next full hour."""
    workspace = folder / name
    start = datetime.datetime.now() + datetime.timedelta(hours=12)
    agent(build, workspace, "init", "--sample", str(LICENSES))
    agent(build, workspace, "task", "add", TASK, "--search", "Upcoming Renewals",
          "--every", "1 day", "--start", f"{start:%Y-%m-%d %H:%M}",
          "--url", "http://127.0.0.1:1/hook", "--secret-file", "-",
          "--send", "every-run", "--concurrency", str(CONCURRENCY), input=SECRET)
    return workspace


def run_latchkey(build, prepared, folder, *receiver, commands=(("task", "run", TASK),)):
    """The workspace afterwards, and what each command took."""
    workspace = folder / "round"
    shutil.rmtree(workspace, ignore_errors=True)
    shutil.copytree(prepared, workspace)
    with Receiver(build, *receiver) as receiver:
        agent(build, workspace, "task", "edit", TASK, "--url", receiver.url)
        measured = [Measured([str(build / "src/agent/latchkey-agent"), "--workspace",
                              str(workspace), *command], stdout=subprocess.DEVNULL,
                             stderr=subprocess.DEVNULL)
                    for command in commands]
    check(workspace, receiver.seen)
    return workspace, measured


def check(workspace, seen):
    """A run that lost, repeated or mis-signed something is no figure at all."""
    database = sqlite3.connect(workspace / "workspace.db")
    delivered, = database.execute(
        "SELECT count(*) FROM delivery WHERE state = 'delivered'").fetchone()
    database.close()
    arrived = seen["requests"] - seen["failed"]
    if not arrived == seen["ids"] == delivered or seen["valid"] < seen["requests"] \
            or delivered < 9000:
        raise RuntimeError(f"the run is not clean: {delivered} delivered, received {seen}")


def sign(webhook_id, body):
    """The headers of a request as README.md says them."""
    timestamp = str(int(time.time()))
    key = base64.b64decode(SECRET.removeprefix("whsec_"))
    signed = b".".join((webhook_id.encode(), timestamp.encode(), body))
    standard = base64.b64encode(hmac.digest(key, signed, "sha256")).decode()
    return {"Content-Type": "application/json", "User-Agent": "Latchkey",
            "X-QLM-Signature": hashlib.sha256(body + SECRET.encode()).hexdigest(),
            "webhook-id": webhook_id, "webhook-timestamp": timestamp,
            "webhook-signature": f"v1,{standard}"}


def write_requests(workspace, folder):
    """The requests of a run: each body as a file, with its headers."""
    folder.mkdir()
    database = sqlite3.connect(workspace / "workspace.db")
    requests = []
    for webhook_id, body in database.execute(
            "SELECT webhook_id, body FROM delivery JOIN delivery_body ON delivery_id = id"):
        path = folder / f"{webhook_id}.json"
        path.write_bytes(body)
        requests.append((path, sign(webhook_id, body)))
    database.close()
    return requests


def run_curl(build, requests, folder):
    with Receiver(build) as receiver:
        config = folder / "curl.config"
        config.write_text("next\n".join(
            f'url = "{receiver.url}"\ndata-binary = "@{path}"\noutput = "/dev/null"\n'
            + "".join(f'header = "{name}: {value}"\n' for name, value in headers.items())
            for path, headers in requests), encoding="utf-8")
        measured = Measured(["curl", "--silent", "--no-progress-meter", "--parallel", "--parallel-max",
                             str(CONCURRENCY), "--config", str(config)])
    if not receiver.seen["valid"] == receiver.seen["ids"] == len(requests):
        raise RuntimeError(f"curl's run is not clean: received {receiver.seen}")
    return measured


def run_libsoup(build, n):
    with Receiver(build) as receiver:
        measured = Measured([str(build / "tests/bench/bench-libsoup"), receiver.url, SECRET,
                             str(n), str(CONCURRENCY)])
    if receiver.seen["valid"] != n:
        raise RuntimeError(f"libsoup's run is not clean: received {receiver.seen}")
    return measured


def measure(build, folder, rounds):
    prepared = prepare(build, folder)
    workspace, _ = run_latchkey(build, prepared, folder)  # warms up, and makes the requests
    requests = write_requests(workspace, folder / "bodies")
    n = len(requests)
    ours, curls, soups = [], [], []
    for _ in range(rounds):
        curls.append(run_curl(build, requests, folder))
        soups.append(run_libsoup(build, n))
        ours += run_latchkey(build, prepared, folder)[1]
    yield f"       {n:,} deliveries of {LICENSES:,} licenses, {CONCURRENCY} in flight"
    for name, measured in (("curl --parallel, nothing kept", curls),
                           ("libsoup alone in one thread, nothing kept", soups),
                           ("latchkey-agent task run", ours)):
        yield (f"       {name}: {median(m.wall for m in measured):.2f} s,"
               f" {median(m.cpu for m in measured) / n * 1e6:.0f} us of CPU a delivery")
    yield verdict("wall time by curl's, median of the rounds",
                  median(o.wall / c.wall for o, c in zip(ours, curls)), 1.5, "x")
    yield f"       by that of libsoup alone: {median(o.wall / s.wall for o, s in zip(ours, soups)):.2f} x"
    yield verdict("peak memory", median(m.peak_mb for m in ours), 100, "MB")
    yield from measure_failing(build, prepared, folder, rounds)


def measure_failing(build, prepared, folder, rounds):
    """Against a receiver that takes 5 ms, and one that besides refuses every tenth at first."""
    clean, failing = [], []
    for _ in range(rounds):
        clean += run_latchkey(build, prepared, folder, 0, 5)[1]
        failing.append(sum(m.wall for m in run_latchkey(
            build, prepared, folder, 10, 5,
            commands=(("task", "run", TASK), ("run", "--until-idle")))[1]))
    usual = median(m.wall for m in clean)
    yield f"       answers after 5 ms: {usual:.2f} s; and 503 for every tenth at first:" \
          f" {median(failing):.2f} s until all have arrived"
    yield verdict("the latter less the first retry delay, by the former",
                  (median(failing) - FIRST_RETRY_S) / usual, 1.3, "x")
