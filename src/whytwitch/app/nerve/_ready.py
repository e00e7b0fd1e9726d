"""Getting the model ready: compiled loops, the normal nerve, once, beside the pages that need it."""

from __future__ import annotations

from collections.abc import Callable
from threading import Event, Lock, Thread

from whytwitch.app.nerve._curves import normal_axon, traces_of
from whytwitch.app.nerve._emg import units


class Warmth:
    """Warms up in the background from when it is first asked for.

    Args:
        work: what has to be done once; the model's by default.
    """

    def __init__(self, work: Callable[[], object] | None = None) -> None:
        self._work = work or _warm
        self._done = Event()
        self._lock = Lock()
        self._started = False
        self.error = ""

    def ask(self) -> bool:
        """Whether it is ready; if nothing has been done for it, that begins now."""
        with self._lock:
            if not self._started:
                self._started = True
                Thread(target=self._run, name="warm-up", daemon=True).start()
        return self._done.is_set()

    def wait(self, seconds: float) -> bool:
        """Wait until it is ready, for so long at most."""
        self.ask()
        return self._done.wait(seconds)

    def _run(self) -> None:
        try:
            self._work()
        except Exception as error:  # noqa: BLE001
            # A page that waits forever says less than one that shows what went wrong.
            self.error = str(error) or type(error).__name__
        finally:
            self._done.set()


def _warm() -> None:
    from whytwitch.physiology.rate import predict, ratio
    from whytwitch.physiology.scenario import ChangedSystem, Operation

    normal = ChangedSystem()
    other = ChangedSystem((Operation("bath.potassium_mmol_l", "override", 4.0, "warm-up"),))
    ratio(other, normal)
    predict(normal)
    traces_of(normal_axon())
    units()


__all__ = ["Warmth"]
