"""Sending: each printer in a thread of its own, since printers take their time and no print may wait for it."""

import threading
from dataclasses import dataclass, field

from .. import logs
from ..records import PrintSend
from ..work.print_making import Making, draw_to, making
from ..work.wire import end_send, sending_waits, stop_dead, take_send, went_out
from .press import Press
from .wire import ROWS_BETWEEN_QUESTIONS, Stopped, Wire

PRESS = "press"
"""Why a sending stopped whose press ended."""


@dataclass
class Sender:
    press: Press
    threads: list[threading.Thread] = field(default_factory=list)

    def look(self) -> None:
        """Begin what waits; stop what a dead press left."""
        with self.press.read() as session:
            if not sending_waits(session, now=self.press.now()):
                return
        with self.press.write() as session:
            stop_dead(session, now=self.press.now())
            taken = take_send(session, now=self.press.now())
            key = taken.id if taken else None
            session.commit()
        if key is not None:
            thread = threading.Thread(target=self._send, args=(key,), daemon=True)
            self.threads = [one for one in self.threads if one.is_alive()] + [thread]
            thread.start()

    def wait(self) -> None:
        for thread in self.threads:
            thread.join()

    def _send(self, key: int) -> None:
        problem: str | None = None
        try:
            _Sending(self.press, key).do()
        except Stopped as stopped:
            problem = stopped.why
        except Exception as error:
            logs.log.error("a sending failed", exc_info=error)
            problem = PRESS
        with self.press.write() as session:
            end_send(session, key, problem, now=self.press.now())
            session.commit()


class _Sending:
    def __init__(self, press: Press, key: int) -> None:
        self.press, self.key = press, key
        self.made: Making

    def do(self) -> None:
        with self.press.read() as session:
            sending = session.get_one(PrintSend, self.key)
            printer = sending.printer
            self.made = making(session, sending.job, self.press.keyring(session))
            where = (printer.ip, printer.port, printer.language)
        self._well(0)
        with Wire(*where, well=self._well) as wire:
            draw_to(self.made, wire, lambda _done, _all: None)
            wire.finish()
        self._tell(self.made.labels, self.made.labels)

    def _well(self, rows: int) -> None:
        """Written down before the next rows go out, so that a killed press leaves no label unaccounted for."""
        self._tell(labels_after(self.made, rows + ROWS_BETWEEN_QUESTIONS), labels_after(self.made, rows))
        if self.press.stop.is_set():
            raise Stopped(PRESS)

    def _tell(self, sent: int, sure: int) -> None:
        with self.press.write() as session:
            held = went_out(session, self.key, sent, sure, now=self.press.now())
            session.commit()
        if not held:
            raise Stopped(PRESS)


def labels_after(made: Making, rows: int) -> int:
    """How many labels so many rows of the roll hold: its first row, and each divider, hold none."""
    sheet = made.options["sheet"]
    rows -= bool(sheet.leader)
    done = passed = 0
    while rows > 0 and done < made.labels:
        if sheet.divider_every and done // sheet.divider_every > passed:
            passed = done // sheet.divider_every
        else:
            done = min(made.labels, done + made.columns)
        rows -= 1
    return done
