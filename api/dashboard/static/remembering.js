// What this browser tells the server with every page, for a year.

const A_YEAR = 31_536_000;

export function remember(name, value) {
  const secure = location.protocol === "https:" ? "; secure" : "";
  document.cookie = `copydesk_${name}=${value}; path=/; max-age=${A_YEAR}; samesite=lax${secure}`;
}
