// One run of a pipeline: its steps in the order they began, with what they logged and how long they took.
import { ask } from "./api.js";
import { byId, make, short, visible } from "./dom.js";
import { readyForRun } from "./query.js";
import { count, duration, queryLink, quote, readTime, several, startOf } from "./values.js";

const recent = 20000; // records of each table, in which runs are looked for

let picked = null; // by the reader; else the newest is shown
let runs = [];

// In SQL: the newest records of each table are found by its index.
async function recentRuns(range) {
  const newest = (table) => "SELECT timestamp, customDimensions FROM (SELECT timestamp, customDimensions" +
    ` FROM ${table} WHERE timestamp > '${startOf(range)}' ORDER BY timestamp DESC LIMIT ${recent})`;
  const answer = await ask("SELECT run, max(experiment), min(timestamp), max(timestamp) FROM" +
    " (SELECT timestamp, json_extract(customDimensions, '$.parent_run_id') AS run," +
    " json_extract(customDimensions, '$.experiment_name') AS experiment" +
    ` FROM (${newest("traces")} UNION ALL ${newest("exceptions")})) WHERE run <> '' GROUP BY run`);
  return answer.rows.map(([id, experiment, first, last]) => ({ id: String(id), experiment, first, last }))
    .sort((a, b) => (a.last < b.last ? 1 : -1)).slice(0, 30);
}

function chosen() {
  return runs.find(({ id }) => id === picked) ?? runs[0];
}

function showChoice() {
  const select = byId("run-choice");
  if (document.activeElement === select && select.options.length === runs.length) return;
  select.replaceChildren(...runs.map(({ id, experiment, first }) => make("option", { value: id, selected: id === chosen().id },
    `${first.slice(0, 16).replace("T", " ")}  ${String(experiment || "run").slice(0, 40)}  ${id.slice(0, 8)}`)));
}

// Rows of step, role, severity, kind, count, first, last into steps.
function collect(rows) {
  const steps = new Map();
  for (const [step, role, level, kind, number, first, last] of rows) {
    const name = step || role || "unknown";
    const known = steps.get(name) ?? { name, step, role, info: 0, warnings: 0, errors: 0, first, last };
    const where = level >= 3 || kind === "exception" ? "errors" : level === 2 ? "warnings" : "info";
    known[where] += number;
    if (first < known.first) known.first = first;
    if (last > known.last) known.last = last;
    steps.set(name, known);
  }
  return [...steps.values()].sort((a, b) => (a.first < b.first ? -1 : 1));
}

function stepElement(run, { name, step, role, info, warnings, errors, first, last }) {
  const filter = step ? `customDimensions.step_name == ${quote(step)}` : `cloud_RoleName == ${quote(role ?? "")}`;
  const query = `union traces, exceptions | where customDimensions.parent_run_id == ${quote(run)} and ${filter}` +
    " | order by timestamp asc";
  const state = errors ? "failed" : warnings ? "warned" : "good";
  const words = { failed: "errors", warned: "warnings", good: "no errors" }[state];
  return make("li", { class: state }, make("a", { href: queryLink(query) }, short(name, 60)),
    make("span", { class: "unseen" }, words),
    make("span", { class: "took" }, duration(readTime(last) - readTime(first))),
    make("ul", { class: "counts" }, make("li", {}, `${count(info)} info`),
      make("li", { class: warnings ? "is-warning" : null }, several(warnings, "warning")),
      make("li", { class: errors ? "is-error" : null }, several(errors, "error"))));
}

async function showRun({ id, first }) {
  readyForRun(id);
  const answer = await ask(`union traces, exceptions | where timestamp >= datetime(${first})` +
    ` and customDimensions.parent_run_id == ${quote(id)}` +
    " | summarize count(), min(timestamp), max(timestamp) by tostring(customDimensions.step_name), cloud_RoleName," +
    " severityLevel, itemType");
  if (id !== chosen()?.id) return; // another was picked meanwhile
  byId("run-steps").replaceChildren(...collect(answer.rows).map((step) => stepElement(id, step)));
}

export async function refreshRun(range) {
  try {
    runs = await recentRuns(range);
    byId("run").hidden = runs.length === 0;
    if (!runs.length) return;
    showChoice();
    await showRun(chosen());
  } catch (error) {
    showTrouble(error);
  }
}

function showTrouble(error) {
  byId("run-steps").replaceChildren(make("li", { class: "failed" }, visible(error.message ?? String(error))));
}

export function startRun() {
  byId("run-choice").addEventListener("change", (event) => {
    picked = event.target.value;
    showRun(chosen()).catch(showTrouble);
  });
}
