"""Watching a browser for all that no page may do, whatever strangers wrote on it."""

from dataclasses import dataclass, field

from playwright.sync_api import (
    BrowserContext,
    ConsoleMessage,
    Dialog,
    Error,
    Page,
    Request,
    Response,
)

from api.headers import CONTENT_SECURITY_POLICY

_HOOKS = """
for (const name of ["alert", "confirm", "prompt", "print", "open", "canary"])
  window[name] = () => tellTheTest(`a script called ${name}()`);
document.addEventListener("securitypolicyviolation", (event) =>
  tellTheTest(`the policy refused ${event.effectiveDirective} ${event.blockedURI}`));
"""
"""Run before every page. Payloads call these; whatever else a script does, it is refused first."""

_SETTLED = "() => new Promise((done) => requestAnimationFrame(() => setTimeout(done)))"

_LOOK = """() => {
  const wrong = [];
  const badName = (name) =>
    name.startsWith("on") || ["style", "srcdoc", "formaction", "ping"].includes(name);
  const never = "iframe frame object embed base style math audio video".split(" ");
  for (const element of document.querySelectorAll("*")) {
    const name = element.localName;
    for (const attribute of element.getAttributeNames().filter(badName))
      wrong.push(`${name} has the attribute ${attribute}`);
    const text = element.parentElement?.closest("bdi");
    const ours = text?.closest(".edited") ? ["span", "del", "ins"] : ["span", "mark"];
    if ((text && !ours.includes(name)) || never.includes(name) || name.includes("-"))
      wrong.push(`there is the element ${name}`);
  }
  if (document.scripts.length !== 1) wrong.push("there are other scripts than ours");
  if (document.documentElement.scrollWidth > window.innerWidth)
    wrong.push("it is wider than the screen");
  return wrong;
}"""
"""Text stands in `bdi`, where there are chips and marks only, or what an edit changed."""


@dataclass
class Watch:
    """What the pages of a browser did that no page may do."""

    origin: str
    complaints: list[str] = field(default_factory=list)
    expected_status: int = 200
    """Of the page: a browser writes any other into its console."""

    def over(self, context: BrowserContext) -> None:
        """Watch all pages of this browser from now on."""
        context.expose_binding("tellTheTest", lambda _, said: self.complaints.append(said))
        context.add_init_script(_HOOKS)
        context.on("console", self._on_console)
        context.on("weberror", lambda error: self.complaints.append(f"uncaught: {error.error}"))
        context.on("dialog", self._on_dialog)
        context.on("request", self._on_request)
        context.on("response", self._on_response)

    def inspect(self, page: Page) -> list[str]:
        """Return what was wrong since the last time, with what stands on the page now."""
        try:
            page.evaluate(_SETTLED)
            seen = page.evaluate(_LOOK)
        except Error:
            seen = ["it went elsewhere while it was looked at"]
        found = [*self.complaints, *seen]
        self.complaints.clear()
        return found

    def _on_console(self, message: ConsoleMessage) -> None:
        if message.type not in ("error", "warning"):
            return
        if self.expected_status != 200 and f"status of {self.expected_status}" in message.text:
            return
        self.complaints.append(f"console: {message.text}")

    def _on_dialog(self, dialog: Dialog) -> None:
        self.complaints.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    def _on_request(self, request: Request) -> None:
        if not request.url.startswith(self.origin + "/"):
            self.complaints.append(f"it asked for {request.url}")

    def _on_response(self, response: Response) -> None:
        if response.request.resource_type != "document":
            return
        if response.headers.get("content-security-policy") != CONTENT_SECURITY_POLICY:
            self.complaints.append("it came without the content security policy")
