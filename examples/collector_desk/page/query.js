// The query box. What was asked stands in the address, so that a question can be linked to and the way back is the
// browser's.
import { ask } from "./api.js";
import { byId, make, visible } from "./dom.js";
import { showResults } from "./results.js";
import { queryLink, quote } from "./values.js";

const ofRun = (id) => `traces | where customDimensions.parent_run_id == ${quote(id)}`;
const ready = [
  ["One run", ofRun("931024c2-3720-11ea-b247-c49deda841c1")], // or that which is shown
  ["Training", "traces | where timestamp > ago(7d) and customDimensions.run_type == 'training'"],
  ["Errors", "traces | where timestamp > ago(7d) and customDimensions.Level == 'ERROR'"],
  ["Count errors", "traces | where timestamp > ago(7d) and customDimensions.Level == 'ERROR' | summarize count()"],
];
// Each table by itself first: so its index says which rows are the newest.
const atFirst = "union (traces | top 100 by timestamp), (exceptions | top 100 by timestamp) | top 100 by timestamp";

let latest = 0;

// The line with the mistake, and the word or sign where it is; columns count characters.
function placeElement(query, { line, column }) {
  const characters = [...(query.split("\n")[line - 1] ?? "")];
  const at = Math.min(column - 1, characters.length), from = Math.max(0, at - 60);
  const rest = characters.slice(at, at + 120).join("");
  const word = /^([\p{L}\p{N}_]+|[^]?)/u.exec(rest)[0];
  return make("pre", { class: "place" }, from ? "…" : "", visible(characters.slice(from, at).join("")),
    make("mark", {}, visible(word || " ")), visible(rest.slice(word.length)));
}

function showMistake(query, error) {
  const box = byId("query-error");
  const place = error.line ? `Line ${error.line}, column ${error.column}: ` : "";
  box.replaceChildren(make("strong", {}, place), visible(error.message ?? "The query cannot be run."));
  if (error.expected) box.append(make("span", { class: "expected" }, "Expected: ", visible(error.expected)));
  if (error.line) box.append(placeElement(query, error));
  box.hidden = false;
  byId("query-text").setAttribute("aria-invalid", "true");
  byId("result-status").textContent = "";
  byId("all-columns").hidden = true;
  byId("results").replaceChildren();
}

function clearMistake() {
  byId("query-error").hidden = true;
  byId("query-text").removeAttribute("aria-invalid");
}

function emptyHint() {
  return make("div", { class: "empty" }, make("p", {}, "Nothing has come in yet. Point a program here:"),
    make("pre", {}, `OTEL_LOGS_EXPORTER=otlp OTEL_EXPORTER_OTLP_ENDPOINT=${location.origin} ./your-program`));
}

// The answer to an older question may come later: it is not shown.
async function run(query) {
  const mine = ++latest;
  const section = byId("ask");
  section.setAttribute("aria-busy", "true");
  try {
    const answer = await ask(query);
    if (mine !== latest) return;
    clearMistake();
    showResults(answer, query === atFirst ? emptyHint() : null);
  } catch (error) {
    if (mine === latest) showMistake(query, error);
  } finally {
    if (mine === latest) section.removeAttribute("aria-busy");
  }
}

function queryOfAddress() {
  if (!location.hash.startsWith("#q=")) return null;
  try {
    return decodeURIComponent(location.hash.slice(3));
  } catch {
    return null;
  }
}

// An address without a question is the page as it began.
function follow() {
  const query = queryOfAddress() ?? atFirst;
  byId("query-text").value = query;
  markReady(query);
  run(query);
  byId("ask").scrollIntoView({ block: "nearest" });
}

// The first of the ready queries is about the run that is shown.
export function readyForRun(id) {
  const link = byId("ready-queries").firstElementChild, query = ofRun(id);
  link.href = queryLink(query);
  link.title = link.dataset.query = query;
  markReady(queryOfAddress());
}

function markReady(query) {
  for (const link of byId("ready-queries").children) {
    if (link.dataset.query === query) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  }
}

function submit() {
  const query = byId("query-text").value.trim();
  if (!query) return;
  const link = queryLink(query);
  if (location.hash === link) follow();
  else location.hash = link;
}

// While nobody has asked anything, the first query follows what comes in.
export function refreshFirst() {
  const untouched = queryOfAddress() === null && byId("query-text").value === atFirst;
  const read = document.querySelector("#results .opener[aria-expanded=true], #results :focus") ||
    byId("results").scrollTop > 0 || byId("all-columns").getAttribute("aria-pressed") === "true";
  if (untouched && !read) return run(atFirst);
}

export function startQueries() {
  byId("ready-queries").append(...ready.map(([name, query]) =>
    make("a", { href: queryLink(query), title: query, "data-query": query }, name)));
  byId("query-form").addEventListener("submit", (event) => {
    event.preventDefault();
    submit();
  });
  byId("query-text").addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) submit();
  });
  addEventListener("hashchange", follow);
  if (queryOfAddress() !== null) return follow();
  byId("query-text").value = atFirst; // refreshFirst() asks it
}
