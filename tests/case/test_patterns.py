import pytest

from whytwitch.case._lexicon import find_all, find_sites, lexicon, mentions_of
from whytwitch.case._patterns import Pattern, first, parse
from whytwitch.case._text import tokenize
from whytwitch.knowledge import Catalogue


def hits(pattern: str, text: str, catalogue: Catalogue) -> list[list[str]]:
    document = tokenize(text)
    lex = lexicon(catalogue)
    mentions = mentions_of(lex, find_sites(lex, document))
    made = Pattern(pattern, "present", "x")
    found: list[list[str]] = []
    for begin, stop in document.sentences:
        for i in range(begin, stop):
            at = made.match(document, i, stop, mentions)
            if at:
                found.append([document.words[k] for k in sorted(at)])
    return found


@pytest.mark.parametrize(
    ("pattern", "text", "expected"),
    [
        ("weak", "weak and weaker", [["weak"]]),
        ("weak*", "weak and weaker", [["weak"], ["weaker"]]),
        ("(foot|leg) drop*", "a leg drops", [["leg", "drops"]]),
        ("(back of|front of) leg", "the back of leg", [["back", "of", "leg"]]),
        ("loss [of muscle] strength", "loss of muscle strength", [["loss", "of", "muscle", "strength"]]),
        ("loss [of muscle] strength", "loss strength", [["loss", "strength"]]),
        ("foot ~ drops", "foot that often drops", [["foot", "drops"]]),
        ("foot ~ drops", "foot that very often also drops", []),
        ("foot ~6 drops", "foot that very often also drops", [["foot", "drops"]]),
        ("foot ~ drops", "my foot. It drops", []),
        ("tap* & twitch*", "the face twitches on tapping it", [["twitches", "tapping"]]),
        ("tap* & twitch*", "tapping makes it twitch", [["tapping", "twitch"]]),
        ("weak* ~ @hand", "weakness of the thumb", [["weakness", "thumb"]]),
        ("@arm ~ weak*", "my hand is weak", [["hand", "weak"]]),
        ("@site ~ weak*", "my calf is weak", [["calf", "weak"]]),
        ("@calf ~ twitch*", "the gastrocnemius twitches", [["gastrocnemius", "twitches"]]),
        ("@leg ~ weak*", "my hand is weak", []),
        ("chvostek sign", "Chvostek's sign", [["chvosteks", "sign"]]),
        ("[the] weak*", "the weak", [["weak"]]),
        ("anemia", "anaemia", [["anemia"]]),
    ],
)
def test_language(pattern: str, text: str, expected: list[list[str]], catalogue: Catalogue) -> None:
    assert hits(pattern, text, catalogue) == expected


def test_first_words() -> None:
    assert first("[a|b] ~ (foot drop|leg*) x") == ["foot", "leg*"]
    assert first("@hand ~ weak*") == ["@hand"]
    assert first("pins-and-needles") == ["pins"]


@pytest.mark.parametrize("bad", ["", "~", "a &", "a & b & c", "[x]"])
def test_bad_patterns(bad: str) -> None:
    with pytest.raises(ValueError, match="pattern"):
        parse(bad)


def test_longest_wins_within_one_finding(catalogue: Catalogue) -> None:
    lex = lexicon(catalogue)
    document = tokenize("weak in the hand")
    found = find_all(lex, document, mentions_of(lex, find_sites(lex, document)))
    assert [(m.id, m.end - m.begin) for m in found] == [("weakness", 1), ("hand_weakness", 4)]
