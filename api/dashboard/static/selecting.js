// Boxes on the cards: how many are ticked, and all between two with the shift key.

import { cards } from "./cards.js";
import { SWAPPED } from "./swapping.js";

let last = null;

const boxOf = (card) => card?.querySelector(".tick input");
const boxes = () => cards().map(boxOf).filter((box) => box);

document.addEventListener("click", (event) => {
  const box = event.target.closest(".tick input");
  if (!box) return;
  const all = boxes();
  const [from, to] = [all.indexOf(last), all.indexOf(box)].sort((one, other) => one - other);
  if (event.shiftKey && from >= 0) for (const each of all.slice(from, to + 1)) each.checked = box.checked;
  last = box;
});

function count() {
  const shown = document.querySelector("[data-selected]");
  const number = boxes().filter((box) => box.checked).length;
  if (shown) shown.textContent = number ? ` (${number})` : "";
}

// A card that was decided takes its tick along.
function untick(event) {
  const box = boxOf(event.target.closest(".card"));
  if (box && event.target.matches("form[data-leaves]")) box.checked = false;
  count();
}

document.addEventListener("change", count);
document.addEventListener("submit", (event) => queueMicrotask(() => untick(event)));
document.addEventListener(SWAPPED, count);
count();
