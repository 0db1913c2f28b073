// The cards on the page, the one that has the focus, and the order in which they came.

export const cards = () => [...document.querySelectorAll(".card")];
export const cardInFocus = () => document.activeElement?.closest(".card");
// The one that had the focus last: alone on the screen where one is shown at a time.
export const currentCard = () => cardInFocus() ?? document.querySelector(".card.current");

// Without a card there, false.
export function focusCard(card) {
  // Before it has the focus: alone on the screen, the others are not there to take it.
  if (card) makeCurrent(card);
  card?.focus({ preventScroll: true });
  card?.scrollIntoView({ block: "nearest" });
  return Boolean(card);
}

// Ids of all cards that were on this page, and of the heading of what was skipped, in their order: one
// that left can go back to its place.
const shownIds = () => [...document.querySelectorAll(".card, #skipped")].map((each) => each.id);
let order = shownIds();

export const wasHere = (each) => order.includes(each.id);

export function append(fresh) {
  order.push(...fresh.map((card) => card.id));
  document.getElementById("cards").append(...fresh);
}

export function putBack(card) {
  const behind = order.slice(order.indexOf(card.id) + 1);
  if (!wasHere(card)) order.unshift(card.id);
  document.getElementById(card.id)?.remove();
  const next = behind.map((id) => document.getElementById(id)).find((found) => found);
  const list = document.getElementById("cards");
  list.insertBefore(card, next?.parentElement === list ? next : null);
}

export function startAnew() {
  order = shownIds();
}

function makeCurrent(card) {
  if (card.classList.contains("current")) return;
  document.querySelector(".card.current")?.classList.remove("current");
  card.classList.add("current");
  document.getElementById("cards")?.classList.add("walked");
}

document.addEventListener("focusin", (event) => {
  const card = event.target.closest(".card");
  if (card) makeCurrent(card);
});
