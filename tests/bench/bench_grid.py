# SPDX-License-Identifier: GPL-3.0-or-later
"""The console on a million licenses, against the same window on a database without any."""
import json
import os
import shutil
import sqlite3
import subprocess

from bench_deliveries import agent
from figures import median, verdict

LICENSES = 1_000_000


def make_workspace(build, workspace, licenses):
    """The sample, with its task switched off: a console runs what is due."""
    agent(build, workspace, "init", "--sample", str(licenses))
    tasks = json.loads(agent(build, workspace, "task", "list", "--json"))
    for task in tasks["tasks"] if isinstance(tasks, dict) else tasks:
        agent(build, workspace, "task", "disable", task["name"])
    return workspace


def make_empty_workspace(build, workspace):
    make_workspace(build, workspace, 1)
    database = sqlite3.connect(workspace / "licenses.db")
    database.executescript("DELETE FROM activations; DELETE FROM licenses;")
    database.close()
    return workspace


def run_console(build, workspace):
    """What bench-grid found; it says what each figure is."""
    environment = dict(os.environ, GSK_RENDERER="cairo", GSETTINGS_BACKEND="memory",
                       GIO_USE_VFS="local", GTK_A11Y="none",
                       GSETTINGS_SCHEMA_DIR=str(build / "data"))
    done = subprocess.run([str(build / "tests/bench/bench-grid"), str(workspace)], check=True,
                          stdout=subprocess.PIPE, text=True, env=environment)
    return json.loads(done.stdout)


def name_sort(sort):
    return f"{sort['column']}, {'descending' if sort['descending'] else 'ascending'}"


def rank_sorts(rounds):
    """The median of each sort in milliseconds, with its name, the slowest first."""
    times = {}
    for found in rounds:
        for sort in found["sorts"]:
            times.setdefault(name_sort(sort), []).append(sort["ms"])
    return sorted(((median(values), name) for name, values in times.items()), reverse=True)


def measure(build, folder, rounds):
    empty = make_empty_workspace(build, folder / "empty")
    million = make_workspace(build, folder / "million", LICENSES)
    emptys, fulls = [], []
    for _ in range(rounds):
        emptys.append(run_console(build, empty))
        fulls.append(run_console(build, million))
    shutil.rmtree(million)
    sorts = rank_sorts(fulls)
    frames = [sorted(full["frames_ms"]) for full in fulls]
    yield f"       {LICENSES:,} licenses; the search matches {fulls[0]['n_matches']:,}"
    yield (f"       first frame without licenses: {median(e['first_frame_ms'] for e in emptys):.0f}"
           f" ms; with licenses: {median(f['first_frame_ms'] for f in fulls):.0f} ms;"
           f" first rows: {median(f['first_rows_ms'] for f in fulls):.0f} ms;"
           f" the whole list: {median(f['all_rows_ms'] for f in fulls):.0f} ms")
    yield "       slowest sorts: " + "; ".join(f"{name} {ms:.0f} ms" for ms, name in sorts[:5])
    yield (f"       a frame of scrolling: {median(median(f) for f in frames):.1f} ms,"
           f" 95 of 100 under {median(f[len(f) * 95 // 100] for f in frames):.1f} ms")
    yield verdict("first rows by the first frame without licenses, median of the rounds",
                  median(f["first_rows_ms"] / e["first_frame_ms"] for e, f in zip(emptys, fulls)),
                  1.3, "x")
    yield verdict(f"re-sort by the slowest column ({sorts[0][1]})", sorts[0][0] / 1000, 0.5, "s")
    yield verdict("search by an indexed date", median(f["filter_ms"] for f in fulls), 100, "ms")
    yield verdict("longest frame of scrolling by pages", median(f[-1] for f in frames), 50, "ms")
    yield verdict("anonymous memory, after loading, scrolling, searching or sorting",
                  median(max(f["loaded_mb"], f["scrolled_mb"], f["sorted_mb"]) for f in fulls),
                  120, "MB")
