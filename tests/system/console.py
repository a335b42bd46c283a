# SPDX-License-Identifier: GPL-3.0-or-later
"""Drives the built console as a person does: it is seen through the accessibility tree (AT-SPI) and
worked with clicks, keys and text.

Needs a display, a session bus, GTK_A11Y=atspi and the system's own Python, for which Debian builds
the binding to AT-SPI. Objects come and go with popovers and pages, so nothing is kept over a step:
each step looks its object up again, for a bounded time.
"""
import itertools
import os
import pathlib
import signal
import subprocess
import time
import warnings

import gi

gi.require_version("Atspi", "2.0")
from gi.repository import Atspi, GLib  # noqa: E402

warnings.simplefilter("ignore", DeprecationWarning)  # AT-SPI's older names are what Debian 12 has

PATIENCE = 20  # seconds until a step counts as failed
TEXTS = ("entry", "text", "password text")
LEAVES = ("label", "image", "separator", "scroll bar", "spin button", *TEXTS)
GRIDS = ("table", "tree table")  # reading all their cells takes seconds: only when asked


def until(condition, what, seconds=PATIENCE):
    """Polls until the condition holds and returns what it gave; fails naming what it waited for."""
    end = time.monotonic() + seconds * float(os.environ.get("LATCHKEY_TEST_PATIENCE", "1"))
    while True:
        try:
            found = condition()
        except GLib.Error:  # the object went away while it was looked at
            found = None
        if found:
            return found
        if time.monotonic() > end:
            raise AssertionError(f"waited {seconds} s in vain for {what}")
        time.sleep(0.05)


def children(node):
    for index in range(node.get_child_count()):
        child = node.get_child_at_index(index)
        if child is not None:
            yield child


def walk(node, grids=False):
    """The node and all below it, in reading order, but for what has nothing of interest below."""
    yield node
    role = node.get_role_name()
    if role not in LEAVES and (grids or role not in GRIDS):
        for child in children(node):
            yield from walk(child, grids)


def text_of(node):
    """What stands in an entry, a label or a text view."""
    if "Text" not in node.get_interfaces():
        return ""
    return Atspi.Text.get_text(node, 0, Atspi.Text.get_character_count(node))


def is_called(node, name):
    """GTK 4.8 gives a widget with a mnemonic its label twice: “C_lear Clear”."""
    found = node.get_name()
    return name == found or found.replace("_", "") in (name, f"{name} {name}")


def first_label(item):
    """What an item is called; a second label says how many there are."""
    return next((node.get_name() for node in walk(item) if node.get_role_name() == "label"), "")


def popup_items(combo):
    """What the open popover of a drop-down offers; empty while it is closed."""
    popup = next((node for node in walk(combo) if node.get_role_name() == "list"), None)
    return [] if popup is None else [first_label(item) for item in children(popup)]


def extents(node):
    """Relative to the window: what GTK 4 knows."""
    return Atspi.Component.get_extents(node, Atspi.CoordType.WINDOW)


def xdotool(*arguments):
    return subprocess.run(["xdotool", *arguments], capture_output=True, text=True, timeout=20,
                          check=False).stdout


def is_on(node, state):
    return node.get_state_set().contains(state)


