# SPDX-License-Identifier: GPL-3.0-or-later
"""What the black-box tests of latchkey-agent share: the program, a receiver, TAP."""
import hashlib
import hmac
import base64
import collections
import datetime
import http.server
import json
import os
import pathlib
import random
import re
import shutil
import signal
import socket
import sqlite3
import ssl
import subprocess
import sys
import tempfile
import threading
import time
import traceback
import warnings

DONE, FAILED, USAGE, NOT_FOUND, REFUSED = range(5)
SECRET = "whsec_c3lzdGVtLXRlc3Qtc2VjcmV0LTAx"
SAMPLE = "Upcoming Renewals"
NOBODY = 65534


class Receiver:
    """Takes webhooks on a port of its own and verifies them with an independent computation."""

    def __init__(self, secret=SECRET, answer=200, host="127.0.0.1"):
        self.secret, self.answer, self.headers = secret, answer, {}
        self.requests = []
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                length = int(self.headers["Content-Length"])
                body = self.rfile.read(length)
                if len(body) < length:  # the sender ended in the middle of it
                    raise ConnectionAbortedError
                outer.requests.append((dict(self.headers.items()), body))
                outer.wait()
                self.send_response(outer.answer_to(body))
                for name, value in outer.headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", "2")
                self.end_headers()
                self.wfile.write(b"ok")

            def log_message(self, *_arguments):
                pass

        class Server(http.server.ThreadingHTTPServer):
            request_queue_size = 128
            address_family = socket.AF_INET6 if ":" in host else socket.AF_INET

            def handle_error(self, request, client_address):
                if not isinstance(sys.exc_info()[1], OSError):  # a sender that went away
                    super().handle_error(request, client_address)

        self.server = Server((host, 0), Handler)
        host = f"[{host}]" if ":" in host else host
        self.url = f"http://{host}:{self.server.server_port}/hook"
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_arguments):
        self.server.shutdown()
        self.server.server_close()

    def use_tls(self, certificate, key, version=None):
        """Speaks TLS, of no other version than the one that is named."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, key)
        if version is not None:
            context.set_ciphers("ALL:@SECLEVEL=0")
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                context.maximum_version = context.minimum_version = version
        self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
        self.url = self.url.replace("http:", "https:")

    def answer_to(self, _body):
        return self.answer

    def wait(self):
        """What passes between a request and its answer."""

    def verify(self):
        """Fails unless every request carries both signatures of the secret."""
        for headers, body in self.requests:
            headers = {name.lower(): value for name, value in headers.items()}
            qlm = hashlib.sha256(body + self.secret.encode()).hexdigest()
            equal(headers["x-qlm-signature"], qlm)
            key = base64.b64decode(self.secret.removeprefix("whsec_"))
            signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
            digest = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
            equal(headers["webhook-signature"], "v1," + digest)

    def keys(self):
        return [json.loads(body)["LicenseInfo"]["ActivationKey"] for _headers, body in self.requests]

    def ids(self):
        """The webhook-id of each request, in order."""
        return [{name.lower(): value for name, value in headers.items()}["webhook-id"]
                for headers, _body in list(self.requests)]


class Agent:
    """The built program over a workspace in a folder of its own."""

    everything = []  # all that any call has printed, for the search for secrets

    def __init__(self, program, folder):
        self.program, self.folder = str(program), pathlib.Path(folder)
        self.environment = dict(os.environ, XDG_DATA_HOME=str(self.folder), HOME=str(self.folder))
        for name in ("DISPLAY", "WAYLAND_DISPLAY", "DBUS_SESSION_BUS_ADDRESS", "NOTIFY_SOCKET"):
            self.environment.pop(name, None)

    @property
    def workspace(self):
        return self.folder / "latchkey"

    def start(self, *arguments, **options):
        return subprocess.Popen([self.program, *arguments], env=self.environment, text=True,
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE, **options)

    def call(self, *arguments, expect=DONE, stdin="", **options):
        result = subprocess.run([self.program, *arguments], env=self.environment, text=True,
                                input=stdin, capture_output=True, timeout=120, check=False,
                                encoding="utf-8", **options)
        self.note(result.stdout, result.stderr)
        if result.returncode != expect:
            raise AssertionError(f"{arguments} ended with {result.returncode}, not {expect}\n"
                                 f"stdout: {result.stdout}\nstderr: {result.stderr}")
        if expect != DONE and not re.search("^latchkey-agent: ", result.stderr, re.MULTILINE):
            raise AssertionError(f"{arguments} does not say why on stderr: {result.stderr!r}")
        return result

    def out(self, *arguments, **options):
        return self.call(*arguments, **options).stdout

    def says(self, expect, fragment, *arguments, **options):
        """Fails unless the call ends with `expect` and its message has `fragment`."""
        message = self.call(*arguments, expect=expect, **options).stderr
        if fragment.lower() not in message.lower():
            raise AssertionError(f"{arguments}: no “{fragment}” in {message!r}")
        return message

    def json(self, *arguments, expect=DONE, **options):
        return json.loads(self.out(*arguments, "--json", expect=expect, **options))

    def sql(self, text, *values, then=None, database="workspace.db"):
        """What the database holds, past the program."""
        connection = sqlite3.connect(self.workspace / database)
        with connection:
            rows = connection.execute(text, values).fetchall()
            if then is not None:
                connection.execute(then)
        connection.close()
        return rows

    @classmethod
    def note(cls, *texts):
        cls.everything += texts


def equal(found, wanted):
    if found != wanted:
        raise AssertionError(f"found {found!r}, wanted {wanted!r}")


def contains(text, *fragments):
    for fragment in fragments:
        if fragment not in text:
            raise AssertionError(f"no {fragment!r} in {text!r}")


class Skip(Exception):
    """Raised by a test that cannot run here."""


def copy_of(agent, name):
    """Another agent over a copy of the workspace as it is."""
    folder = agent.folder.parent / name
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(agent.folder, folder)
    return Agent(agent.program, folder)


class Suite:
    """Runs functions as TAP subtests, each over a fresh copy of a sample workspace."""

    def __init__(self, program, licenses=200):
        self.program, self.licenses, self.tests = program, licenses, []

    def test(self, function):
        self.tests.append(function)
        return function

    def run(self):
        print(f"1..{len(self.tests)}")
        failures = 0
        with tempfile.TemporaryDirectory(prefix="latchkey-test-") as root:
            prepared = pathlib.Path(root, "prepared")
            prepared.mkdir()
            agent = Agent(self.program, prepared)
            agent.call("init", "--sample", str(self.licenses))
            # Whenever the tests run, the timer of the sample's task does not go off.
            agent.sql("UPDATE task SET next_due_at = next_due_at + 24 * 3600 * 1000000")
            for number, function in enumerate(self.tests, 1):
                folder = pathlib.Path(root, f"test-{number}")
                shutil.copytree(prepared, folder)
                failures += self.run_one(number, function, folder)
        return 1 if failures else 0

    def run_one(self, number, function, folder):
        name = function.__name__.removeprefix("test_").replace("_", " ")
        try:
            function(Agent(self.program, folder))
            print(f"ok {number} - {name}", flush=True)
        except Skip as reason:
            print(f"ok {number} - {name} # SKIP {reason}", flush=True)
        except Exception:  # noqa: a test may fail in any way
            print(f"not ok {number} - {name}")
            for line in traceback.format_exc().splitlines():
                print(f"# {line}", flush=True)
            return 1
        return 0


def upcoming(agent):
    """The licenses that the sample search must match, computed without the program."""
    today = datetime.date.today()
    start, end = f"{today} 00:00:01", f"{today + datetime.timedelta(30)} 00:00:01"
    rows = agent.sql("SELECT ActivationKey FROM qryLicenseInfo WHERE SubscriptionExpiryDate > ? "
                     "AND SubscriptionExpiryDate < ?", start, end, database="licenses.db")
    return sorted(row[0] for row in rows)


def all_licenses(agent):
    return sorted(row[0] for row in agent.sql("SELECT ActivationKey FROM qryLicenseInfo",
                                              database="licenses.db"))


def add_task(agent, name, receiver, *arguments, search=SAMPLE):
    """Its timer is far from going off by itself: by default that is at the next full hour."""
    url = receiver if isinstance(receiver, str) else receiver.url
    start = datetime.datetime.now() + datetime.timedelta(hours=12)
    agent.call("task", "add", name, "--search", search, "--every", "1 day",
               "--start", f"{start:%Y-%m-%d %H:%M}", "--url", url, "--secret-file", "-", *arguments,
               stdin=SECRET)


def add_one_license_search(agent):
    key = upcoming(agent)[0]
    agent.call("search", "add", "One", "--sql", f"ActivationKey = '{key}'")
    return key


def make_due(agent, name):
    agent.sql("UPDATE task SET next_due_at = (? - 90) * 1000000 WHERE name = ?", int(time.time()),
              name)


def accounted(agent, receiver, wanted, repeats_after="outcome = 'unknown'"):
    """Every license arrived, under one id, with the same bytes each time; whatever arrived again did
    so after an attempt that `repeats_after` (SQL) allows; and the workspace is sound. Returns how
    many requests were repeats."""
    bodies, times = {}, collections.Counter()
    for webhook_id, (_headers, body) in zip(receiver.ids(), receiver.requests):
        times[webhook_id] += 1
        equal(bodies.setdefault(webhook_id, body), body)
    keys = [json.loads(body)["LicenseInfo"]["ActivationKey"] for body in bodies.values()]
    equal(sorted(keys), wanted)
    receiver.verify()

    equal(agent.sql("PRAGMA integrity_check"), [("ok",)])
    equal(agent.out("check"), "ok\n")
    rows = agent.sql("SELECT d.webhook_id, d.state, count(*), sum(a.outcome = 'success'), "
                     f"sum({repeats_after}) FROM delivery d JOIN attempt a ON a.delivery_id = d.id "
                     "GROUP BY d.id")
    equal(sorted(row[0] for row in rows), sorted(times))
    for webhook_id, state, attempts, successes, excuses in rows:
        found = (webhook_id, state, attempts, successes, excuses, times[webhook_id])
        assert (state, successes) == ("delivered", 1), found
        assert times[webhook_id] <= min(attempts, 1 + excuses), found
    return sum(times.values()) - len(times)


def full():
    """Whether the long versions of the tests run: `./dev test --crash`."""
    return os.environ.get("LATCHKEY_FULL") == "1"


def chance_of_this_run():
    """Random numbers; LATCHKEY_SEED repeats those of another time."""
    seed = os.environ.get("LATCHKEY_SEED") or str(random.randrange(1 << 32))
    print(f"# seed {seed}", flush=True)
    return random.Random(seed)


def until(condition, what, seconds=30):
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise AssertionError(f"waited {seconds} s in vain for {what}")
        time.sleep(0.02)


def holder(agent):
    lease = agent.json("status")["lease"]
    return lease["pid"] if lease["held"] else None


class Running:
    """`run` in the background."""

    def __init__(self, agent, *arguments, **options):
        self.agent = agent
        self.process = agent.start("run", *arguments, **options)

    def __enter__(self):
        until(lambda: self.process.poll() is not None or holder(self.agent) == self.process.pid,
              "the lease")
        return self.process

    def __exit__(self, *_arguments):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        try:
            Agent.note(*self.process.communicate(timeout=20))
        except subprocess.TimeoutExpired:
            self.process.kill()
            raise


def as_nobody(agent):
    """Options that run the program as somebody whom modes bind; root writes everywhere."""
    if os.geteuid() != 0:
        return {}
    agent.folder.parent.chmod(0o711)
    shutil.copy(agent.program, agent.folder / "program")
    agent.program = str(agent.folder / "program")
    for path in [agent.folder, *agent.folder.rglob("*")]:
        os.chown(path, NOBODY, NOBODY)
    return {"user": NOBODY, "group": NOBODY, "extra_groups": []}


def program_argument():
    return pathlib.Path(sys.argv[1]).resolve()
