// Keys click buttons, so that mouse and keyboard take the same way. They can be switched off.

import { cardInFocus, cards, focusCard } from "./cards.js";

const SWITCH = "copydesk-keys-off";

const keysAreOn = () => localStorage.getItem(SWITCH) === null;

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
  if (event.target.closest("input, select, textarea, dialog[open]")) return;
  const act = { j: () => move(1), k: () => move(-1), "?": showKeys }[event.key];
  if (!keysAreOn() && event.key !== "?") return;
  if (act ?? press(event.key)) event.preventDefault();
  act?.();
});

function move(by) {
  const all = cards();
  const at = all.indexOf(cardInFocus());
  focusCard(all[at < 0 ? (by > 0 ? 0 : all.length - 1) : at + by]);
}

// A key clicks the button that carries it, so that mouse and keyboard take the same way.
function press(key) {
  if (!/^[a-z]$/.test(key)) return false;
  const anywhere = document.querySelector(`:is(.banner, .heading, .empty) [data-key="${key}"]`);
  const card = cardInFocus();
  const button = card?.querySelector(`[data-key="${key}"]`) ?? anywhere;
  if (button) button.click();
  // Nothing is decided that the person did not look at: first the key shows what it would meet.
  else if (!card && document.querySelector(`.card [data-key="${key}"]`)) move(1);
  return Boolean(button);
}

function showKeys() {
  document.getElementById("keys")?.showModal();
}

function setUpKeys() {
  const opener = document.getElementById("show-keys");
  const box = document.getElementById("keys-on");
  if (!opener || !box) return;
  opener.hidden = false;
  opener.addEventListener("click", showKeys);
  box.checked = keysAreOn();
  box.addEventListener("change", () => {
    if (box.checked) localStorage.removeItem(SWITCH);
    else localStorage.setItem(SWITCH, "off");
  });
}

setUpKeys();
