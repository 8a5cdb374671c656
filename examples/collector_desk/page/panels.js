// Errors over time, errors by step, exceptions by problem.
import { ask } from "./api.js";
import { byId, make, short } from "./dom.js";
import { barPlot, timePlot } from "./plots.js";
import { ago, count, queryLink, quote, readTime, several, startOf, time } from "./values.js";

const errors = (range) => `union traces, exceptions | where timestamp > ago(${range})` +
  " and (severityLevel >= 3 or itemType == 'exception')";

const leastBins = 24, mostBins = 48;
const binWidths = [10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200, 86400];

function nothing(box, words) {
  box.replaceChildren(make("p", { class: "empty" }, words));
}

function span(seconds) {
  if (seconds % 86400 === 0) return `${seconds / 86400}d`;
  if (seconds % 3600 === 0) return `${seconds / 3600}h`;
  return seconds % 60 === 0 ? `${seconds / 60}m` : `${seconds}s`;
}

// What there is in that span of time: where plots begin, and the words beside the title. In SQL, which finds the first
// and the last in the index.
async function overview(range) {
  const begin = startOf(range);
  const table = (name) => "SELECT min(timestamp) AS first, max(timestamp) AS last, count(*) AS number" +
    ` FROM ${name} WHERE timestamp > '${begin}'`;
  const answer = await ask("SELECT min(first), max(last), sum(number)" +
    ` FROM (${table("traces")} UNION ALL ${table("exceptions")})`);
  const [first, last, records] = answer.rows[0];
  return { first: first ? readTime(first) : NaN, last, records };
}

function showOverview({ records, last }, range) {
  const ending = records ? `, the last ${ago(last)}` : "";
  byId("summary").textContent = `${several(records, "record")} in ${range}${ending}. Times are UTC.`;
}

function group(rows) {
  const bins = new Map();
  for (const [moment, kind, number] of rows) {
    const from = readTime(moment);
    if (Number.isNaN(from)) continue;
    if (!bins.has(from)) bins.set(from, [0, 0]);
    bins.get(from)[kind === "exception" ? 1 : 0] += number;
  }
  return [...bins].map(([from, parts]) => ({ from, parts })).sort((a, b) => a.from - b.from);
}

async function overTime(range, { first }) {
  const box = byId("over-time");
  const now = Date.now();
  if (Number.isNaN(first)) return nothing(box, "No records.");
  const seconds = binWidths.find((width) => (now - first) / 1000 / width <= mostBins) ?? 86400;
  const query = `${errors(range)} | summarize count() by bin(timestamp, ${span(seconds)}), itemType`;
  byId("over-time-query").href = queryLink(query);
  const answer = await ask(query);
  const width = seconds * 1000;
  const bins = group(answer.rows);
  if (!bins.length) return nothing(box, "No errors.");
  const begin = Math.min(first, now - leastBins * width);
  timePlot(box, { bins, width, from: Math.floor(begin / width) * width, to: Math.ceil((now + 1) / width) * width,
    names: ["logged", "exceptions"],
    link: (bin) => "union traces, exceptions | where (severityLevel >= 3 or itemType == 'exception')" +
      ` and timestamp >= datetime(${new Date(bin.from).toISOString()})` +
      ` and timestamp < datetime(${new Date(bin.from + width).toISOString()}) | order by timestamp asc` });
}

async function byStep(range) {
  const box = byId("by-step");
  const query = `${errors(range)} | summarize count() by tostring(customDimensions.step_name), cloud_RoleName`;
  byId("by-step-query").href = queryLink(query);
  const steps = new Map();
  for (const [step, role, number] of (await ask(query)).rows) {
    const name = step || role || "unknown";
    const filter = step ? `customDimensions.step_name == ${quote(step)}` : `cloud_RoleName == ${quote(role ?? "")}`;
    const known = steps.get(name) ?? { name, value: 0, query: `${errors(range)} and ${filter} | order by timestamp desc` };
    known.value += number;
    steps.set(name, known);
  }
  const rows = [...steps.values()].sort((a, b) => b.value - a.value).slice(0, 12);
  if (rows.length) barPlot(box, rows);
  else nothing(box, "No errors.");
}

function problemRow(range, [problem, number, last]) {
  const query = `exceptions | where timestamp > ago(${range}) and problemId == ${quote(problem ?? "")}` +
    " | order by timestamp desc";
  return make("li", {}, make("a", { href: queryLink(query) }, short(problem || "(no problem id)", 120)),
    make("span", { class: "muted" }, make("strong", {}, `${count(number)}×`), " last ", time(last), ` (${ago(last)})`));
}

async function problems(range) {
  const box = byId("problems");
  const query = `exceptions | where timestamp > ago(${range}) | summarize count(), max(timestamp) by problemId`;
  byId("problems-query").href = queryLink(query);
  const rows = (await ask(query)).rows.sort((a, b) => b[1] - a[1] || (a[2] < b[2] ? 1 : -1)).slice(0, 20);
  if (rows.length) box.replaceChildren(make("ul", { class: "plain problems" }, rows.map((row) => problemRow(range, row))));
  else nothing(box, "No exceptions.");
}

// A panel that fails says why, in its place.
async function guarded(box, work) {
  try {
    await work();
  } catch (error) {
    nothing(box, error.message ?? String(error));
  }
}

export async function refreshPanels(range, words) {
  let known;
  await guarded(byId("over-time"), async () => {
    known = await overview(range);
    showOverview(known, words);
  });
  if (known) await guarded(byId("over-time"), () => overTime(range, known));
  await guarded(byId("by-step"), () => byStep(range));
  await guarded(byId("problems"), () => problems(range));
}
