"""`python -m tests.translations [CODE]`: bring the words of the pages into the catalogs.

What is new has no translation yet, and what is gone is left out. A code that has no catalog yet,
such as fr, begins one.
"""

import ast
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import TypeGuard

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from moderation.model import errors
from moderation.model.reviews import CAUSES

DESK = Path(__file__).parent.parent / "api" / "dashboard"
CATALOGS = DESK / "translations"

_METHODS = [("**.py", "python"), ("templates/**.html", "jinja2.ext:babel_extract")]
# As in api/dashboard/blueprint.py.
_OPTIONS = {"templates/**.html": {"silent": "false", "trimmed": "true", "newstyle_gettext": "true"}}
_KEYWORDS = {
    "_": None,
    "gettext": None,
    "noted": None,
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}


def words_of_the_pages() -> Catalog:
    """Return everything that pages say, without translations."""
    found = Catalog(project="Copydesk")
    messages = extract_from_dir(
        DESK, _METHODS, _OPTIONS, keywords=_KEYWORDS, comment_tags=("Translators:",)
    )
    for name, _, message, comments, context in messages:
        found.add(message, locations=[(name, 0)], auto_comments=comments, context=context)
    for said in CAUSES.values():
        found.add(said, locations=[("words.py", 0)])
    for said in _errors():
        found.add(said, locations=[("errors.py", 0)])
    return found


def _errors() -> Iterator[str]:
    """Yield what errors of the domain say that a page may show, those that are whole sentences."""
    for pattern in ("model/*.py", "services/*.py", "word_matching.py"):
        for path in sorted((DESK.parent.parent / "moderation").glob(pattern)):
            tree = ast.parse(path.read_text())
            named = {
                target.id: node.value
                for node in tree.body
                if isinstance(node, ast.Assign)
                for target in node.targets
                if isinstance(target, ast.Name)
            }
            for node in ast.walk(tree):
                if _is_error(node) and node.args:
                    said = node.args[0]
                    said = named.get(said.id, said) if isinstance(said, ast.Name) else said
                    if isinstance(said, ast.Constant) and isinstance(said.value, str):
                        yield said.value


def _is_error(node: ast.AST) -> TypeGuard[ast.Call]:
    if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name)):
        return False
    named = getattr(errors, node.func.id, None)
    return isinstance(named, type) and issubclass(named, errors.ModerationError)


def read_catalog(path: Path) -> Catalog:
    """Read a catalog; one that is not there yet is empty."""
    if not path.exists():
        return Catalog(locale=path.stem, project="Copydesk")
    with path.open("rb") as written:
        return read_po(written, locale=path.stem)


def bring_up_to_date(path: Path) -> int:
    """Write a catalog anew; return how many of its messages have no translation."""
    catalog = read_catalog(path)
    catalog.update(words_of_the_pages(), no_fuzzy_matching=True)
    written = BytesIO()
    write_po(
        written,
        catalog,
        width=100,
        sort_by_file=True,
        ignore_obsolete=True,
        omit_header=True,
        include_lineno=False,
    )
    path.write_bytes(_header(catalog).encode() + written.getvalue())
    return sum(not is_translated(message) for message in catalog if message.id)


def is_translated(message: Message) -> bool:
    """Say whether all forms of a message are translated."""
    said = message.string
    return all(said) if isinstance(said, tuple | list) else bool(said)


def _header(catalog: Catalog) -> str:
    """Return only what readers of the catalog go by: dates would change with every run."""
    plural = f"nplurals={catalog.num_plurals}; plural={catalog.plural_expr};"
    said = (
        f"Language: {catalog.locale}",
        f"Plural-Forms: {plural}",
        "Content-Type: text/plain; charset=utf-8",
    )
    lines = "".join(f'"{line}\\n"\n' for line in said)
    return f'msgid ""\nmsgstr ""\n{lines}\n'


if __name__ == "__main__":
    for code in sys.argv[1:] or [path.stem for path in CATALOGS.glob("*.po")]:
        left = bring_up_to_date(CATALOGS / f"{code}.po")
        print(f"{code}: {left} messages have no translation.")  # noqa: T201 - a command
