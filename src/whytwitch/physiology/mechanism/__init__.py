"""From measurement back to mechanism: what could explain a nerve excitability test, and what cannot be
told.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from whytwitch._lazy import lazily

if TYPE_CHECKING:
    from whytwitch.physiology.mechanism._causes import ActingCause, causes_of, mechanisms_of
    from whytwitch.physiology.mechanism._families import (
        LEAST_DOSE,
        MECHANISMS,
        NORMAL,
        Mechanism,
        axon_of,
        person_of,
    )
    from whytwitch.physiology.mechanism._pattern import (
        MEANING,
        Pattern,
        PatternPosterior,
        infer_clustering,
        infer_pattern,
        infer_pattern_pooled,
    )
    from whytwitch.physiology.mechanism._posterior import (
        CREDIBLE,
        PRIOR_NORMAL,
        Dose,
        MechanismPosterior,
        infer_dose,
        infer_mechanism,
    )
    from whytwitch.physiology.mechanism._space import INDICES, drawn_in, place, values_at
    from whytwitch.physiology.mechanism._table import Table, table, unfolded

_HOMES = {
    "ActingCause": "_causes",
    "causes_of": "_causes",
    "mechanisms_of": "_causes",
    "LEAST_DOSE": "_families",
    "MECHANISMS": "_families",
    "NORMAL": "_families",
    "Mechanism": "_families",
    "axon_of": "_families",
    "person_of": "_families",
    "MEANING": "_pattern",
    "Pattern": "_pattern",
    "PatternPosterior": "_pattern",
    "infer_clustering": "_pattern",
    "infer_pattern": "_pattern",
    "infer_pattern_pooled": "_pattern",
    "CREDIBLE": "_posterior",
    "PRIOR_NORMAL": "_posterior",
    "Dose": "_posterior",
    "MechanismPosterior": "_posterior",
    "infer_dose": "_posterior",
    "infer_mechanism": "_posterior",
    "INDICES": "_space",
    "drawn_in": "_space",
    "place": "_space",
    "values_at": "_space",
    "Table": "_table",
    "table": "_table",
    "unfolded": "_table",
}

__all__ = [
    "CREDIBLE",
    "INDICES",
    "LEAST_DOSE",
    "MEANING",
    "MECHANISMS",
    "NORMAL",
    "PRIOR_NORMAL",
    "ActingCause",
    "Dose",
    "Mechanism",
    "MechanismPosterior",
    "Pattern",
    "PatternPosterior",
    "Table",
    "axon_of",
    "causes_of",
    "drawn_in",
    "infer_clustering",
    "infer_dose",
    "infer_mechanism",
    "infer_pattern",
    "infer_pattern_pooled",
    "mechanisms_of",
    "person_of",
    "place",
    "table",
    "unfolded",
    "values_at",
]

__getattr__, __dir__ = lazily(__name__, _HOMES)
