"""What a classifier of Latin letters may judge, and what a person has to."""
# ruff: noqa: RUF001 - letters that look like others are what this is about

import pytest

from classifiers.scripts import MOST_ORNAMENTS, Script, can_read, scripts_of
from moderation.model.languages import NAMES

LATIN = frozenset({Script.LATIN})


@pytest.mark.parametrize(
    "text",
    [
        "naïve café, Straße, İstanbul, e\u0301a 100 % 🎉",
        r"no idea ¯\_(ツ)_/¯",
        "ಠ_ಠ really?",
        "a resistor of 3 kΩ, 5 µm thick",
        "Hawaiʻi, Oʻahu, Kauaʻi, Lānaʻi, Molokaʻi",
        "1ª vez, 2º lugar",
        "idi\u200bot",
        "2026 🤷 !!!",
    ],
)
def test_letters_that_it_has_learnt_are_judged_whatever_ornaments_stand_among_them(
    text: str,
) -> None:
    assert can_read(text, LATIN)


@pytest.mark.parametrize(
    "text",
    [
        "Thank you all very much for this, it was long overdue. 你们都是白痴,去死吧",
        "Nice weather we are having today, сука",
        "तुम",
        "你\u200b们",
        "an \u0456diot",
        "𝓘𝓭𝓲𝓸𝓽",
        " ".join("α" * (MOST_ORNAMENTS + 1)),
    ],
)
def test_one_word_that_it_cannot_read_is_enough_for_a_person_to_look(text: str) -> None:
    assert not can_read(text, LATIN)


def test_what_it_has_learnt_decides() -> None:
    assert can_read("Какой прекрасный день", frozenset({Script.LATIN, Script.CYRILLIC}))
    assert not can_read("Какой прекрасный день", LATIN)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("ar", "أنت أحمق"),
        ("bn", "তুমি বোকা"),
        ("de", "Schöne Grüße"),
        ("el", "είσαι ηλίθιος"),
        ("fa", "تو احمقی"),
        ("he", "אתה אידיוט"),
        ("hi", "तुम मूर्ख हो"),
        ("hy", "դու ապուշ ես"),
        ("ja", "あなたは馬鹿です、バーカ"),
        ("ka", "შენ იდიოტი ხარ"),
        ("ko", "너는 바보야"),
        ("ru", "ты идиот"),
        ("sr", "ти си идиот, ti si idiot"),
        ("ta", "நீ ஒரு முட்டாள்"),
        ("th", "คุณโง่มาก"),
        ("vi", "bạn là đồ ngốc"),
        ("zh", "你是傻瓜"),
    ],
)
def test_who_knows_a_language_reads_its_letters_and_nobody_else(language: str, text: str) -> None:
    assert can_read(text, scripts_of({language, "en"}))
    others = [code for code in NAMES if not scripts_of({language}) & scripts_of({code})]
    assert not can_read(text, scripts_of(others))
    assert can_read(text, scripts_of(NAMES))
