// The page of a bulk: shows how far it is, until it ended and cannot be undone any more.

import { say } from "./announcing.js";
import { parse } from "./sending.js";

const EVERY = 1_000;

const live = () => document.querySelector("#bulk-state[data-live]");

async function look() {
  const before = live();
  if (!before) return;
  try {
    // Looking on does not keep anybody signed in; who is signed out looks on no more.
    const answer = await fetch(before.dataset.live, { redirect: "manual" });
    if (answer.type === "opaqueredirect") return;
    if (answer.ok) show(before, await parse(answer));
  } catch {
    // The next time tries again.
  }
  setTimeout(look, EVERY);
}

// What one opens here: the text of a comment that is hidden, or the list of those that were left.
const what = (one) =>
  one.closest("[data-comment]")?.dataset.comment ?? one.closest("details")?.className;

// Those that can have the focus and are the same thing as this one, in order.
const same = (root, one) => {
  const name = (each) => `${each.tagName} ${each.className} ${each.getAttribute("href") ?? what(each)}`;
  return [...root.querySelectorAll("a, button, summary")].filter((each) => name(each) === name(one));
};

function renew(before, fresh) {
  const asked = new Set([...before.querySelectorAll("details[open]")].map(what));
  for (const details of fresh.querySelectorAll("details")) details.open = asked.has(what(details));
  const at = before.contains(document.activeElement) ? document.activeElement : null;
  const next = at && same(fresh, at)[same(before, at).indexOf(at)];
  before.replaceWith(document.adoptNode(fresh));
  // The focus stays where it was; where that is no more, it goes to the beginning of the page.
  if (at) (next ?? document.getElementById("main")).focus({ preventScroll: true });
}

function show(before, page) {
  const fresh = page.getElementById("bulk-state");
  if (!fresh) return;
  const changed = before.dataset.state !== fresh.dataset.state;
  renew(before, fresh);
  document.title = `${fresh.dataset.title} · Copydesk`;
  document.querySelector("h1").textContent = fresh.dataset.title;
  // Decided or undone, the comments below stand otherwise than they did, and come along.
  const [listed, relisted] = [document, page].map((one) => one.getElementById("bulk-samples"));
  if (listed && relisted) renew(listed, relisted);
  if (changed) say(fresh.querySelector("[data-ended]")?.textContent ?? "");
}

if (live()) {
  // What is small may have ended before its page was there.
  say(live().querySelector("[data-ended]")?.textContent ?? "");
  setTimeout(look, EVERY);
}
