"""Words that change what a statement means: denial, doubt, fear, past and general talk."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, NamedTuple

from whytwitch.case._text import Document

CueKind = Literal[
    "no", "deny", "unused", "pseudo", "other", "neg-post", "unsure", "unsure-post", "fear",
    "ask", "rule-out", "modal", "general", "past", "formerly", "over-pre", "over-post", "if",
]  # fmt: skip


class Cue(NamedTuple):
    """One cue in the text, as a token range."""

    begin: int
    end: int
    kind: CueKind


_PHRASES: dict[CueKind, str] = {
    # Denial that reaches over the noun phrase that follows.
    "no": """no|not|nor|neither|never|isnt|arent|wasnt|werent|doesnt|dont|didnt|hasnt|havent|hadnt|
        wont|none of|no sign of|no signs of|no evidence of|no history of|no trace of|nothing like|
        no hint of|no indication of|nobody|no one|never had|never has|never have|no complaints of|
        has no|have no|had no|does not have|do not have|dont have|doesnt have|did not have|aint|
        didnt have|no more|no longer|no known|no known history of|not any|no current|nil|
        rather than|instead of|not had|hasnt had|havent had|negative for|
        no complaint of|no symptoms of|no episodes of|no episode of|no longer any|no obvious|
        no visible|no definite|no clear|no significant|no particular|no clinical|no real|no actual|
        not noticed|not noticed any|not seen|not shown|not show|not suggest|not suggestive of|
        failed to show|fails to show|fail to show|failed to reveal|not reveal|not find|not found|
        not consistent with|neither has|non""",
    # Denial that reaches over the whole clause.
    "deny": """denies|denied|deny|denying|without|without any|without signs of|without evidence of|
        free of|free from|lack of|lacks|lacking|lacked|absence of|absent|rules out|ruled out|
        excludes|excluded|excluding|in the absence of|devoid of|negative""",
    # Looks like a denial and is none.
    "pseudo": """no doubt|not only|not just|not merely|no longer able|can no longer|no longer can|
        could no longer|no longer walk|no longer play|no longer climb|no longer lift|no longer hold|
        no longer run|no longer stand|no longer work|no longer write|no change|not change|
        not changed|no better|not better|not get better|not getting better|not gotten better|
        doesnt get better|isnt getting better|not improve|not improved|no improvement|
        not improving|didnt improve|hasnt improved|no relief|not relieved|not go away|
        not going away|not gone away|wont go away|doesnt go away|dont go away|didnt go away|
        not gone|not stop|not stopped|doesnt stop|dont stop|wont stop|didnt stop|hasnt stopped|
        havent stopped|never stop|never stops|never stopped|never goes away|not stopping|
        not disappear|not disappeared|not resolve|not resolved|not settle|not settled|
        without stopping|without a break|without pause|without warning|without reason|
        without cause|without any cause|without any reason|without apparent reason|
        without effect|without success|without benefit|without improvement|without relief|
        without help|no help|not help|not helped|doesnt help|dont help|didnt help|not respond|
        no reason|no apparent reason|no obvious reason|no clear reason|no known cause|
        no obvious cause|no clear cause|no cause|no trigger|no obvious trigger|no clear trigger|
        no idea|no matter|not always|not every|not because|not due to|not caused by|not from|
        not related to|not enough|not much|not normal|not well|not feel well|not feeling well|
        not feel right|not right|not able|cannot|cant|could not|couldnt|can not|unable|
        not eaten|not eating|not eat|not sleep|not slept|not sleeping|not fully|not completely|not entirely|
        not properly|not quite|not relax|wont relax|not release|not let go|not open|not close|
        not lift|not move|not walk|not stand|not bear|not talk|not speak|not swallow|not breathe|
        not hold|not grip|not feel my|not feel his|not feel her|not feel the|not new|
        not unusual|not uncommon|not uncommonly|not infrequently|no small|not yet|not long ago|
        not long after|no wonder|no problem|no fun|nothing helps|nothing helped|no treatment|
        not treated|not until|not mind|not unlike|not to mention|not like|not to worry|
        not worry|not stay|not keep|not control|no control|not suppress|not suppressed|
        without treatment|not affected by|not influenced by|
        not altered by|not worse|no worse|not worsen|not the only|none of which|
        not tolerate|not wake|not think straight|not sit still|not keep still|no end""",
    # Denies that a drug is taken or a habit kept; for a complaint it denies nothing.
    "unused": """not take|not taken|not taking|dont take|doesnt take|didnt take|isnt taking|
        arent taking|never take|never takes|never took|never taken|not drink|dont drink|doesnt drink|
        didnt drink|never drink|never drinks|never drank|not smoke|dont smoke|doesnt smoke|
        never smoke|never smokes|never smoked|not used|not use|not using|dont use|doesnt use|
        never uses|no medication|no medications|no medicine|no medicines|
        without medication|without medicine|not on|never been on|isnt on|im not on|not drinking|
        not smoking""",
    # "no other weakness": says nothing of the weakness already told.
    "other": """no other|not other|no further|no additional|no new|no others|nothing else|
        no more than|without other|without further|without additional|denies other|
        denies any other|denied other|denies further|no associated|not had any other|
        dont have any other|no any other|without any other""",
    "neg-post": """is absent|are absent|was absent|were absent|absent|not present|not seen|
        is not seen|are not seen|was not seen|were not seen|not found|is negative|are negative|
        was negative|were negative|negative|is ruled out|was ruled out|were ruled out|ruled out|
        was excluded|were excluded|is excluded|are excluded|not detected|not observed|
        not affected|not been seen|not been found|not been noticed|not been noted|not been observed|
        not been reported|not been present|not noted|not noticed|not reported|not elicited|
        not demonstrated|denied|
        is not present|are not present|was not present|were not present|isnt present|
        could not be elicited|cannot be elicited|could not be found|is denied|are denied|
        not a problem|isnt a problem|not an issue|was not found|were not found|none""",
    "unsure": """maybe|perhaps|possible|possibly|probable|probably|might|may|may be|might be|
        suspected|suspicion of|suspicious for|suspect|suspects|i think|i guess|we think|
        he thinks|she thinks|not sure|not sure if|not sure whether|unsure|unsure if|
        unsure whether|not certain|uncertain|dont know if|dont know whether|not know if|
        do not know if|do not know whether|cant tell if|cannot tell if|hard to tell if|
        hard to say if|questionable|equivocal|could be|could have|unclear if|unclear whether|
        wonder if i have|presumed|presumably|apparently|borderline|can be|wonder if|wonders if|
        wonder whether|wonders whether|arguably|query|imagine|imagining|imagined""",
    "unsure-post": """possible|suspected|is suspected|was suspected|were suspected|are suspected|
        questionable|equivocal|uncertain|is uncertain|unclear|is unclear|is possible|maybe|
        i think|i guess|perhaps|possibly|not sure|cannot be excluded|could not be excluded|
        not certain|probably|might be""",
    # Fear of, or reading about, an illness: not a statement that it is there.
    "fear": """scared|afraid|worried|worry|worries|worrying|fear|fears|feared|fearing|terrified|
        frightened|anxious|nervous|panicking|panicked|panic|concerned|concern|obsessed|paranoid|
        freaking out|freaked out|convinced|dread|dreading|spiraling|obsessing|googled|googling|
        google|dr google|read about|read that|read online|reading about|heard about|heard of|
        looked up|looking up|searched|internet says|saw online|online says|article about|
        article on|video about|risk of|sign of|signs of|symptom of|symptoms of|mean i have|
        mean that i have|means i have|is it|is this|could it be|could this be|could that be|
        can it be|can this be|what if|might it be|do i have|have i got|am i getting|
        think i have|thinks i have|thought i had|thought it was|think it is|think its|
        tested for|test for|tests for|testing for|checked for|check for|screened for|
        diagnosis of exclusion|differential|such as|like in|mimic|mimics|resembles|resembling|
        looks like|similar to|think of|thinking of|thinking about|referred for|
        referred with|instead of|rather than|was thought to have|was thought to be|thought to be|
        was told it was not|wonder about|asks about|asked about|ask about|questions about|suggests|
        suggesting|suggest|suggestive of|consistent with|compatible with|typical of|
        investigated for|evaluated for|worked up for|possibility of|question of""",
    "rule-out": """to rule out|to exclude|rule out|in case of|in case|to look for|to check for|
        looking for|evaluate for|to avoid|to prevent|prevention of|prophylaxis of|
        prophylaxis against|prophylaxis for|vaccinated against|vaccination against|
        vaccine against|immunized against|risk factors for|risk factor for|at risk of|
        at risk for|screening for|precautions for|warned about|warned of|told to watch for|
        watch for|watch out for|look out for|no drug for|no drugs for|no drug against|no drugs against|
        no medicine for|no medicines for|no medication for|no medications for|no tablets for|no pills for|
        no medicine against|no medication against|no treatment against|not for""",
    "modal": """will|would|wouldnt|shall|going to|gonna|about to|end up|ending up""",
    "general": """people with|patients with|people who have|patients who have|someone with|
        everyone with|those with|most people|can cause|may cause|might cause|could cause|
        can lead to|may lead to|known to cause|is known for|often occurs in|is common in|
        are common in|side effects include|side effect is|side effects are|leaflet says|
        leaflet lists|leaflet mentions""",
    "past": """used to|as a child|as a kid|as a boy|as a girl|as a teenager|in childhood|
        in his childhood|in her childhood|in my childhood|years back""",
    "over-pre": """stopped|quit|gave up|given up|got rid of|has stopped|have stopped|no longer|
        ceased|recovered from|cured of|cured""",
    "over-post": """went away|has gone|have gone|is gone|are gone|has resolved|have resolved|
        resolved|disappeared|has disappeared|subsided|settled|cleared up|has stopped|have stopped|
        stopped|ceased|vanished|has passed|have passed|any more|anymore|any longer""",
    "if": """if|unless|in case i|should i""",
    "formerly": "previously|formerly",
}  # fmt: skip


def _table() -> dict[str, list[tuple[tuple[str, ...], CueKind]]]:
    table: dict[str, list[tuple[tuple[str, ...], CueKind]]] = {}
    for kind, block in _PHRASES.items():
        for phrase in block.split("|"):
            words = tuple(phrase.split())
            table.setdefault(words[0], []).append((words, kind))
    for entries in table.values():
        entries.sort(key=lambda entry: -len(entry[0]))
    return table


_TABLE = _table()
_PRE_ABSORBS: frozenset[CueKind] = frozenset(("pseudo", "other", "unused"))


def find_cues(document: Document, begin: int, stop: int) -> list[Cue]:
    """Every cue of one sentence; a longer cue hides the shorter ones inside it."""
    cues: list[Cue] = []
    hidden = begin
    for i in range(begin, stop):
        for cue in _at(document, i, stop):
            if cue.begin < hidden and cue.kind in ("no", "deny"):
                continue
            cues.append(cue)
            if cue.kind in _PRE_ABSORBS or (cue.kind == "unsure" and cue.end - i > 1):
                hidden = max(hidden, cue.end)
    return cues


def _at(document: Document, i: int, stop: int) -> Iterator[Cue]:
    """The longest cue of each kind at token ``i``; a pseudo-denial there hides a denial."""
    longest: dict[CueKind, int] = {}
    for words, kind in _TABLE.get(document.words[i], ()):
        end = i + len(words)
        if kind in longest or end > stop:
            continue
        if all(document.words[i + k] == word for k, word in enumerate(words)):
            longest[kind] = end
    hiding = max((longest.get(k, 0) for k in ("pseudo", "other", "unsure", "unused")), default=0)
    for kind, end in longest.items():
        if kind in ("no", "deny", "neg-post", "over-pre") and hiding >= end:
            continue
        yield Cue(i, end, kind)
