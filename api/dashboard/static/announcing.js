// What screen readers are told, and what everybody is told when something went wrong.

export function say(words) {
  document.getElementById("live").textContent = words;
}

export function warning(words) {
  const banner = document.createElement("p");
  banner.classList.add("banner", "warning");
  banner.textContent = words;
  return banner;
}

export function complain(words) {
  const banner = warning(words);
  document.getElementById("main").prepend(banner);
  banner.scrollIntoView({ block: "nearest" });
  say(words);
}
