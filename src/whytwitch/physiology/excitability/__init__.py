"""Nerve excitability as the clinic measures it: curves, indices, norms, and the test itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from whytwitch._lazy import lazily

if TYPE_CHECKING:
    from whytwitch.physiology.excitability._curves import STANDARD_DELAYS, Curves
    from whytwitch.physiology.excitability._fit import MEASUREMENT, PRIORS, Amount, Fit, fit
    from whytwitch.physiology.excitability._indices import UNITS, indices
    from whytwitch.physiology.excitability._measured import Measured, read_excitability
    from whytwitch.physiology.excitability._norms import (
        Cohort,
        Normal,
        normal_curves,
        normal_indices,
        normal_mean_curves,
        z_scores,
    )
    from whytwitch.physiology.excitability._page import norm_text, page, word, z_text
    from whytwitch.physiology.excitability._picture import HEADLINES, PICTURE_STYLE, SHORT, Shown, picture
    from whytwitch.physiology.excitability._protocol import Excitability, excite

_HOMES = {
    "MEASUREMENT": "_fit",
    "PRIORS": "_fit",
    "Amount": "_fit",
    "Fit": "_fit",
    "fit": "_fit",
    "HEADLINES": "_picture",
    "PICTURE_STYLE": "_picture",
    "SHORT": "_picture",
    "STANDARD_DELAYS": "_curves",
    "UNITS": "_indices",
    "Cohort": "_norms",
    "Curves": "_curves",
    "Excitability": "_protocol",
    "Measured": "_measured",
    "Normal": "_norms",
    "Shown": "_picture",
    "excite": "_protocol",
    "indices": "_indices",
    "normal_curves": "_norms",
    "normal_indices": "_norms",
    "normal_mean_curves": "_norms",
    "norm_text": "_page",
    "page": "_page",
    "picture": "_picture",
    "read_excitability": "_measured",
    "word": "_page",
    "z_scores": "_norms",
    "z_text": "_page",
}

__all__ = [
    "MEASUREMENT",
    "PRIORS",
    "Amount",
    "Fit",
    "fit",
    "HEADLINES",
    "PICTURE_STYLE",
    "SHORT",
    "STANDARD_DELAYS",
    "UNITS",
    "Cohort",
    "Curves",
    "Excitability",
    "Measured",
    "Normal",
    "Shown",
    "excite",
    "indices",
    "normal_curves",
    "normal_indices",
    "normal_mean_curves",
    "norm_text",
    "page",
    "picture",
    "read_excitability",
    "word",
    "z_scores",
    "z_text",
]

__getattr__, __dir__ = lazily(__name__, _HOMES)
