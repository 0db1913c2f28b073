// Makes the desk faster; every page works without it.
//
// A form marked data-swap is sent in the background, and what the server answers takes the place
// of what is shown: cards that did not change stay the very same elements, so that a half-written
// note survives. The server's page is parsed into a document of its own, where nothing can run.

const SWITCH = "copydesk-keys-off";
const POLL_MILLISECONDS = 10_000;

const main = () => document.getElementById("main");
const cards = () => [...document.querySelectorAll(".card")];
const cardInFocus = () => document.activeElement?.closest(".card");

function say(words) {
  document.getElementById("live").textContent = words;
}

// Swapping

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!(form instanceof HTMLFormElement) || !form.matches("form[data-swap]")) return;
  event.preventDefault();
  send(form, event.submitter);
});

async function send(form, submitter) {
  if (form.dataset.sent) return;
  form.dataset.sent = "yes";
  const card = form.closest(".card");
  const place = Math.max(0, cards().indexOf(card ?? cardInFocus()));
  const body = new URLSearchParams(new FormData(form, submitter));
  card?.classList.add("leaving");
  try {
    const answer = await fetch(form.getAttribute("action"), { method: "POST", body });
    swap(new DOMParser().parseFromString(await answer.text(), "text/html"), place);
    history.replaceState(null, "", answer.redirected ? answer.url : location.href);
  } catch {
    complain("No answer came, so it is not certain that this was decided. Load the page again.");
  } finally {
    card?.classList.remove("leaving");
    delete form.dataset.sent;
  }
}

function complain(words) {
  const banner = document.createElement("p");
  banner.className = "banner warning";
  banner.textContent = words;
  main().prepend(banner);
  banner.scrollIntoView({ block: "nearest" });
  say(words);
}

function swap(page, place) {
  const fresh = document.adoptNode(page.getElementById("main"));
  keepSameCards(fresh);
  main().replaceWith(fresh);
  document.title = page.title;
  const next = cards()[Math.min(place, cards().length - 1)];
  (next ?? main()).focus({ preventScroll: true });
  next?.scrollIntoView({ block: "nearest" });
  const said = [...fresh.querySelectorAll("[data-say]")].map((each) => each.textContent.trim());
  say([...said, cards().length ? "" : "Nothing else waits."].join(" "));
  shownWaiting = waitingOn(fresh);
  tag = "";
  showLocalTimes(fresh);
}

function keepSameCards(fresh) {
  for (const card of fresh.querySelectorAll(".cards > .card")) {
    const old = document.getElementById(card.id);
    if (old && old.parentElement.classList.contains("cards") && old.dataset.seen === card.dataset.seen)
      card.replaceWith(old);
  }
}

// Keys

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
  const next = all[at < 0 ? (by > 0 ? 0 : all.length - 1) : at + by];
  next?.focus({ preventScroll: true });
  next?.scrollIntoView({ block: "nearest" });
}

// A key clicks the button that carries it, so that mouse and keyboard take the same way.
function press(key) {
  if (!/^[a-z]$/.test(key)) return false;
  const anywhere = document.querySelector(`.banner [data-key="${key}"]`);
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

// How many wait

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
    const { waiting, backlog } = await answer.json();
    tell(waiting);
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
  news.textContent = more === 1 ? "Show 1 new comment" : `Show ${more} new comments`;
  say(news.textContent);
}

function showBacklog(words) {
  const line = document.getElementById("backlog");
  if (!line) return;
  line.textContent = words;
  line.hidden = !words;
}

// Times in the viewer's zone

function showLocalTimes(root) {
  const format = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "medium" });
  for (const time of root.querySelectorAll("time[datetime]"))
    time.title = format.format(new Date(time.dateTime));
}

// Menus close when the focus or the pointer goes elsewhere.
function closeMenus(event) {
  for (const menu of document.querySelectorAll("details.menu[open]"))
    if (!menu.contains(event.target)) menu.open = false;
}

setUpKeys();
showLocalTimes(document);
document.addEventListener("click", closeMenus);
document.addEventListener("focusin", closeMenus);
document.addEventListener("visibilitychange", poll);
setInterval(poll, POLL_MILLISECONDS);
