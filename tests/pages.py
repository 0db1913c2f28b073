"""HTML pages and their plots, as tests look at them."""

import re
from html.parser import HTMLParser

from classifiers.evaluation.plots import Figure

VOID = {"meta", "line", "path", "rect", "circle", "br"}


class Page(HTMLParser):
    """The tags of a page; complains of one that is not closed."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.feed(page)
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def corners_of(figure: Figure) -> list[tuple[float, float]]:
    """Return where what is drawn begins, bends and ends."""
    corners = [
        (float(x), float(y))
        for stroke in figure.strokes
        for x, y in re.findall(r"([\d.]+) ([\d.]+)", stroke.path)
    ]
    corners += [(each.x, each.y) for each in figure.dots]
    corners += [(each.x, each.y) for each in figure.bars]
    return corners + [(each.x + each.width, each.y + each.height) for each in figure.bars]
