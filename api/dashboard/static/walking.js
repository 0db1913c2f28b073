// From card to card, and whether one is shown at a time or all.

import { loadAhead } from "./ahead.js";
import { cards, currentCard, focusCard } from "./cards.js";
import { remember } from "./remembering.js";
import { SWAPPED } from "./swapping.js";
import { words } from "./words.js";

document.addEventListener("click", (event) => {
  const walk = event.target.closest("[data-walk]");
  const view = event.target.closest("[data-one]");
  if (walk) move(Number(walk.dataset.walk));
  if (view) toggle(view);
  if (walk || view) event.preventDefault();
});

function move(by) {
  const all = cards();
  const at = all.indexOf(currentCard());
  focusCard(all[at < 0 ? (by > 0 ? 0 : all.length - 1) : at + by]);
  loadAhead();
}

// The cookie tells the server how to draw the next page, here as after the link itself.
function toggle(view) {
  const one = view.dataset.one === "0";
  view.dataset.one = one ? "1" : "0";
  view.textContent = words(one ? "allAtOnce" : "oneAtATime");
  remember("one", one ? "yes" : "no");
  document.getElementById("cards").classList.toggle("one", one);
  focusCard(currentCard() ?? cards()[0]);
}

function show() {
  for (const walk of document.querySelectorAll("[data-walk]")) walk.hidden = false;
}

show();
document.addEventListener(SWAPPED, show);
