// One run of a pipeline: its steps in the order they began, with what they logged and how long they took.
import { ask } from "./api.js";
import { byId, make, short } from "./dom.js";
import { count, duration, queryLink, quote, readTime, several } from "./values.js";

let chosen = null;

async function recentRuns(range) {
  const answer = await ask(`union traces, exceptions | where timestamp > ago(${range})` +
    " and isnotempty(customDimensions.parent_run_id)" +
    " | summarize min(timestamp), max(timestamp) by tostring(customDimensions.parent_run_id)," +
    " tostring(customDimensions.experiment_name)");
  return answer.rows.map(([id, experiment, first, last]) => ({ id, experiment, first, last }))
    .sort((a, b) => (a.last < b.last ? 1 : -1)).slice(0, 30);
}

function showChoice(runs) {
  const select = byId("run-choice");
  if (!runs.some(({ id }) => id === chosen)) chosen = runs[0].id;
  if (document.activeElement === select && select.options.length === runs.length) return;
  select.replaceChildren(...runs.map(({ id, experiment, first }) => make("option", { value: id, selected: id === chosen },
    `${first.slice(0, 16).replace("T", " ")}  ${(experiment || "run").slice(0, 40)}  ${id.slice(0, 8)}`)));
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

async function showRun(range) {
  const answer = await ask(`union traces, exceptions | where timestamp > ago(${range})` +
    ` and customDimensions.parent_run_id == ${quote(chosen)}` +
    " | summarize count(), min(timestamp), max(timestamp) by tostring(customDimensions.step_name), cloud_RoleName," +
    " severityLevel, itemType");
  byId("run-steps").replaceChildren(...collect(answer.rows).map((step) => stepElement(chosen, step)));
}

export async function refreshRun(range) {
  try {
    const runs = await recentRuns(range);
    byId("run").hidden = runs.length === 0;
    if (!runs.length) return;
    showChoice(runs);
    await showRun(range);
  } catch (error) {
    byId("run-steps").replaceChildren(make("li", {}, error.message ?? String(error)));
  }
}

export function startRun(range) {
  byId("run-choice").addEventListener("change", (event) => {
    chosen = event.target.value;
    showRun(range()).catch(() => {});
  });
}
