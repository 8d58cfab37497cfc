"""Processes that we start: they end when we do, even when we are killed."""

import ctypes
import os
import signal
import subprocess
import sys

from ..settings import ROOT

DIE_WITH_PARENT = 1  # PR_SET_PDEATHSIG of prctl(2)


def start(tool: str, *words: str) -> subprocess.Popen[bytes]:
    """A Python module as a child in a session of its own, so that Ctrl-C reaches it once, through us."""
    command = [sys.executable, "-m", tool, *words]
    return subprocess.Popen(command, cwd=ROOT, start_new_session=True, preexec_fn=die_with_parent)  # noqa: S603, PLW1509 - no thread runs here yet


def start_press() -> subprocess.Popen[bytes]:
    """From a thread, so the child itself asks the kernel for our end."""
    command = [sys.executable, "-m", "flask", "--app", "trace", "press", "--of", str(os.getpid())]
    return subprocess.Popen(command, cwd=ROOT, start_new_session=True)  # noqa: S603


def die_with_parent() -> None:
    """On Linux the kernel stops a child whose parent was killed; elsewhere a killed parent leaves its children."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(DIE_WITH_PARENT, signal.SIGTERM)
