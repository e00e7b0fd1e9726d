"""Probabilities as people can read them: counts out of 1,000, never more exact than they are."""

from __future__ import annotations


def per_thousand(p: float) -> int:
    """The count out of 1,000 that is shown: steps of 1 below 10, of 5 below 100, of 10 above.

    0 stands for "less than 1", and 1,000 for "more than 990".
    """
    count = p * 1000.0
    if count < 1.0:
        return 0
    if count >= 995.0:
        return 1000
    step = 1 if count < 9.5 else 5 if count < 97.5 else 10
    return int(step * int(count / step + 0.5))


def count(p: float) -> str:
    """A bare count: ``420``, ``less than 1`` or ``more than 990``."""
    shown = per_thousand(p)
    return {0: "less than 1", 1000: "more than 990"}.get(shown, str(shown))


def chance(p: float) -> str:
    """``about 420 in 1,000``."""
    shown = count(p)
    return f"{'about ' if shown.isdigit() else ''}{shown} in 1,000"


def rest(p: float) -> str:
    """The people for whom it is something else: ``about 990 of 1,000``."""
    shown = per_thousand(p)
    if shown == 0:
        return "more than 999 of 1,000"
    return "less than 10 of 1,000" if shown == 1000 else f"about {1000 - shown} of 1,000"


def span(low: float, high: float) -> str:
    """``may be 250 to 600``; empty where both ends read the same."""
    a, b = per_thousand(low), per_thousand(high)
    if a == b:
        return ""
    if a == 0:
        return f"may be up to {count(high)}"
    return f"may be {a} to {count(high)}"


def decimal(p: float) -> str:
    """A probability for the expert, two digits that count: ``0.42``, ``0.013``, ``<0.001``."""
    if p < 0.001:
        return "<0.001"
    if p > 0.995:
        return ">0.99"
    return f"{p:.2f}" if p >= 0.1 else f"{p:.2g}"


def ratio(log_odds: float) -> str:
    """A likelihood ratio from its natural logarithm: ``×3.6`` or ``÷2``."""
    factor = 2.718281828459045 ** abs(log_odds)
    shown = f"{factor:.0f}" if factor >= 10 else f"{factor:.1f}"
    return f"{'×' if log_odds >= 0 else '÷'}{shown}"
