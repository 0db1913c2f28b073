// What screen readers are told, and what everybody is told when something went wrong.

export function say(words) {
  document.getElementById("live").textContent = words;
}

export function complain(words) {
  const banner = document.createElement("p");
  banner.className = "banner warning";
  banner.textContent = words;
  document.getElementById("main").prepend(banner);
  banner.scrollIntoView({ block: "nearest" });
  say(words);
}
