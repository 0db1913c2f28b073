// Undoing in the queue: the card comes back to its place, and the focus with it.

import { complain, say } from "./announcing.js";
import { cards, currentCard, focusCard, putBack } from "./cards.js";
import { steps } from "./leaving.js";
import { headline, showPart } from "./parts.js";
import { callOff, send } from "./sending.js";
import { swap } from "./swapping.js";
import { words } from "./words.js";

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!(form instanceof HTMLFormElement) || !form.matches("form[data-undo]")) return;
  if (!document.getElementById("cards")) return;
  event.preventDefault();
  undo(form);
});

function undo(form) {
  const body = new URLSearchParams(new FormData(form));
  body.set("part", "yes");
  const step = take(body.get("act"));
  if (step && callOff(step)) {
    bringBack(step.card);
    say(words("undoneUnsent"));
    return;
  }
  send({
    address: form.getAttribute("action"),
    body: () => named(body, step),
    answered,
    unanswered: () => complain(words("unsureUndone")),
  });
}

// What was done last on this page, or what the form names; the server knows what was done elsewhere.
function take(act) {
  const at = act ? steps.findIndex((step) => step.act === act) : steps.length - 1;
  return at < 0 ? undefined : steps.splice(at, 1)[0];
}

// Known when the step before was answered. What was refused needs no undoing, and nothing older is
// undone in its place.
function named(body, step) {
  if (step?.refused) return null;
  if (step?.act) body.set("act", step.act);
  return body;
}

function answered(page, answer) {
  const part = page.getElementById("part");
  if (!part && answer.ok && page.getElementById("cards")) return showAll(page, answer);
  if (!part) return complain(headline(page));
  const refused = part.querySelector(":scope > .banner.warning");
  const card = showPart(part);
  if (card && !refused) bringBack(card);
}

// What was undone shows on more than one card: a ban does on all of its author's.
function showAll(page, answer) {
  swap(page, Math.max(0, cards().indexOf(currentCard())));
  history.replaceState(null, "", answer.url);
}

function bringBack(card) {
  putBack(card);
  document.querySelector(".empty")?.remove();
  focusCard(card);
}
