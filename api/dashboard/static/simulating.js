// Dragging a line of a histogram, or typing a number, shows soon what would change; nothing is
// published by it.

import { complain, say } from "./announcing.js";
import { parse } from "./sending.js";
import { words } from "./words.js";

// After the last move: an answer takes longer than that only where there are many comments.
const PAUSE = 150;
const WIDTH = 320;

// Other pages have forms that look like it, and nothing to drag.
const form = document.querySelector("form.tuning:has([name=days])");
let timer = 0;
let asked = null;

const sliderOf = (field) => form.querySelector(`[data-slides="${field.name}"]`);
const fieldOf = (slider) => form.elements[slider.dataset.slides];
// An empty field of a place shows what counts everywhere.
const scoreIn = (field) => Number.parseFloat((field.value || field.placeholder).replace(",", "."));

function draw(field) {
  const figure = sliderOf(field)?.closest("figure");
  if (!figure) return;
  const line = scoreIn(field);
  const at = line > 0 && line <= 1 ? line * WIDTH : null;
  figure.querySelector(".line").setAttribute("d", at === null ? "" : `M${at} -5V60`);
  // A bar that the line cuts counts as below it.
  for (const bar of figure.querySelectorAll(".bar"))
    bar.classList.toggle("over", at !== null && Number(bar.getAttribute("x")) >= at);
}

function moved(event) {
  const { target } = event;
  if (target.dataset.slides) {
    const field = fieldOf(target);
    // No line lies at 0: everything would be flagged.
    field.value = Math.max(Number(target.value), 0.01).toFixed(2);
    draw(field);
  } else if (sliderOf(target)) {
    const score = scoreIn(target);
    sliderOf(target).value = Number.isFinite(score) ? score : 1;
    draw(target);
  }
  if (target.name === "reason" || target.name === "days") return;
  clearTimeout(timer);
  timer = setTimeout(simulate, PAUSE);
}

async function simulate() {
  asked?.abort();
  asked = new AbortController();
  const { signal } = asked;
  const body = new URLSearchParams(new FormData(form));
  body.set("do", "try");
  try {
    const answer = await fetch(form.getAttribute("action"), { method: "POST", body, signal });
    const page = await parse(answer);
    if (signal.aborted) return;
    const [told, results] = ["told", "simulated"].map((id) => page.getElementById(id));
    if (!told) throw new Error("this is not what was asked for: signed out, perhaps");
    document.getElementById("told").replaceWith(document.adoptNode(told));
    for (const one of page.querySelectorAll(".evidence"))
      document.getElementById(one.id)?.replaceWith(document.adoptNode(one));
    show(document.adoptNode(results));
    say(told.textContent.trim());
  } catch {
    if (!signal.aborted) complain(words("unanswered"));
  }
}

// What was opened stays open.
function show(results) {
  const before = document.getElementById("simulated");
  const part = before.querySelector(".by-part[open]");
  if (part && results.querySelector(".by-part")) results.querySelector(".by-part").open = true;
  before.replaceWith(results);
}

// Enter in the field of a wish asks for it, and not for what would change.
function wish(event) {
  const button = event.target.closest?.(".wish")?.querySelector("button");
  if (event.key !== "Enter" || !button || event.target === button) return;
  event.preventDefault();
  form.requestSubmit(button);
}

if (form) {
  document.addEventListener("keydown", wish);
  for (const slider of form.querySelectorAll("[data-slides]")) slider.hidden = false;
  form.addEventListener("input", moved);
  // Another period has other histograms.
  form.elements.days.addEventListener("change", () => form.requestSubmit(form.querySelector("[value=preview]")));
}
