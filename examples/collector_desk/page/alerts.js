// Alerts and how they stand; hidden where the desk has none.
import { alerts } from "./api.js";
import { byId, make, short, visible } from "./dom.js";
import { ago, duration, queryLink } from "./values.js";

const pollMs = 2000;
const title = document.title;

function alertElement({ name, query, state, value, comparison, threshold, window_seconds: span, since, error }) {
  const firing = state === "firing";
  const over = span ? ` within ${duration(span * 1000)}` : "";
  const sinceText = since ? `, changed ${ago(String(since)) || String(since)}` : "";
  return make("li", { class: firing ? "firing" : "ok" },
    make("span", { class: "badge" }, firing ? "Firing" : "OK"),
    make("a", { href: queryLink(String(query ?? "")) }, short(String(name ?? ""), 100)),
    make("span", { class: "muted" }, visible(`${value ?? "no value"}${sinceText}; fires at ${comparison ?? ""} ${threshold ?? "?"}${over}`)),
    error ? make("span", { class: "error-text" }, short(String(error), 200)) : null);
}

function show(list) {
  const firing = list.filter(({ state }) => state === "firing").length;
  const words = firing ? `${firing} firing` : "all quiet";
  byId("alerts").hidden = list.length === 0;
  byId("alerts").classList.toggle("firing", firing > 0);
  byId("alerts-list").replaceChildren(...list.map(alertElement));
  if (byId("alerts-status").textContent !== words) byId("alerts-status").textContent = words;
  document.title = firing ? `(${firing}) ${title}` : title;
}

async function poll(before) {
  if (document.hidden) return setTimeout(() => poll(before), pollMs);
  let text = before;
  try {
    const answer = await alerts();
    if (answer === null) return; // this desk has none
    text = JSON.stringify(answer);
    if (text !== before) show(Array.isArray(answer) ? answer : answer.alerts ?? []);
  } catch {
    // The desk is away: it is asked again.
  }
  setTimeout(() => poll(text), pollMs);
}

export function startAlerts() {
  poll("");
}
