"""Calcium adjusted for albumin."""

from __future__ import annotations

from whytwitch.case._model import LabResult
from whytwitch.knowledge import Catalogue

TOTAL = ("calcium", "calcium_total")
ADJUSTED = "calcium_adjusted"


def adjusted_calcium(total_mmol_l: float, albumin_g_l: float) -> float:
    """Total calcium adjusted for albumin, in mmol/L: total + 0.02 x (40 - albumin in g/L).

    The adjustment of Payne RB, Little AJ, Williams RB, Milner JR. Interpretation of serum calcium in
    patients with abnormal serum proteins. BMJ 1973;4:643-646, with the coefficient in common use.
    """
    return total_mmol_l + 0.02 * (40.0 - albumin_g_l)


def adjust_calcium(results: list[LabResult], catalogue: Catalogue) -> list[LabResult]:
    """Put adjusted calcium in place of total calcium where albumin is known too."""
    held = {result.analyte: result for result in results}
    total, albumin = next((held[k] for k in TOTAL if k in held), None), held.get("albumin")
    if total is None or albumin is None or ADJUSTED in held or ADJUSTED not in catalogue.analytes:
        return results
    if total.value_si is None or albumin.value_si is None or not _in_si(total, albumin, catalogue):
        return results
    value = round(adjusted_calcium(total.value_si, albumin.value_si), 3)
    unit = catalogue.analytes[ADJUSTED].unit
    note = f"total calcium {total.value_si:.2f} mmol/L adjusted for albumin {albumin.value_si:.0f} g/L"
    adjusted = total.model_copy(
        update={"analyte": ADJUSTED, "value": value, "unit": unit, "value_si": value, "note": note}
    )
    return [adjusted if result is total else result for result in results]


def _in_si(total: LabResult, albumin: LabResult, catalogue: Catalogue) -> bool:
    """Whether the catalogue keeps both in the units that the formula is made for."""
    units = (catalogue.analytes[total.analyte].unit.lower(), catalogue.analytes[albumin.analyte].unit.lower())
    return units == ("mmol/l", "g/l")
