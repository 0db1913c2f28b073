// Times in the viewer's zone.

import { SWAPPED } from "./swapping.js";
import { LANGUAGE } from "./words.js";

function showLocalTimes() {
  const format = new Intl.DateTimeFormat(LANGUAGE, { dateStyle: "medium", timeStyle: "medium" });
  for (const time of document.querySelectorAll("time[datetime]"))
    time.title = format.format(new Date(time.dateTime));
}

showLocalTimes();
document.addEventListener(SWAPPED, showLocalTimes);