class Console:
    """One running console. Use it in a `with` statement: it is ended at the end."""

    def __init__(self, build, workspace, **environment):
        self.program = str(pathlib.Path(build, "src", "ui", "latchkey").resolve())
        self.workspace = str(workspace)
        self.environment = dict(
            os.environ, GTK_A11Y="atspi", GSK_RENDERER="cairo", GSETTINGS_BACKEND="memory",
            GIO_USE_VFS="local", GSETTINGS_SCHEMA_DIR=str(pathlib.Path(build, "data").resolve()),
            **environment)
        self.process = self.top = None

    def __enter__(self):
        self.process = subprocess.Popen([self.program, "--workspace", self.workspace],
                                        env=self.environment)
        try:
            self.top = until(self.find_application, "the console to start")
            self.top.set_cache_mask(Atspi.Cache.NONE)
            self.window("Latchkey")
        except BaseException:
            self.__exit__()  # Python does not, and whoever reads our output would wait for its end
            raise
        return self

    def __exit__(self, *_arguments):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()

    def find_application(self):
        if self.process.poll() is not None:
            raise AssertionError(f"the console ended with {self.process.returncode}")
        desktop = Atspi.get_desktop(0)
        desktop.clear_cache()
        return next((application for application in children(desktop)
                     if self.is_process(application)), None)

    def is_process(self, application):
        try:
            return application.get_process_id() == self.process.pid
        except GLib.Error:  # one that has ended and is still listed
            return False

    # Looking

    def windows(self):
        return list(children(self.top))

    def window(self, title):
        """What needs a person follows the title of the main window after a colon."""
        return until(lambda: next((window for window in self.windows()
                                   if window.get_name().split(": ")[0] == title), None),
                     f"the window “{title}”")

    def search(self, name, role=None, within=None):
        """The first object of that name (and role, a word or a tuple of them), or None."""
        roles = (role,) if isinstance(role, str) else role
        for window in [within] if within is not None else self.windows():
            for node in walk(window):
                if (roles is None or node.get_role_name() in roles) and is_called(node, name):
                    return node
        return None

    def find(self, name, role=None, title=None, seconds=PATIENCE):
        """Waits for an object; `title` restricts the search to the window of that title."""
        return until(lambda: self.search(name, role, title and self.window(title)),
                     f"{role or 'something'} called “{name}”", seconds)

    def texts(self, title):
        """What every label of a window says."""
        return [text_of(node) for node in walk(self.window(title))
                if node.get_role_name() == "label"]

    def says(self, title, fragment, seconds=PATIENCE):
        """Waits for a label with that fragment and returns its whole text."""
        return until(lambda: next((text for text in self.texts(title) if fragment in text), None),
                     f"a label with “{fragment}” in “{title}”", seconds)

    # Acting

    def click(self, name, title="Latchkey"):
        """Clicks a button as soon as it can be clicked: it is on the screen and sensitive."""
        node = until(lambda: self.search_clickable(name, title), f"the button “{name}”")
        Atspi.Action.do_action(node, 0)

    def search_clickable(self, name, title):
        node = self.search(name, ("push button", "toggle button"), self.window(title))
        if node is None or not is_on(node, Atspi.StateType.SENSITIVE):
            return None
        return node if extents(node).width > 0 else None

    def type_into(self, name, text, title):
        node = self.find(name, TEXTS, title)
        Atspi.EditableText.set_text_contents(node, text)
        until(lambda: text_of(node) == text, f"the text in “{name}”")

    def choose(self, name, item, title):
        """Opens a drop-down and takes an item with the keyboard."""
        combo = self.find(name, "combo box", title)
        toggle = next(node for node in walk(combo) if node.get_role_name() == "push button")
        self.focus(title)
        Atspi.Action.do_action(toggle, 0)
        index = until(lambda: popup_items(combo), f"the items of “{name}”").index(item)
        self.press(title, "Home", *["Down"] * index, "Return")
        until(lambda: not popup_items(combo), f"“{name}” to close")
        until(lambda: any(node.get_name() == item for node in walk(toggle)),
              f"“{item}” in “{name}”")

    def point_at(self, node, title, button=1):
        """A real click of the pointer, for what has no action of its own."""
        xid = self.focus(title)
        frame, place = extents(self.window(title)), extents(node)
        width, height = self.geometry(xid)
        x = (width - frame.width) // 2 + place.x + min(place.width // 2, 40)
        y = (height - frame.height) // 2 + place.y + place.height // 2
        xdotool("mousemove", "--sync", "--window", xid, str(x), str(y), "click", str(button))

    def press(self, title, *keys):
        xdotool("key", "--window", self.focus(title), "--clearmodifiers", *keys)

    def focus(self, title):
        """Without a window manager nobody else does it. Returns the X id of the window."""
        xid = until(lambda: xdotool("search", "--all", "--pid", str(self.process.pid), "--onlyvisible",
                                    "--name", f"^{title}(: .*)?$").split(), f"“{title}” on screen")[0]
        xdotool("windowfocus", "--sync", xid)
        return xid

    @staticmethod
    def geometry(xid):
        lines = xdotool("getwindowgeometry", "--shell", xid).splitlines()
        values = dict(line.split("=") for line in lines)
        return int(values["WIDTH"]), int(values["HEIGHT"])

    def check(self, name, title):
        """Checks a box by pointer: GTK 4.8 offers no action for it."""
        box = self.find(name, "check box", title)
        if not is_on(box, Atspi.StateType.CHECKED):
            self.point_at(box, title)
        until(lambda: is_on(box, Atspi.StateType.CHECKED), f"“{name}” to be checked")

    def select(self, name, title):
        """Chooses a row of a dialog's list."""
        row = self.find(name, "list item", title)
        Atspi.Selection.select_child(row.get_parent(), row.get_index_in_parent())
        field = self.find("Name", TEXTS, title)
        until(lambda: text_of(field) == name, f"“{name}” in the form")

    def add(self, blank, title):
        """Add, in a dialog with a list; `blank` is what the new row is called."""
        self.click("Add", title)
        self.find(f"{blank}, not saved yet", "list item", title)

    def accept(self, title):
        """OK, and the dialog goes away."""
        self.click("OK", title)
        until(lambda: title not in [window.get_name() for window in self.windows()],
              f"“{title}” to close")

    def act(self, action, title="Latchkey"):
        """One of the actions that a window lists, such as window.close."""
        window = self.window(title)
        names = [window.get_action_name(index) for index in range(window.get_n_actions())]
        Atspi.Action.do_action(window, names.index(action))

    def close(self):
        """Closes the window; returns how the program ended."""
        try:
            self.act("window.close")
        except GLib.Error:
            pass  # it may be gone before it answers
        return self.process.wait(PATIENCE)

    # The delivery log

    def log_table(self):
        return self.find("Delivery Log", "tree table", "Latchkey")

    @staticmethod
    def log_rows(table, limit=5):
        """The first rows of the delivery log, each a list of texts."""
        body = next((node for node in children(table) if node.get_role_name() == "list"), None)
        rows = []
        for index in range(min(limit, body.get_child_count() if body is not None else 0)):
            row = body.get_child_at_index(index)
            if row is not None:
                rows.append([node.get_name() for node in walk(row)
                             if node.get_role_name() == "label"])
        return rows

    def log_cell(self, table, text):
        """The first cell of the delivery log that says so and is on the screen."""
        body = next(node for node in children(table) if node.get_role_name() == "list")
        for row in itertools.islice(children(body), 40):
            for node in walk(row):
                if node.get_name() == text and extents(node).height > 0:
                    return node
        return None

    @staticmethod
    def rest_pointer():
        """Takes the pointer away from what it would highlight."""
        xdotool("mousemove", "--sync", "1399", "899")
