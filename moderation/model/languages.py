"""Languages: the ones that can be told apart, by their ISO 639-1 codes."""

from collections.abc import Sequence

from moderation.model.errors import InvalidInput

UNDETERMINED = "und"
"""What BCP 47 calls a language that nobody could name."""

DEFAULT = ("en",)
"""What a site's languages are unless it says others."""

NAMES = {
    "ar": "Arabic",
    "az": "Azerbaijani",
    "bg": "Bulgarian",
    "bn": "Bengali",
    "ca": "Catalan",
    "cs": "Czech",
    "cy": "Welsh",
    "da": "Danish",
    "de": "German",
    "el": "Greek",
    "en": "English",
    "es": "Spanish",
    "et": "Estonian",
    "eu": "Basque",
    "fa": "Persian",
    "fi": "Finnish",
    "fr": "French",
    "ga": "Irish",
    "gl": "Galician",
    "he": "Hebrew",
    "hi": "Hindi",
    "hr": "Croatian",
    "hu": "Hungarian",
    "hy": "Armenian",
    "id": "Indonesian",
    "is": "Icelandic",
    "it": "Italian",
    "ja": "Japanese",
    "ka": "Georgian",
    "ko": "Korean",
    "lt": "Lithuanian",
    "lv": "Latvian",
    "mk": "Macedonian",
    "ms": "Malay",
    "nl": "Dutch",
    "no": "Norwegian",
    "pl": "Polish",
    "pt": "Portuguese",
    "ro": "Romanian",
    "ru": "Russian",
    "sk": "Slovak",
    "sl": "Slovenian",
    "sq": "Albanian",
    "sr": "Serbian",
    "sv": "Swedish",
    "sw": "Swahili",
    "ta": "Tamil",
    "th": "Thai",
    "tl": "Tagalog",
    "tr": "Turkish",
    "uk": "Ukrainian",
    "ur": "Urdu",
    "vi": "Vietnamese",
    "zh": "Chinese",
}

_SAME = {"nb": "no", "nn": "no", "fil": "tl", "bs": "hr", "iw": "he", "in": "id", "cmn": "zh"}


def name_of(code: str) -> str:
    """Return a language's name in English."""
    return "not one that we can name" if code == UNDETERMINED else NAMES.get(code, code)


def names_of(codes: Sequence[str]) -> str:
    """Return the names of several languages, as a list to read."""
    *first, last = [name_of(code) for code in codes]
    return f"{', '.join(first)} and {last}" if first else last


def primary(tag: str | None) -> str | None:
    """Return the language of a BCP 47 tag such as pt-BR; None where it is none of ours."""
    code = (tag or "").partition("-")[0].lower()
    code = _SAME.get(code, code)
    return code if code in NAMES else None


def first_primary(tags: Sequence[str]) -> str | None:
    """Return the language of the first of several tags; None where it is none of ours."""
    return primary(tags[0]) if tags else None


def check_languages(tags: Sequence[str]) -> tuple[str, ...]:
    """Return a site's languages as codes, each once, in their order. Raises InvalidInput."""
    codes = {tag: primary(tag) for tag in tags}
    if unknown := [tag for tag, code in codes.items() if code is None]:
        known = ", ".join(NAMES)
        raise InvalidInput(f"We cannot tell the language {unknown[0]!r}; we can tell {known}.")
    found = tuple(dict.fromkeys(code for code in codes.values() if code))
    if not found:
        raise InvalidInput("A site has at least one language.")
    return found
