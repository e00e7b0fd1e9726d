"""What was not understood, and whether the text is English at all."""

from __future__ import annotations

from whytwitch.case._model import CaseError, Doubt, Span
from whytwitch.case._numbers import unit_days
from whytwitch.case._subject import kin
from whytwitch.case._text import Document

MIN_WORDS = 6
_ENGLISH = frozenset(
    """a about after again ago all also always am an and any are as at back be been before but by can
    cannot could day days did do does doing down during each every feel feels few first for from get
    gets got had has have he her here him his how i if im in into is it its just last left like long
    made make me more most much my myself near never no normal not now of off on one only or other our
    out over own part past per right same she should shows side since small so some still such than
    that the their them then there these they this those three through to too two under until up us
    very was we week weeks well went were what when where which while who why will with without would
    year years yet you your patient man woman month months day days old ive dont cant doesnt isnt
    didnt wont thats hes shes whats takes take taking started began stopped gets getting keeps keep
    goes going comes came come says said told seen see noticed notice known may might must both either
    between because however although though whenever whether almost around another within along ever
    often sometimes usually mostly mainly really quite rather pretty bit little lot lots thing things
    something anything nothing everything someone nobody everyone way times time today tonight
    yesterday morning evening night hour hours minute minutes four five six seven eight nine ten""".split()
)
_FOREIGN: dict[str, frozenset[str]] = {
    "German": frozenset(
        """ich und der die das nicht ein eine mein meine ist seit mit auf habe hat zuckt wenn auch sich
        den dem im zu bei wir sie er von für fur""".split()
    ),
    "French": frozenset(
        """je le la les un une mon ma mes est depuis avec dans pas et ou mais des du qui que ne au
        aux sur ai jai il elle""".split()
    ),
    "Spanish": frozenset(
        """yo el la los las un una mi mis es desde con en no y pero de del que me se tengo hace por
        al lo muy""".split()
    ),
    "Italian": frozenset(
        """io il la gli le un una mio mia è e da con in non ma di del che mi si ho per al della
        sono""".split()
    ),
    "Portuguese": frozenset("eu o os as um uma meu minha é e desde com em não nao mas de do da que me".split()),
    "Dutch": frozenset("ik het een mijn is sinds met op heb niet en maar van dat ook bij hij zij".split()),
}
_FILLER = frozenset(
    """hello hi hey thanks thank please help doctor doctors gp advice question wondering regards sorry
    presents presented admitted admission referred reports reported describes complains complaining
    history examination exam examined clinic hospital ward emergency department outpatient
    case previously healthy known medical otherwise found showed reveals revealed investigations
    investigation test tests testing result results blood white black asian caucasian indian
    african chinese japanese korean hispanic american european normal abnormal laboratory
    electromyography electrical study studies scan scans imaging muscle muscles symptom symptoms
    doing okay fine anyone else experience experienced happening happens happen idea cause causes
    caused lasts lasted lasting minutes seconds month year week hours daily online internet read
    worse better increased increasing gradually slowly suddenly progressive progressively mild
    moderate severe severely slight slightly markedly lived living lives works working worker job
    married farmer teacher nurse student retired engineer officer police driver white race home""".split()
)
_DRUG_ENDINGS = ("ine", "ol", "ide", "ate", "pam", "lam", "one", "nib", "mab", "pril", "artan", "azole",
                 "cillin", "mycin", "oxacin", "statin", "prazole", "tidine", "triptan", "ium", "afil",
                 "gliptin", "gliflozin", "setron", "parin", "xaban", "vir", "zosin", "dipine", "etine",
                 "barbital", "toin", "bamate", "pine")  # fmt: skip
_TAKES = frozenset(("takes", "taking", "take", "took", "prescribed", "medication", "started", "on",
                    "medications", "drug", "drugs", "taken", "tablets", "using"))  # fmt: skip
