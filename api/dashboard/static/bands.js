// The handles of the dot histogram can be dragged; the fields say the same, and work without this.

import { LANGUAGE } from "./words.js";

const figure = document.querySelector(".dots svg");
const form = document.getElementById("band");
const field = (name) => form.querySelector(`[data-handle="${name}"]`);
const WIDTH = 800;

function value(name) {
  const number = Number.parseFloat(field(name).value);
  return Number.isFinite(number) ? Math.min(Math.max(number, 0), 1) : 0;
}

function draw() {
  const [low, high] = [value("low"), value("high")].sort((one, other) => one - other);
  for (const band of figure.querySelectorAll("[data-band]")) {
    band.setAttribute("x", low * WIDTH);
    band.setAttribute("width", (high - low) * WIDTH);
  }
  for (const name of ["low", "high"])
    figure.querySelector(`[data-drag="${name}"]`).setAttribute("transform", `translate(${value(name) * WIDTH} 0)`);
  const columns = figure.dataset.columns.split(" ").map(Number);
  const within = columns.slice(Math.round(low * columns.length), Math.round(high * columns.length));
  form.querySelector("[data-within]").textContent = within.reduce((sum, one) => sum + one, 0).toLocaleString(LANGUAGE);
}

function scoreAt(event) {
  const place = new DOMPoint(event.clientX, event.clientY).matrixTransform(figure.getScreenCTM().inverse());
  return Math.min(Math.max(place.x / WIDTH, 0), 1);
}

function drag(event) {
  const handle = event.target.closest("[data-drag]");
  if (!handle) return;
  event.preventDefault();
  handle.setPointerCapture(event.pointerId);
  const move = (moved) => {
    field(handle.dataset.drag).value = scoreAt(moved).toFixed(2);
    draw();
  };
  handle.addEventListener("pointermove", move);
  handle.addEventListener("lostpointercapture", () => handle.removeEventListener("pointermove", move), { once: true });
}

if (figure) {
  figure.classList.add("draggable");
  figure.addEventListener("pointerdown", drag);
  form.addEventListener("input", draw);
}
