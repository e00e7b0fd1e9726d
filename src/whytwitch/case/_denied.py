"""Words that tell something only where they are denied: "no drugs", "without sphincter disturbance".

Said outright they are too broad to stand for one item; denied they leave no doubt.
"""

from __future__ import annotations

from whytwitch.case._match import Match
from whytwitch.case._text import Document

DENIED: dict[str, tuple[str, ...]] = {
    "alcohol_heavy": ("alcohol", "(drink|drinks|drank|drinking)"),
    "animal_bite": ("(bite|bites)", "(dog|cat|bat|animal|monkey) (bite*|scratch*|contact)"),
    "bowel_bladder_loss": ("sphincter*", "(bladder|bowel) (problem*|trouble|symptom*|disturbance*)"),
    "confusion": ("mental (state|status)",),
    "dysarthria": ("bulbar", "speech (disturbance*|problem*|change*|difficult*|trouble)"),
    "dysphagia": ("bulbar", "swallowing (disturbance*|problem*|change*|difficult*|trouble)"),
    "hearing_loss": ("hearing",),
    "injection_or_surgery": ("(operation|operations|surgery|surgeries|injections)",),
    "low_mood": ("mood",),
    "muscle_pain": ("(pain|pains|aches|hurt|hurts|painful)",),
    "nicotine": ("(smoke|smokes|smoking|tobacco|cigarettes)",),
    "pesticide_exposure": ("(chemical|chemicals|toxin|toxins|poisons|pesticides)",),
    "recent_infection": ("(infection|infections)",),
    "recent_trauma": ("(injury|injuries|trauma|accident|accidents)",),
    "recreational_stimulants": ("drugs", "(recreational|illicit|street|illegal|hard) drug*", "drug use",
                                "substance (use|abuse|misuse)"),
    "sensory_loss": ("sensory (disturbance*|symptom*|loss|change*|deficit*|involvement|complaint*|problem*|"
                     "abnormalit*|impairment*|sign|signs|level|motor|sphincter*|bulbar|autonomic)",
                     "sensory (or|and|nor) (sphincter*|motor|autonomic|bulbar|cerebellar|visual|bladder)",
                     "(motor|bulbar|autonomic|sphincter*) (or|and|nor) sensory",
                     "(altered|changed|change in|changes in|change of) sensation"),
    "sweating": ("sweat*",),
    "tick_bite": ("(tick|ticks|tick bite|tick bites|bites)",),
    "urinary_symptoms": ("sphincter*", "(urinary|bladder) (problem*|trouble|symptom*|disturbance*)"),
    "visual_loss": ("(sight|vision|visual|eyesight)",),
    "weakness": ("motor (deficit*|symptom*|loss|disturbance*)",),
    "wound": ("(wound|wounds)",),
}  # fmt: skip
"""Item of the vocabulary -> patterns that count only as a statement of its absence."""

_BARE = frozenset(("pain", "pains", "aches", "hurt", "hurts", "painful", "infection", "infections",
                   "drink", "drinks", "drank", "drugs", "surgery", "operation", "injury",
                   "trauma"))  # fmt: skip
"""Words that must end their phrase: "no pain on eye movement" is not "no pain"."""
_ENDS = frozenset(("and", "or", "nor", "but", "at", "either", "anywhere", "though", "however", "recently",
                   "before", "so", "ever", "much", "anymore", "now"))  # fmt: skip
_NARROWED = frozenset(("abdominal", "chest", "eye", "back", "neck", "joint", "head", "hip", "knee", "bone",
                       "facial", "ear", "other", "new", "more", "further", "muscle", "nerve", "chronic",
                       "prescription", "prescribed", "family", "shooting", "burning", "tick", "insect",
                       "spider", "mosquito", "bug", "urinary", "respiratory"))  # fmt: skip
"""Words that make of a pain, drug, bite or infection a narrower one."""
_CUT = frozenset(("operation", "operations", "surgery", "surgeries", "injury", "injuries", "trauma"))


def is_meant(document: Document, match: Match, cue: str) -> bool:
    """Whether the denied words say all that their item stands for."""
    words = document.words
    first, last = document.bounds(match.begin)
    before = words[match.begin - 1] if match.begin > first else ""
    narrowed = before in _NARROWED and words[match.begin] not in _CUT
    if narrowed or (cue.startswith("without") and words[match.begin] == "drugs"):
        return False
    if words[match.end - 1] not in _BARE or match.end >= last:
        return True
    return words[match.end] in _ENDS or document.gaps[match.end].strip() != ""
