# SPDX-License-Identifier: GPL-3.0-or-later
"""An agent with 100 tasks of which none is due, watched for a minute."""
import os
import pathlib
import subprocess
import time

from bench_deliveries import SECRET, agent
from figures import verdict

TASKS = 100
SECONDS = 60


def cpu_seconds(pid):
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def switches(pid):
    """How often any thread of the process went to sleep of its own accord."""
    total = 0
    for status in pathlib.Path(f"/proc/{pid}/task").glob("*/status"):
        for line in status.read_text().splitlines():
            if line.startswith("voluntary_ctxt_switches"):
                total += int(line.split()[1])
    return total


def resident_mb(pid):
    for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1]) / 1024
    raise RuntimeError("no VmRSS")


def count_wakes(pid, seconds):
    """Wake-ups: moments at which the process ran after it had slept for a tenth of a second or more;
    its threads handing work to each other are one, also where another program keeps them waiting."""
    wakes, before, ran, end = 0, switches(pid), False, time.monotonic() + seconds
    while time.monotonic() < end:
        time.sleep(0.1)
        now = switches(pid)
        wakes += now != before and not ran
        ran, before = now != before, now
    return wakes


def measure(build, folder, _rounds):
    workspace = folder / "idle"
    agent(build, workspace, "init", "--sample", "100")
    for number in range(TASKS):
        agent(build, workspace, "task", "add", f"Task {number}", "--search", "Upcoming Renewals",
              "--every", "1 month", "--start", "2030-01-01 00:00",
              "--url", "http://127.0.0.1:1/hook", "--secret-file", "-", input=SECRET)
    process = subprocess.Popen([str(build / "src/agent/latchkey-agent"), "--workspace",
                                str(workspace), "run"], stderr=subprocess.DEVNULL)
    try:
        time.sleep(20)  # GLib lets go of the threads that opened the workspace after 15 s
        cpu, wakes = cpu_seconds(process.pid), count_wakes(process.pid, SECONDS)
        cpu = cpu_seconds(process.pid) - cpu
        memory = resident_mb(process.pid)
    finally:
        process.terminate()
        process.wait()
    yield verdict(f"CPU over {SECONDS} s (the clock counts hundredths)", cpu, 0.01, "s")
    yield verdict("wake-ups a minute", wakes * 60 / SECONDS, 3, "")
    yield verdict("resident memory", memory, 30, "MB")
