// New records as they come, the newest first. Thousands a second are gathered for a moment and shown at once, and only
// as many as somebody may want to see: neither the list nor what waits for it grows on.
import { byId, make, short } from "./dom.js";
import { clock, operationQuery, queryLink, severities, severity, several } from "./values.js";

const kept = 200; // of the lines that pass the filter, and of those that do not
const mostWaiting = 1000;
const momentMs = 50, pausedMs = 500;

let source = null;
let away = false; // the desk
let paused = false;
let waiting = []; // rows that are not yet shown, the newest last
let missed = 0; // and those that were too many
let timer = 0;
const rows = new WeakMap(); // of the lines

function roleOf(row) {
  return row.step_name || row.cloud_RoleName || "";
}

function lineElement(row) {
  const line = row.skipped ? make("li", { class: "skipped" }, `${several(row.skipped, "line")} skipped here; a query finds them`)
    : make("li", { class: row.severityLevel >= 3 ? "bad" : null }, clock(row.timestamp), severity(row.severityLevel),
      make("span", { class: "role", title: roleOf(row).slice(0, 200) }, short(roleOf(row), 60)),
      make("span", { class: "text" }, short(row.message ?? "", 600)));
  if (row.operation_Id)
    line.append(make("a", { href: queryLink(operationQuery(row.operation_Id)), title: "Everything of this operation" },
      "operation"));
  line.hidden = !passes(row);
  rows.set(line, row);
  return line;
}

function passes(row) {
  if (row.skipped) return true;
  const level = row.itemType === "exception" ? Math.max(3, row.severityLevel) : row.severityLevel ?? 1;
  if (level < Number(byId("tail-severity").value)) return false;
  const words = byId("tail-filter").value.toLowerCase();
  return !words || [row.timestamp, severities[level], roleOf(row), row.message, row.operation_Id].join(" ").toLowerCase()
    .includes(words);
}

// The newest of both kinds, the newest first.
function newest(list) {
  const room = { true: kept, false: kept };
  return list.reverse().filter((row) => room[passes(row)]-- > 0);
}

function show() {
  const list = byId("tail-lines");
  list.prepend(...newest(waiting).map(lineElement));
  waiting = [];
  for (const kind of [":scope > [hidden]", ":scope > :not([hidden])"])
    [...list.querySelectorAll(kind)].slice(kept).forEach((line) => line.remove());
}

function say(words) {
  if (byId("tail-status").textContent !== words) byId("tail-status").textContent = words;
}

function look(told) {
  timer = 0;
  if (paused) return say(`paused, ${several(missed + waiting.length, "line")} since`);
  if (missed) waiting.unshift({ skipped: missed });
  missed = 0;
  show();
  told();
}

function take(row, told) {
  waiting.push(row);
  if (waiting.length > mostWaiting) missed += waiting.shift().skipped ?? 1;
  timer ||= setTimeout(() => look(told), paused ? pausedMs : momentMs);
}

// A browser comes back by itself after a broken connection, but not after a refusal.
function connect(told) {
  source = new EventSource("/tail");
  source.addEventListener("open", () => {
    say(paused ? "paused" : "live");
    if (away) told(); // what else the page shows is from before
    away = false;
  });
  source.addEventListener("log", (event) => take(JSON.parse(event.data), told));
  source.addEventListener("skipped", (event) => take({ skipped: Number(event.data) }, told));
  source.addEventListener("error", () => {
    away = true;
    if (source.readyState !== EventSource.CLOSED) return say("waiting for the desk");
    say("not connected: too many watch, or the desk wants its token");
    setTimeout(() => connect(told), 10000);
  });
}

function pause(told) {
  paused = !paused;
  const button = byId("tail-pause");
  button.setAttribute("aria-pressed", String(paused));
  button.textContent = paused ? "Go on" : "Pause";
  say(paused ? "paused" : "live");
  clearTimeout(timer);
  timer = 0;
  if (!paused) look(told);
}

function filter() {
  for (const line of byId("tail-lines").children) line.hidden = !passes(rows.get(line));
}

// told: called when something has come.
export function startTail(told) {
  byId("tail-pause").addEventListener("click", () => pause(told));
  byId("tail-filter").addEventListener("input", filter);
  byId("tail-severity").addEventListener("change", filter);
  connect(told);
}
