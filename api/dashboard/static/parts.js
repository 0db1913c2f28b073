// What the server says changed: what was done, how many wait, and perhaps a card.

import { say } from "./announcing.js";
import { SWAPPED } from "./swapping.js";

// Shows it, and returns the card that came with it.
export function showPart(part) {
  const card = part.querySelector(".card");
  const said = [...part.querySelectorAll(":scope > .banner[data-say], :scope > .banner [data-say]")];
  say(said.map((each) => each.textContent.trim()).join(" "));
  replaceBanner(part.querySelector(":scope > .banner"));
  document.querySelector(".count")?.replaceWith(document.adoptNode(part.querySelector(".count")));
  document.title = part.dataset.title;
  if (card) document.adoptNode(card);
  document.dispatchEvent(new CustomEvent(SWAPPED));
  return card;
}

export function removeBanners() {
  for (const old of document.querySelectorAll("#main > .banner")) old.remove();
}

function replaceBanner(banner) {
  removeBanners();
  if (banner) document.getElementById("main").prepend(document.adoptNode(banner));
}

// What a page says that is no part: an error, or that somebody has to sign in.
export const headline = (page) => page.querySelector("h1")?.textContent.trim() ?? "";
