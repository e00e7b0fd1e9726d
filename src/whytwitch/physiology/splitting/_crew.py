"""Independent pieces of work on threads, in an order that does not depend on them."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor, as_completed
from typing import TypeVar

from whytwitch.physiology._errors import PhysiologyError
from whytwitch.physiology.splitting._process import Progress

Result = TypeVar("Result")


def in_parallel(
    task: Callable[[int], Result], numbers: Iterable[int], threads: int, stage: str, progress: Progress | None
) -> list[Result]:
    """``task`` of each number, in their order.

    The first error, be it of a task or of ``progress``, drops what has not begun and passes through.
    """
    with ThreadPoolExecutor(threads) as pool:
        futures = [pool.submit(task, number) for number in numbers]
        try:
            for done, future in enumerate(as_completed(futures), 1):
                future.result()
                if progress:
                    progress(stage, done / len(futures))
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
        return [future.result() for future in futures]


def thread_count(threads: int | None) -> int:
    """How many threads to use; all cores by default.

    Raises:
        PhysiologyError: it is not a whole number from 1.
    """
    if threads is not None and not (isinstance(threads, int) and threads >= 1):
        raise PhysiologyError(f"threads is {threads!r}: give a whole number from 1, or None for all cores")
    return threads or os.cpu_count() or 1
