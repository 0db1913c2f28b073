// How many comments wait: asked every ten seconds, offered, and never pushed under one's eyes.

import { say } from "./announcing.js";
import { SWAPPED } from "./swapping.js";
import { words } from "./words.js";

const POLL_MILLISECONDS = 10_000;

const waitingOn = (root) => Number(root.querySelector("[data-waiting]")?.dataset.waiting ?? 0);
let shownWaiting = waitingOn(document);
let tag = "";

async function poll() {
  const counter = document.querySelector("[data-poll]");
  if (!counter || document.hidden) return;
  try {
    const answer = await fetch(counter.dataset.poll, {
      headers: { "If-None-Match": tag },
      redirect: "error",
    });
    if (!answer.ok) return;
    tag = answer.headers.get("ETag") ?? "";
    const { waiting, backlog, numbers } = await answer.json();
    tell(waiting);
    showNumbers(numbers);
    showBacklog(backlog);
  } catch {
    // The next poll tries again.
  }
}

function tell(waiting) {
  const news = document.querySelector(".news");
  if (!news || waiting <= shownWaiting || !news.hidden) return;
  news.hidden = false;
  const more = waiting - shownWaiting;
  news.textContent = more === 1 ? words("oneNew") : words("manyNew", { n: more });
  say(news.textContent);
}

function showNumbers(numbers) {
  for (const place of document.querySelectorAll("[data-number]"))
    place.textContent = numbers[place.dataset.number] ?? "0";
}

function showBacklog(sentence) {
  const line = document.getElementById("backlog");
  if (!line) return;
  line.textContent = sentence;
  line.hidden = !sentence;
}

document.addEventListener(SWAPPED, () => {
  shownWaiting = waitingOn(document);
  tag = "";
});
document.addEventListener("visibilitychange", poll);
setInterval(poll, POLL_MILLISECONDS);
