// Tells the server which comment somebody is at, and them what colleagues do with those on the page.
// Who works alone has no card that asks for either.

import { say } from "./announcing.js";
import { cardInFocus, cards, currentCard } from "./cards.js";
import { SWAPPED } from "./swapping.js";

const TOLD_EVERY = 30_000;
const LOOKED_AT_AFTER = 2_000;
const WATCH_EVERY = 10_000;
// More ids than that make an address that the server does not take.
const MOST_WATCHED = 100;

let held = { card: "", told: 0 };
let soon = "";

// The only card of a page is looked at without a click.
const cardLookedAt = () => cardInFocus() ?? (cards().length === 1 ? cards()[0] : null);
const claimOf = (card) => card?.querySelector("[data-hold]");

function stir() {
  const card = cardLookedAt();
  if (!claimOf(card)?.dataset.hold) return;
  if (card.id === held.card) {
    if (Date.now() - held.told >= TOLD_EVERY) tell(card);
  } else if (card.id !== soon) {
    soon = card.id;
    setTimeout(() => {
      soon = "";
      if (cardLookedAt() === card) tell(card);
    }, LOOKED_AT_AFTER);
  }
}

async function tell(card) {
  const left = held.card && held.card !== card.id ? held.card.replace("c-", "") : "";
  held = { card: card.id, told: Date.now() };
  const token = card.querySelector("[name=csrf_token]").value;
  const body = new URLSearchParams({ csrf_token: token, left });
  await fetch(claimOf(card).dataset.hold, { method: "POST", body }).catch(() => {});
}

// The card somebody is at, and what comes behind it.
function watched(all) {
  const last = Math.max(0, all.length - MOST_WATCHED);
  const first = Math.min(Math.max(0, all.indexOf(currentCard())), last);
  return all.slice(first, first + MOST_WATCHED);
}

async function watch() {
  const shown = watched(cards().filter(claimOf));
  if (!shown.length || document.hidden) return;
  const ids = shown.map((card) => card.id.replace("c-", ""));
  try {
    const answer = await fetch(`${claimOf(shown[0]).dataset.watch}?of=${ids.join(".")}`, {
      redirect: "error",
    });
    if (!answer.ok) return;
    const found = await answer.json();
    for (const card of shown) show(card, found[card.id.replace("c-", "")]);
  } catch {
    // The next time tries again.
  }
}

// What was decided elsewhere stays where it is, so that nothing moves under anybody's eyes.
function show(card, now) {
  if (!now) return;
  const gone = now.sequence > Number.parseInt(card.dataset.seen, 10);
  const words = gone || now.claimed ? now.says : "";
  const note = card.querySelector(".on-it");
  if (note.textContent.trim() === words) return;
  note.textContent = words;
  note.hidden = !words;
  card.classList.toggle("gone", gone);
  if (gone && card === cardLookedAt()) say(words);
}

for (const sign of ["focusin", "keydown", "pointerdown", "input", "wheel"])
  document.addEventListener(sign, stir, { passive: true });
document.addEventListener(SWAPPED, stir);
document.addEventListener("visibilitychange", watch);
setInterval(watch, WATCH_EVERY);
stir();
