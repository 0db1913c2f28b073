// Keys click the buttons and links that carry them, so that mouse and keyboard take the same way.
// Which keys there are stands in the dialog that lists them; there they can be switched off.

import { cardInFocus, cards, currentCard, focusCard } from "./cards.js";

const SWITCH = "copydesk-keys-off";
const FIELDS = 'input:not([type="checkbox"]), select, textarea, dialog[open], [contenteditable]';

const dialog = document.getElementById("keys");
const known = new Set(dialog?.dataset.keys.split(" "));
const keysAreOn = () => localStorage.getItem(SWITCH) === null;

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
  if (event.key === "Escape") return closePanel(event.target);
  if (!known.has(event.key) || event.target.closest(FIELDS)) return;
  if (!keysAreOn() && event.key !== "?") return;
  if (press(event.key)) event.preventDefault();
});

// First what is open on the card in focus, then the card, then what belongs to no card.
function press(key) {
  const card = cardInFocus();
  const carries = `[data-key~="${key}"]`;
  const found =
    shown(card?.querySelectorAll(`details.panel[open] > .inside ${carries}`)) ??
    shown(card?.querySelectorAll(carries)) ??
    // What was just done and is shown is undone before what lies further back.
    shown(document.querySelectorAll(`#main > .banner ${carries}`)) ??
    shown(document.querySelectorAll(`${carries}:not(.card *)`));
  if (found) click(found);
  // Nothing is decided that the person did not look at: first the key shows what it would meet.
  else if (!card && shown(document.querySelectorAll(`.card ${carries}`)))
    focusCard(currentCard() ?? cards()[0]);
  return Boolean(found);
}

const shown = (all) => [...(all ?? [])].find((each) => !each.hidden && !isShutAway(each));

// In a closed panel; its summary is not.
function isShutAway(element) {
  const panel = element.closest("details:not([open])");
  return Boolean(panel) && element.closest("summary")?.parentElement !== panel;
}

function click(element) {
  element.click();
  const panel = element.localName === "summary" && element.parentElement;
  if (panel?.open) panel.querySelector("[data-first]")?.focus();
}

function closePanel(target) {
  const panel = (target.closest(".card") ?? cardInFocus())?.querySelector("details.panel[open]");
  if (!panel) return;
  panel.open = false;
  focusCard(panel.closest(".card"));
}

function setUpKeys() {
  const opener = document.getElementById("show-keys");
  const box = document.getElementById("keys-on");
  if (!opener || !box) return;
  opener.hidden = false;
  opener.addEventListener("click", () => dialog.showModal());
  box.checked = keysAreOn();
  box.addEventListener("change", () => {
    if (box.checked) localStorage.removeItem(SWITCH);
    else localStorage.setItem(SWITCH, "off");
  });
}

setUpKeys();
