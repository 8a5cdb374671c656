// Alerts and how they stand; hidden where the desk has none.
import { alerts } from "./api.js";
import { byId, make, short } from "./dom.js";
import { duration, queryLink, several } from "./values.js";

const pollMs = 2000;
const title = document.title;

function words({ value, comparison, threshold, window_seconds: span, since }) {
  const within = span ? ` in ${duration(span * 1000)}` : "";
  const moment = since ? make("span", { class: "whole" }, `since ${String(since).slice(0, 16).replace("T", " ")}`) : "";
  return [`${value ?? "no value"}${within}, fires when ${comparison} ${threshold}${since ? ", " : ""}`, moment];
}

function alertElement(alert) {
  const firing = alert.state === "firing";
  return make("li", { class: firing ? "firing" : "ok" },
    make("span", { class: "badge" }, firing ? "Firing" : "OK"),
    make("a", { href: queryLink(String(alert.query ?? "")) }, short(String(alert.name ?? ""), 100)),
    make("span", { class: "muted" }, words(alert)),
    alert.error ? make("span", { class: "error-text" }, short(String(alert.error), 200)) : null);
}

function show(list) {
  const firing = list.filter(({ state }) => state === "firing").length;
  const status = firing ? `${firing} firing` : "all quiet";
  byId("alerts").hidden = list.length === 0;
  byId("alerts").classList.toggle("firing", firing > 0);
  byId("alerts-list").replaceChildren(...list.map(alertElement));
  if (byId("alerts-status").textContent !== status) byId("alerts-status").textContent = status;
  byId("firing").hidden = firing === 0;
  byId("firing").textContent = `${several(firing, "alert")} firing`;
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
    text = ""; // the desk is away: it is asked again
    byId("alerts-status").textContent = "waiting for the desk";
  }
  setTimeout(() => poll(text), pollMs);
}

export function startAlerts() {
  poll("");
}
