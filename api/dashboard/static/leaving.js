// A card whose form is marked data-leaves leaves as soon as something is done to it, and the focus
// goes on to the next: nobody waits for the server. Where that says no, the card comes back.

import { complain, say, warning } from "./announcing.js";
import { loadAhead, refreshIfEmpty } from "./ahead.js";
import { cardInFocus, cards, currentCard, focusCard, putBack } from "./cards.js";
import { headline, removeBanners, showPart } from "./parts.js";
import { send } from "./sending.js";
import { SWAPPED, SWAPS } from "./swapping.js";
import { words } from "./words.js";

const OK = 200;
const GONE = 410;

// What was done on this page and stands, the last at the end.
export const steps = [];

// With a whole page comes what was done between them, a ban perhaps: the server knows the order.
document.addEventListener(SWAPPED, (event) => {
  if (event.detail?.whole) steps.length = 0;
});

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!(form instanceof HTMLFormElement) || !form.matches("form[data-leaves]")) return;
  if (form.matches(SWAPS)) return;
  event.preventDefault();
  leave(form, event.submitter);
});

function leave(form, submitter) {
  const card = form.closest(".card");
  const body = new URLSearchParams(new FormData(form, submitter));
  body.set("part", "yes");
  const step = {
    card,
    address: form.getAttribute("action"),
    body: () => body,
    answered: (page, { status }) => answered(step, page, status),
    unanswered: () => comeBack(step, card, warning(words("unsureDone"))),
  };
  // What was done before is not what the key for undoing takes back any more.
  removeBanners();
  goOn(card);
  steps.push(step);
  send(step);
  loadAhead();
}

function goOn(card) {
  const all = cards();
  const at = all.indexOf(card);
  const next = all[at + 1] ?? all[at - 1];
  card.remove();
  for (const panel of card.querySelectorAll("details.panel[open]")) panel.open = false;
  if (!focusCard(next)) document.getElementById("main").focus({ preventScroll: true });
}

function answered(step, page, status) {
  const part = page.getElementById("part");
  if (part && status === OK) {
    step.act = part.querySelector("[data-act]")?.dataset.act;
    showPart(part);
    refreshIfEmpty(step.act);
  } else if (part) {
    const banner = part.querySelector(".banner");
    banner.remove();
    comeBack(step, showPart(part) ?? step.card, document.adoptNode(banner));
  } else if (status === GONE) {
    drop(step);
    complain(words("withdrawn"));
  } else comeBack(step, step.card, warning(words("nothingDone", { why: headline(page) })));
}

function drop(step) {
  step.refused = true;
  if (steps.includes(step)) steps.splice(steps.indexOf(step), 1);
}

// The banner may carry a form, to do it all the same.
function comeBack(step, card, banner) {
  drop(step);
  putBack(card);
  card.querySelector(":scope > .banner")?.remove();
  card.prepend(banner);
  const why = (banner.querySelector("[data-say]") ?? banner).textContent.trim();
  say(words("cameBack", { why }));
  // Whoever is deciding goes on with what they look at; without a card there, this is the one.
  if (!cardInFocus() && !currentCard()) focusCard(card);
}
