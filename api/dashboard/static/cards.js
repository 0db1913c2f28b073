// The cards on the page, and the one that has the focus.

export const cards = () => [...document.querySelectorAll(".card")];
export const cardInFocus = () => document.activeElement?.closest(".card");

// Without a card there, false.
export function focusCard(card) {
  card?.focus({ preventScroll: true });
  card?.scrollIntoView({ block: "nearest" });
  return Boolean(card);
}
