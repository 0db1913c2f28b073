// Times in the viewer's zone.

import { SWAPPED } from "./swapping.js";

function showLocalTimes() {
  const format = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "medium" });
  for (const time of document.querySelectorAll("time[datetime]"))
    time.title = format.format(new Date(time.dateTime));
}

showLocalTimes();
document.addEventListener(SWAPPED, showLocalTimes);
