# SPDX-License-Identifier: GPL-3.0-or-later
"""How a figure is printed, and how a process is measured."""
import os
import pathlib
import re
import statistics
import subprocess
import threading
import time


def verdict(text, value, limit, unit):
    """A line that says whether `value` keeps to `limit`."""
    word = "ok    " if value <= limit else "MISSED"
    return f"{word} {text}: {value:.2f} {unit} (at most {limit:g})"


def median(values):
    return statistics.median(values)


class Peak(threading.Thread):
    """Follows the peak of a process's resident memory, every 20 ms. What wait4(2) says is no less
    than the memory of the process that started it."""

    def __init__(self, pid):
        super().__init__(daemon=True)
        self.path, self.mb = pathlib.Path(f"/proc/{pid}/status"), 0
        self.start()

    def run(self):
        while found := self.read():
            self.mb = int(found[1]) / 1024
            time.sleep(0.02)

    def read(self):
        try:
            return re.search(r"^VmHWM:\s*(\d+) kB", self.path.read_text(encoding="ascii"), re.M)
        except OSError:
            return None


class Measured:
    """Runs a program to its end: wall seconds, CPU seconds, peak megabytes."""

    def __init__(self, command, **options):
        start = time.monotonic()
        process = subprocess.Popen(command, **options)
        peak = Peak(process.pid)
        _, self.status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(self.status)
        self.wall = time.monotonic() - start
        self.cpu = usage.ru_utime + usage.ru_stime
        peak.join()
        self.peak_mb = peak.mb
        if process.returncode != 0:
            raise RuntimeError(f"{command[0]} ended with {process.returncode}")
