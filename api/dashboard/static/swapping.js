// A form marked data-swap is sent in the background, and what the server answers takes the place
// of what is shown: cards that did not change stay the very same elements, so that a half-written
// note survives. The server's page is parsed into a document of its own, where nothing can run.

import { complain, say } from "./announcing.js";
import { cardInFocus, cards, focusCard, startAnew } from "./cards.js";
import { send } from "./sending.js";
import { words } from "./words.js";

// Sent to the document after what is shown was replaced.
export const SWAPPED = "copydesk:swapped";

// The next comment that is handed out comes with the answer, so its card does not leave by itself.
export const SWAPS = "form[data-swap], .handed-out form[data-leaves]";

const main = () => document.getElementById("main");

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!(form instanceof HTMLFormElement) || !form.matches(SWAPS)) return;
  event.preventDefault();
  submit(form, event.submitter);
});

// Behind what was done before: the page that comes knows of all of it.
function submit(form, submitter) {
  if (form.dataset.sent) return;
  form.dataset.sent = "yes";
  const card = form.closest(".card");
  const place = Math.max(0, cards().indexOf(card ?? cardInFocus()));
  const body = new URLSearchParams(new FormData(form, submitter));
  card?.classList.add("leaving");
  const over = () => {
    card?.classList.remove("leaving");
    // It may have made way for the one that comes; where nothing was done, it is still to be seen.
    if (card) card.hidden = false;
    delete form.dataset.sent;
  };
  send({
    address: form.getAttribute("action"),
    body: () => body,
    answered(page, answer) {
      swap(page, place);
      history.replaceState(null, "", answer.redirected ? answer.url : location.href);
      over();
    },
    unanswered() {
      complain(words("unsureDecided"));
      over();
    },
  });
}

// Puts another page's content in the place of this one's.
export function swap(page, place) {
  const fresh = document.adoptNode(page.getElementById("main"));
  keepSameCards(fresh);
  main().replaceWith(fresh);
  document.title = page.title;
  startAnew();
  if (!focusCard(cards()[Math.min(place, cards().length - 1)])) main().focus({ preventScroll: true });
  const said = [...fresh.querySelectorAll("[data-say]")].map((each) => each.textContent.trim());
  say([...said, cards().length ? "" : words("nothingElse")].join(" "));
  document.dispatchEvent(new CustomEvent(SWAPPED, { detail: { whole: true } }));
}

function keepSameCards(fresh) {
  for (const card of fresh.querySelectorAll(".cards > .card")) {
    const old = document.getElementById(card.id);
    if (old && old.parentElement.classList.contains("cards") && old.dataset.seen === card.dataset.seen)
      card.replaceWith(old);
  }
}
