"""Which language a comment is in, and where nobody can tell."""

import pytest

from classifiers import languages
from classifiers.languages import Identified, language_of
from moderation.model.comments import MAX_TEXT_LENGTH
from moderation.model.languages import UNDETERMINED

ENGLISH = frozenset({"en"})
SEVEN = frozenset({"en", "fr", "es", "it", "pt", "tr", "ru"})
THREAT = "Te voy a matar, hijo de puta, ya sé dónde vives."


def told(text: str, expected: frozenset[str] = ENGLISH, hint: str | None = None) -> str | None:
    found = language_of(text, expected, hint)
    return None if found is None else found.language


def foreign(text: str) -> bool:
    return told(text) not in {None, "en"}


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("es", THREAT),
        ("es", THREAT.upper()),
        ("fr", "Je vais te retrouver et tu vas le regretter, sale ordure."),
        ("de", "Halt endlich die Fresse, du widerlicher Volltrottel."),
        ("it", "Sei un idiota e la tua famiglia fa schifo come te."),
        ("pt", "Vou acabar com você e com toda a sua família, seu lixo."),
        ("nl", "Ik weet waar je woont, vuile hoerenzoon, pas maar op."),
        ("pl", "Zabiję cię, ty głupi śmieciu, i nikt ci nie pomoże."),
        ("tr", "Seni bulurum ve çok pişman olursun, aptal herif."),
        ("ru", "Я тебя найду и убью, тупая тварь."),
        ("ar", "سأقتلك أيها الكلب القذر وأعرف أين تسكن"),
        ("hi", "मैं तुम्हें मार डालूंगा, तुम बेवकूफ हो"),
        ("zh", "我要杀了你。你这个没用的垃圾。滚出我们的国家。"),
        ("en", "The council met on Tuesday, and nobody asked about the bridge."),
    ],
)
def test_a_sentence_tells_its_language(language: str, text: str) -> None:
    assert told(text) == language


@pytest.mark.parametrize(
    "text",
    [
        "",
        "lol",
        "gracias amigo",
        "LMFAOOOOO",
        "👍👍👍 🇪🇸",
        "12345 67890 11 12 13 14 15",
        "https://www.elpais.es/noticias/el-gobierno-de-la-nacion-y-los-presupuestos",
        "@juan_perez @maria_de_los_angeles #vamos_espana_campeones",
        "DIE " * 100,
        "jajaja " * 100,
        "asdfghjkl qwertyuiop zxcvbnm asdfjkl qweruiop",
    ],
)
def test_nobody_can_tell_the_language_of_this(text: str) -> None:
    assert language_of(text, ENGLISH) is None


@pytest.mark.parametrize(
    "text",
    [
        "u r sooooo dumb lmaooo smh cant even spell rite",
        "WHY IS NOBODY TALKING ABOUT THE BRIDGE??? IT HAS BEEN CLOSED FOR MONTHS!!!",
        "y0u 4r3 4n 1d10t and a l0s3r, g3t 0ut 0f h3r3",
        "If ur gay, g o a n d d I e",
        "I see th\u0435\u0443 can\u043dot seem to \u0441\u043em\u0440rehend th\u0430t",
        "g o a n d d i e y o u s t u p i d i d i o t",
        "ngl dis bruh be trippin fr fr no cap, yall wildin",
        "Cristiano Ronaldo, Lionel Messi, Neymar and Kylian Mbappé",
        "Angela Merkel met Emmanuel Macron and Giuseppe Conte in Berlin",
        "gonna wanna shoulda coulda woulda, innit m8",
        "wat da fuk is dis shit, sum1 plz ban dis guy",
        "Ain't nobody got time 4 dat",
        "the resume of the attache was a cliche, a fait accompli and a deja vu",
    ],
)
def test_english_however_it_is_written_is_not_taken_for_another_language(text: str) -> None:
    assert not foreign(text)


def test_a_sentence_in_another_language_is_not_hidden_among_others() -> None:
    filler = "This is a very good article and I agree with the author. "
    assert told(filler * 3 + THREAT) == "es"
    assert told(THREAT + filler * 3) == "es"
    assert told(filler * 150 + THREAT + filler * 150) == "es"
    assert told(f"Great article! {THREAT}") == "es"


def test_half_a_text_without_full_stops_is_not_hidden() -> None:
    english = (
        "i think that the council should have asked the people who live on that street before "
    )
    spanish = "porque nadie quiere vivir al lado de una obra que no se acaba nunca y hace ruido "
    assert told(english + spanish) == "es"
    assert told(spanish + english) == "es"


def test_an_expected_language_is_told_and_another_one_beside_it_comes_first() -> None:
    polish = "Zabiję cię, ty głupi śmieciu, i nikt ci nie pomoże."
    assert told(THREAT, SEVEN) == "es"
    assert told(f"{THREAT} {polish}", SEVEN) == "pl"


def test_a_language_without_a_name_here_is_seen_in_a_longer_text() -> None:
    text = "mujhe lagta hai ki kisi ko un aurato ki gardan kaat deni chahiye aur wo chup rahe"
    assert told(text) == UNDETERMINED


def test_what_the_site_says_makes_sure_what_is_likely_and_nothing_else() -> None:
    likely = "no me gusta nada esto"
    assert told(likely) is None
    assert told(likely, hint="es") == "es"
    assert told(likely, hint="gl") is None
    assert told(THREAT, hint="en") == "es"
    assert not foreign("You are an idiot and everybody here knows it.")
    assert told("You are an idiot and everybody here knows it.", hint="es") == "en"


def test_how_sure_it_is_lies_between_0_and_1() -> None:
    found = language_of(THREAT, ENGLISH)
    assert isinstance(found, Identified)
    assert 0.7 < found.confidence <= 1.0


@pytest.mark.parametrize(
    "text",
    [
        "a" * MAX_TEXT_LENGTH,
        "abcdefghij klmnopqr. " * (MAX_TEXT_LENGTH // 21),
        "".join(f"word{n} other{n}. " for n in range(1_500))[:MAX_TEXT_LENGTH],
        "ab " * (MAX_TEXT_LENGTH // 3),
        "".join(f"w{n} x" for n in range(4_000))[:MAX_TEXT_LENGTH],
        "।" * MAX_TEXT_LENGTH,
        "@" * MAX_TEXT_LENGTH,
        "&" * MAX_TEXT_LENGTH,
        "http://" * (MAX_TEXT_LENGTH // 7),
        "a@" * (MAX_TEXT_LENGTH // 2),
        "你" * MAX_TEXT_LENGTH,
        "\ud800" * MAX_TEXT_LENGTH,
        "i" + "\u0301" * (MAX_TEXT_LENGTH - 1),
    ],
)
def test_no_text_is_cut_into_more_parts_than_its_length_allows(text: str) -> None:
    """Each costs a look of the model; a hundredth of a second for a hundred of them."""
    language_of(text, ENGLISH)
    parts = list(languages._parts(text))  # noqa: SLF001 - what a look costs depends on it
    assert len(parts) <= MAX_TEXT_LENGTH / languages.SHORTEST
