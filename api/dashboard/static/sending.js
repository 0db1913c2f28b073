// What was done is sent in its order, each step when the one before was answered. A step says where
// it goes (`address`), what it carries (`body()`, or null for nothing any more), and what becomes of
// it: `answered(page, answer)` or `unanswered()`.

const waiting = [];
let underWay = false;

// Whether nothing follows the step that is under way.
export const isLast = () => waiting.length === 0;

export function send(step) {
  waiting.push(step);
  if (!underWay) work();
}

// Takes back what was not sent yet; false where it is too late for that.
export function callOff(step) {
  const at = waiting.indexOf(step);
  if (at >= 0) waiting.splice(at, 1);
  return at >= 0;
}

export const parse = async (answer) =>
  new DOMParser().parseFromString(await answer.text(), "text/html");

async function work() {
  underWay = true;
  // Whatever goes wrong with one step, those behind it are sent.
  for (let step = waiting.shift(); step; step = waiting.shift()) await deliver(step).catch(reportError);
  underWay = false;
}

async function deliver(step) {
  const body = step.body();
  if (!body) return;
  let page, answer;
  try {
    answer = await post(step.address, body);
    page = await parse(answer);
  } catch {
    step.unanswered();
    return;
  }
  if (isOurs(page)) step.answered(page, answer);
  else step.unanswered();
}

// While we restart, a proxy answers in our place with a page of its own, or an empty one.
const isOurs = (page) => page.querySelector("#main, #part") !== null;

// Kept alive: it arrives also where the person goes to another page meanwhile.
const post = (address, body) => fetch(address, { method: "POST", body, keepalive: true });

// Whoever leaves the page in the middle of a quick row of keys loses none of them.
addEventListener("pagehide", () => {
  for (const step of waiting.splice(0)) {
    const body = step.body();
    if (body) post(step.address, body);
  }
});
