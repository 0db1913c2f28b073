"""Asking axe-core what keeps somebody from using a page."""

from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

ALL = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "rules": {"target-size": {"enabled": True}},
    "resultTypes": ["violations"],
}
"""WCAG 2.2 AA, and what axe calls best practice; it does not measure targets by itself."""

COLOURS = {"runOnly": {"type": "rule", "values": ["color-contrast"]}, "resultTypes": ["violations"]}
"""What may differ between light and dark."""


def put_axe_into(page: Page) -> None:
    """Load axe past the policy, which lets no page load it."""
    page.evaluate(AXE_SCRIPT)


def barriers(page: Page, rules: dict[str, Any] = ALL) -> list[str]:
    """Return what axe finds in a page that it was put into, each with the element."""
    found = page.evaluate("options => axe.run(document, options)", rules)
    return [
        f"{violation['id']}: {node['html'][:200]} {_said(node)}"
        for violation in found["violations"]
        for node in violation["nodes"]
    ]


def _said(node: dict[str, Any]) -> str:
    return " ".join(check["message"] for check in (*node["any"], *node["all"], *node["none"]))
