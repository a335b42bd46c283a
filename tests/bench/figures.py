# SPDX-License-Identifier: GPL-3.0-or-later
"""How a figure is printed, and how a process is measured."""
import os
import statistics
import subprocess
import time


def verdict(text, value, limit, unit):
    """A line that says whether `value` keeps to `limit`."""
    word = "ok    " if value <= limit else "MISSED"
    return f"{word} {text}: {value:.2f} {unit} (at most {limit:g})"


def median(values):
    return statistics.median(values)


class Measured:
    """Runs a program to its end: wall seconds, CPU seconds, peak megabytes."""

    def __init__(self, command, **options):
        start = time.monotonic()
        process = subprocess.Popen(command, **options)
        _, self.status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(self.status)
        self.wall = time.monotonic() - start
        self.cpu = usage.ru_utime + usage.ru_stime
        self.peak_mb = usage.ru_maxrss / 1024
        if process.returncode != 0:
            raise RuntimeError(f"{command[0]} ended with {process.returncode}")
