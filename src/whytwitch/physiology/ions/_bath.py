"""The interstitial fluid in which an axon or a muscle fiber lies."""

from __future__ import annotations

from dataclasses import dataclass, fields

from whytwitch.physiology._errors import check_range

RANGES: dict[str, tuple[float, float, str]] = {
    "potassium_mmol_l": (0.5, 40.0, "mmol/L"),
    "sodium_mmol_l": (5.0, 300.0, "mmol/L"),
    "chloride_mmol_l": (5.0, 300.0, "mmol/L"),
    "ionized_calcium_mmol_l": (0.0, 50.0, "mmol/L"),
    "ionized_magnesium_mmol_l": (0.0, 50.0, "mmol/L"),
    "ph": (5.0, 9.5, ""),
    "temperature_c": (0.0, 45.0, "°C"),
}
"""What the model takes. Wider than any living person, since experiments on nerve go further."""


@dataclass(frozen=True, slots=True)
class Bath:
    """Free concentrations, acidity and warmth of the fluid outside. The defaults are a healthy adult's.

    Args:
        potassium_mmol_l: 4.2: 4.19 ± 0.09 in resting human muscle by microdialysis (Am J Physiol 278:R400,
            2000, doi 10.1152/ajpregu.2000.278.2.R400).
        sodium_mmol_l: 140: middle of the harmonized serum interval 133–146 (UK consensus, PMC4975217).
        chloride_mmol_l: 102: middle of 95–108, same source.
        ionized_calcium_mmol_l: 1.2: 1.184 ± 0.054 (2 SD) in serum of 121 donors, 1.22 in capillary
            blood (1978, doi 10.1093/clinchem/24.9.1545).
        ionized_magnesium_mmol_l: 0.55: between 0.52 (0.44–0.59) of Greenway 1996 (Clin Biochem 29:515)
            and 0.45–0.67 of 75 controls (pubmed 9736811); electrodes disagree by about 0.08.
        ph: 7.40.
        temperature_c: 33: the nerve at the wrist in the clinical test (skin 32.8 ± 0.9 °C).

    Raises:
        PhysiologyError: a value is not a number within its entry of ``RANGES``.
    """

    potassium_mmol_l: float = 4.2
    sodium_mmol_l: float = 140.0
    chloride_mmol_l: float = 102.0
    ionized_calcium_mmol_l: float = 1.2
    ionized_magnesium_mmol_l: float = 0.55
    ph: float = 7.40
    temperature_c: float = 33.0

    def __post_init__(self) -> None:
        for field in fields(self):
            check_range(field.name, getattr(self, field.name), *RANGES[field.name])
