// New records as they come, the newest first.
import { byId, make, short } from "./dom.js";
import { clock, operationQuery, queryLink, severity, several } from "./values.js";

const kept = 200;

let source = null;
let paused = false;
let waiting = []; // lines that came while paused, the newest last
let missed = 0; // and those that were too many

function lineElement(row) {
  const line = make("li", { class: row.severityLevel >= 3 ? "bad" : null }, clock(row.timestamp), severity(row.severityLevel),
    make("span", { class: "role" }, short(row.step_name || row.cloud_RoleName || "", 60)),
    make("span", { class: "text" }, short(row.message ?? "", 600)));
  line.dataset.level = row.itemType === "exception" ? Math.max(3, row.severityLevel) : row.severityLevel ?? 1;
  if (row.operation_Id)
    line.append(make("a", { href: queryLink(operationQuery(row.operation_Id)), title: "Everything of this operation" },
      "operation"));
  return line;
}

function passes(line) {
  const words = byId("tail-filter").value.toLowerCase();
  return Number(line.dataset.level) >= Number(byId("tail-severity").value) &&
    (!words || line.textContent.toLowerCase().includes(words));
}

function put(line) {
  const list = byId("tail-lines");
  list.prepend(line);
  while (list.children.length > kept) list.lastChild.remove();
}

function say(words) {
  byId("tail-status").textContent = words;
}

function take(event, told) {
  const line = lineElement(JSON.parse(event.data));
  line.hidden = !passes(line);
  if (paused) return wait(line);
  put(line);
  told();
}

function wait(line) {
  waiting.push(line);
  if (waiting.length > kept) missed += waiting.splice(0, waiting.length - kept).length;
  say(`paused, ${several(missed + waiting.length, "line")} since`);
}

function tellSkipped(number) {
  put(make("li", { class: "skipped" }, `${several(Number(number), "line")} skipped here; a query finds them`));
}

// A browser comes back by itself after a broken connection, but not after a refusal.
function connect(told) {
  source = new EventSource("/tail");
  source.addEventListener("open", () => say(paused ? "paused" : "live"));
  source.addEventListener("log", (event) => take(event, told));
  source.addEventListener("skipped", (event) => tellSkipped(event.data));
  source.addEventListener("error", () => {
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
  if (paused) return;
  if (missed) tellSkipped(missed);
  waiting.forEach(put);
  waiting = [];
  missed = 0;
  told();
}

function filter() {
  for (const line of byId("tail-lines").children) {
    if (line.dataset.level !== undefined) line.hidden = !passes(line);
  }
}

// told: called when something has come.
export function startTail(told) {
  byId("tail-pause").addEventListener("click", () => pause(told));
  byId("tail-filter").addEventListener("input", filter);
  byId("tail-severity").addEventListener("change", filter);
  connect(told);
}