_NOT_DRUGS = frozenset("time medicine medicine exercise caffeine routine machine nicotine online cocaine "
                       "examine spine imagine decline someone anyone everyone phone bone alone control "
                       "alcohol school protocol late date state climate outside inside side ride wide "
                       "chocolate appetite rate private sedate moderate intermediate immediate clone done "
                       "gone stone zone tone none line fine nine mine wine cholesterol urine latrine "
                       "vaccine stadium gymnasium opine pine table decide provide slide guide beside "
                       "separate calculate investigate indicate climate alternate wate plate skate "
                       "evaluate activate hesitate irritate rotate ultimate estimate undulate".split())  # fmt: skip


def not_understood(document: Document, used: set[int]) -> list[Span]:
    """Stretches between commas and sentence ends that hold content of which nothing was read."""
    spans: list[Span] = []
    for begin, stop in document.sentences:
        nothing = used.isdisjoint(range(begin, stop))
        for first, last in _segments(document, begin, stop):
            content = [i for i in range(first, last) if _is_content(document.words[i])]
            if used.isdisjoint(range(first, last)) and len(content) >= (1 if nothing else 2):
                spans.append(document.span(first, last))
    return spans


def _segments(document: Document, begin: int, stop: int) -> list[tuple[int, int]]:
    cuts = [begin]
    cuts += [i for i in range(begin + 1, stop) if "," in document.gaps[i] or document.words[i] == "but"]
    return list(zip(cuts, [*cuts[1:], stop], strict=True))


def _is_content(word: str) -> bool:
    return (
        len(word) > 2
        and word not in _ENGLISH
        and word not in _FILLER
        and not word[0].isdigit()
        and unit_days(word) is None
        and not kin(word)
    )


def check_language(document: Document, used: set[int]) -> None:
    """Refuse a text that is not English.

    Raises:
        CaseError: the text holds enough words and next to none of them is English.
    """
    words = [word for word in document.words if not word[0].isdigit()]
    if not words:
        raise CaseError("text: there are no words in it; describe the twitching in a sentence or two")
    english = sum(word in _ENGLISH for word in words) / len(words)
    read = len(used) / len(document)
    latin = sum(word[0].isascii() for word in words) / len(words)
    if latin < 0.5 and read < 0.3:
        raise CaseError("text: this does not look like English; please write it in English")
    if len(words) < MIN_WORDS:
        return
    for language, stops in _FOREIGN.items():
        foreign = sum(word in stops for word in words) / len(words)
        if foreign > 0.15 and foreign > 2 * english and read < 0.5:
            raise CaseError(f"text: this looks like {language}; please write it in English")
    if len(words) >= 10 and english < 0.06 and read < 0.12:
        raise CaseError("text: this does not look like English; please write it in English")


def unknown_drugs(document: Document, used: set[int], vocabulary: set[str]) -> list[Doubt]:
    """Words said to be taken that look like a drug and that nobody knows."""
    doubts: list[Doubt] = []
    for i, word in enumerate(document.words):
        if i in used or not _looks_like_drug(document, i) or word in vocabulary:
            continue
        begin, stop = document.bounds(i)
        taken = any(w in _TAKES for w in document.words[max(begin, i - 5) : i])
        dosed = document.words[i + 2 : i + 3] in (["mg"], ["mcg"]) and i + 2 < stop
        if taken or dosed:
            span = document.span(i, i + 1)
            doubts.append(
                Doubt(text=span.text, span=span,
                      question=f"Is {span.text!r} a medicine? It is not in the list; please check how it is written, or give its group (for example: water tablet).")  # fmt: skip
            )
    return doubts


def _looks_like_drug(document: Document, i: int) -> bool:
    word = document.words[i]
    if len(word) < 5 or not word.isalpha() or word in _ENGLISH or word in _FILLER or word in _NOT_DRUGS:
        return False
    dosed = document.words[i + 2 : i + 3] in (["mg"], ["mcg"])
    return word.endswith(_DRUG_ENDINGS) or dosed
