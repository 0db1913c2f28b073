// Shows the comment that was loaded with this one at once, while the server still records.

import { cards, focusCard } from "./cards.js";
import { SWAPS } from "./swapping.js";

document.addEventListener("submit", (event) => {
  const coming = document.getElementById("coming");
  const form = event.target;
  if (!coming || !form.matches(SWAPS)) return;
  if (!form.closest(".handed-out .card, .heading .next")) return;
  // Whoever bans or trusts the author has not decided on the comment yet.
  if (form.closest(".standing")) return;
  const shown = document.getElementById("cards");
  for (const card of cards()) card.hidden = true;
  shown.append(coming.content.cloneNode(true));
  coming.remove();
  focusCard(shown.lastElementChild);
});
