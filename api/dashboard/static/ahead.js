// The next cards are loaded before the last ones on the page are decided.

import { append, cards, currentCard, focusCard, wasHere } from "./cards.js";
import { isLast, parse } from "./sending.js";
import { SWAPPED, swap } from "./swapping.js";

const FEW = 12;
let loading = false;

const pager = () => document.querySelector(".pager");

export async function loadAhead() {
  const all = cards();
  const left = all.length - 1 - all.indexOf(currentCard());
  if (!document.getElementById("cards") || !pager() || loading || left > FEW) return;
  loading = true;
  try {
    do add(await parse(await fetch(pager().querySelector("a").href)));
    while (!cards().length && pager());
  } catch {
    // The pager is still there, and the next decision tries again.
  }
  loading = false;
  refreshIfEmpty();
}

function add(page) {
  if (!page.getElementById("cards")) throw new Error("this is not the queue: signed out, perhaps");
  const found = [...page.querySelectorAll("#cards > .card, #skipped")].filter((each) => !wasHere(each));
  // A heading over nothing that is new stays away.
  if (found.at(-1)?.id === "skipped") found.pop();
  append(found.map((each) => document.adoptNode(each)));
  const next = page.querySelector(".pager");
  if (next) pager().replaceWith(document.adoptNode(next));
  else pager().remove();
  if (document.activeElement === document.getElementById("main")) focusCard(cards()[0]);
  document.dispatchEvent(new CustomEvent(SWAPPED));
}

// With nothing left to show, the page is read again from its front.
export async function refreshIfEmpty(act) {
  if (cards().length || pager() || !isLast()) return;
  const front = new URL(location);
  front.searchParams.delete("after");
  front.searchParams.set("done", act ?? "");
  try {
    const page = await parse(await fetch(front));
    if (cards().length || !page.getElementById("cards")) return;
    swap(page, 0);
  } catch {
    // What is shown stays true, only without the friendly words.
  }
}
