# SPDX-License-Identifier: GPL-3.0-or-later
"""10,000 of 100,000 licenses: matched, signed, durably queued, delivered, logged; against curl.

curl posts the same bodies, made and signed beforehand, with as many requests in flight. It keeps
nothing, so it is the floor of what a sender on this machine can do, not a rival.
"""
import hashlib
import json
import shutil
import sqlite3
import subprocess

from figures import Measured, median, verdict

SECRET = "whsec_" + "bGF0Y2hrZXktYmVuY2htYXJrLWtleQ=="
CONCURRENCY = 32
LICENSES = 100_000
TASK = "Bench"


class Receiver:
    """The bench-receiver for the length of a `with`; afterwards `seen` has its counts."""

    def __init__(self, build):
        self.program = str(build / "tests/bench/bench-receiver")

    def __enter__(self):
        self.process = subprocess.Popen([self.program, SECRET], stdin=subprocess.PIPE,
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


def prepare(build, folder):
    """A workspace with the task, ready to run, to be copied for each round."""
    workspace = folder / "prepared"
    agent(build, workspace, "init", "--sample", str(LICENSES))
    agent(build, workspace, "task", "add", TASK, "--search", "Upcoming Renewals",
          "--every", "1 day", "--url", "http://127.0.0.1:1/hook", "--secret-file", "-",
          "--send", "every-run", "--concurrency", str(CONCURRENCY), input=SECRET)
    return workspace


def run_latchkey(build, prepared, folder):
    workspace = folder / "round"
    shutil.rmtree(workspace, ignore_errors=True)
    shutil.copytree(prepared, workspace)
    with Receiver(build) as receiver:
        agent(build, workspace, "task", "edit", TASK, "--url", receiver.url)
        measured = Measured([str(build / "src/agent/latchkey-agent"), "--workspace",
                             str(workspace), "task", "run", TASK], stdout=subprocess.DEVNULL)
    check(workspace, receiver.seen)
    return workspace, measured, receiver.seen


def check(workspace, seen):
    """A run that lost, repeated or mis-signed something is no figure at all."""
    database = sqlite3.connect(workspace / "workspace.db")
    delivered, = database.execute(
        "SELECT count(*) FROM delivery WHERE state = 'delivered'").fetchone()
    database.close()
    if not seen["requests"] == seen["valid"] == seen["ids"] == delivered or delivered < 9000:
        raise RuntimeError(f"the run is not clean: {delivered} delivered, received {seen}")


def write_bodies(workspace, folder):
    """The bodies of a run as files, with their signatures."""
    folder.mkdir()
    database = sqlite3.connect(workspace / "workspace.db")
    bodies = []
    for number, (body,) in enumerate(database.execute("SELECT body FROM delivery_body")):
        body = body if isinstance(body, bytes) else body.encode()
        path = folder / f"{number}.json"
        path.write_bytes(body)
        bodies.append((path, hashlib.sha256(body + SECRET.encode()).hexdigest()))
    database.close()
    return bodies


def run_curl(build, bodies, folder):
    with Receiver(build) as receiver:
        config = folder / "curl.config"
        config.write_text("next\n".join(
            f'url = "{receiver.url}"\ndata-binary = "@{path}"\noutput = "/dev/null"\n'
            f'header = "Content-Type: application/json"\nheader = "X-QLM-Signature: {signature}"\n'
            for path, signature in bodies), encoding="utf-8")
        measured = Measured(["curl", "--silent", "--no-progress-meter", "--parallel", "--parallel-max",
                             str(CONCURRENCY), "--config", str(config)])
    if receiver.seen["valid"] != len(bodies):
        raise RuntimeError(f"curl's run is not clean: received {receiver.seen}")
    return measured


def measure(build, folder, rounds):
    prepared = prepare(build, folder)
    workspace, _, _ = run_latchkey(build, prepared, folder)  # warms up, and makes the bodies
    bodies = write_bodies(workspace, folder / "bodies")
    ours, curls = [], []
    for _ in range(rounds):
        curls.append(run_curl(build, bodies, folder))
        ours.append(run_latchkey(build, prepared, folder)[1])
    wall, floor = median(m.wall for m in ours), median(m.wall for m in curls)
    yield f"       {len(bodies):,} deliveries of {LICENSES:,} licenses, {CONCURRENCY} in flight"
    yield f"       curl --parallel: {floor:.2f} s; latchkey-agent task run: {wall:.2f} s"
    yield f"       CPU a delivery: {median(m.cpu for m in ours) / len(bodies) * 1e6:.0f} us"
    yield verdict("wall time by curl's, median of the rounds",
                  median(o.wall / c.wall for o, c in zip(ours, curls)), 1.8, "x")
    yield verdict("peak memory", median(m.peak_mb for m in ours), 100, "MB")
