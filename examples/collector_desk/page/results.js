// The rows of an answer as a table. A whole record shows what matters of it in a line and everything when it is opened.
import { byId, folded, make, short } from "./dom.js";
import { count, operationQuery, queryLink, quote, severity, several, time } from "./values.js";

const rowsAtATime = matchMedia("(max-width: 48rem)").matches ? 15 : 100;

// Of whole records, in this order; the other columns are shown when a row is opened. The texts of all kinds of records
// stand in one column.
const recordColumns = ["timestamp", "severityLevel", "message", "resultCode", "duration", "cloud_RoleName",
  "operation_Id", "customDimensions"];
const saidColumns = ["timestamp", "message", "outerMessage", "problemId", "type", "name", "severityLevel"];
const texts = ["message", "outerMessage", "innermostMessage", "name"];
// What a row's dimensions begin with: what differs between records, not where they come from.
const dullDimensions = /^(code\.|host\.|process|otel\.|telemetry\.|level$|Level$|module$|lineNumber$|fileName$|logger_name$|severity_text$|os\.|step_|parent_run_id$|experiment_name$|run_type$|run_url$|build_|service\.)/;

function parse(value) {
  if (typeof value !== "string" || !/^\s*[{[]/.test(value)) return null;
  try {
    return JSON.parse(value);
  } catch {
    return null;
  }
}

function textOf(value) {
  if (value === null || value === undefined) return "";
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

function dimensionLine(dimensions) {
  const names = Object.keys(dimensions);
  const shown = names.filter((name) => !dullDimensions.test(name)).slice(0, 4);
  const line = make("span", { class: "dimensions" });
  if (!shown.length) line.append(several(names.length, "dimension"));
  for (const name of shown) {
    line.append(make("span", { class: "pair" }, make("span", { class: "key" }, short(name, 40)), " ",
      short(textOf(dimensions[name]), 60)), " ");
  }
  return line;
}

function operationLink(id) {
  return make("a", { href: queryLink(operationQuery(id)), class: "id", title: "Everything of this operation" },
    short(id.length > 12 ? id.slice(0, 8) : id, 40));
}

function cellContent(column, value) {
  if (isEmpty(value)) return "";
  if (column.name === "severityLevel" && Number.isInteger(value)) return severity(value);
  if (column.type === "datetime") return time(String(value));
  if (column.name === "operation_Id") return operationLink(String(value));
  const parsed = parse(value);
  if (parsed && !Array.isArray(parsed)) return dimensionLine(parsed);
  return make("span", { class: "text" }, short(textOf(value), 300));
}

function pairs(entries) {
  const list = make("dl");
  for (const [name, value] of entries) {
    list.append(make("div", {}, make("dt", {}, short(name, 200)), make("dd", {}, folded(textOf(value)))));
  }
  return list;
}

// What a record says comes first, then what is in its dimensions and stacks, then the columns that most have alike.
function details(columns, row) {
  const said = [], inside = [], others = [];
  columns.forEach(({ name }, i) => {
    const parsed = parse(row[i]);
    if (parsed && !Array.isArray(parsed)) inside.push([name, parsed]);
    else if (Array.isArray(parsed) && parsed.every((item) => item && typeof item === "object"))
      parsed.forEach((item, nth) => inside.push([`${name} ${nth + 1}`, item]));
    else if (!isEmpty(row[i])) (saidColumns.includes(name) ? said : others).push([name, row[i]]);
  });
  if (!inside.length) return make("div", { class: "details" }, links(columns, row, inside), pairs([...said, ...others]));
  const box = make("div", { class: "details" }, links(columns, row, inside), pairs(said));
  for (const [name, object] of inside) box.append(make("h3", {}, short(name, 80)), pairs(Object.entries(object)));
  if (others.length) box.append(make("h3", {}, "Other columns"), pairs(others));
  return box;
}

function links(columns, row, inside) {
  const box = make("p", { class: "links" });
  const operation = row[columns.findIndex((column) => column.name === "operation_Id")];
  const run = inside.find(([name]) => name === "customDimensions")?.[1].parent_run_id;
  if (operation)
    box.append(make("a", { href: queryLink(operationQuery(String(operation))) }, "Everything of this operation"));
  if (run) {
    const query = `union traces, exceptions | where customDimensions.parent_run_id == ${quote(String(run))}` +
      " | order by timestamp asc";
    box.append(make("a", { href: queryLink(query) }, "Everything of this run"));
  }
  return box.childNodes.length ? box : null;
}

// Opens the row's details below it; they are made then, not before.
function opener(columns, row, line, width) {
  const button = make("button", { type: "button", class: "opener", "aria-expanded": "false", "aria-label": "Details" });
  button.addEventListener("click", () => {
    const open = button.getAttribute("aria-expanded") !== "true";
    button.setAttribute("aria-expanded", String(open));
    line.classList.toggle("open", open);
    if (!open) return line.nextElementSibling.remove();
    const detail = make("tr", { class: "detail" }, make("td", { colspan: width }, details(columns, row)));
    line.after(detail);
    detail.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      button.focus();
      button.click();
    });
  });
  return button;
}

function isRecords(answer) {
  return ["timestamp", "customDimensions", "itemType"]
    .every((name) => answer.columns.some((column) => column.name === name));
}

function isEmpty(value) {
  return value === null || value === "";
}

// An exception's type stands before its text.
function recordText(answer, row) {
  const valueOf = (name) => row[answer.columns.findIndex((column) => column.name === name)] ?? null;
  const text = texts.map(valueOf).find((value) => !isEmpty(value));
  const type = valueOf("itemType") === "exception" ? valueOf("type") : null;
  return make("span", { class: "text" }, type ? make("strong", {}, short(textOf(type), 100), " ") : null,
    short(textOf(text), 300));
}

function shownColumns(answer, all) {
  const columns = answer.columns.map((column, i) => ({ ...column, i }));
  if (all) return columns;
  const filled = columns.filter(({ i }) => answer.rows.some((row) => !isEmpty(row[i])));
  if (!isRecords(answer)) return filled.length ? filled : columns;
  const text = { name: "message", type: "string", i: -1, content: (row) => recordText(answer, row) };
  return recordColumns.map((name) => (name === "message" ? text : filled.find((column) => column.name === name)))
    .filter((column) => column);
}

function rowElement(answer, columns, row) {
  const level = row[answer.columns.findIndex(({ name }) => name === "severityLevel")];
  const line = make("tr", { class: level >= 3 ? "bad" : null });
  line.append(make("td", { class: "first" }, opener(answer.columns, row, line, columns.length + 1)));
  for (const column of columns) {
    const numeric = typeof row[column.i] === "number" && column.name !== "severityLevel";
    line.append(make("td", { class: `${numeric ? "number" : ""} is-${column.type}`, "data-name": column.name },
      column.content ? column.content(row) : cellContent(column, row[column.i])));
  }
  return line;
}

function table(answer, columns) {
  const body = make("tbody");
  const more = make("button", { type: "button" });
  const show = () => {
    const from = body.querySelectorAll(":scope > tr:not(.detail)").length;
    body.append(...answer.rows.slice(from, from + rowsAtATime).map((row) => rowElement(answer, columns, row)));
    const left = answer.rows.length - from - rowsAtATime;
    more.hidden = left <= 0;
    more.textContent = `Show ${Math.min(left, rowsAtATime)} more of ${count(left)}`;
  };
  more.addEventListener("click", () => {
    show();
    if (more.hidden) byId("results").focus();
  });
  show();
  const head = make("tr", {}, make("th", { class: "first", scope: "col" }, make("span", { class: "unseen" }, "Details")),
    columns.map((column) => make("th", { scope: "col" }, short(column.name, 80))));
  return [make("table", {}, make("caption", { class: "unseen" }, "Rows of the answer"), make("thead", {}, head), body), more];
}

function statusOf(answer) {
  const because = { rows: "the first", bytes: "as many as fit:", time: "what was found in time:" };
  const rows = several(answer.rows.length, "row");
  const words = answer.truncated ? `${because[answer.truncated_by] ?? "the first"} ${rows}` : rows;
  return `${words[0].toUpperCase()}${words.slice(1)} in ${answer.elapsed_ms} ms`;
}

// A single number is shown as one.
function single(answer) {
  const only = answer.rows.length === 1 && answer.columns.length === 1 && typeof answer.rows[0][0] === "number";
  return only ? make("p", { class: "single" }, make("strong", {}, count(answer.rows[0][0])), " ",
    make("span", { class: "muted" }, short(answer.columns[0].name, 80))) : null;
}

// hint: what stands there instead of no rows; may be null.
export function showResults(answer, hint) {
  const toggle = byId("all-columns");
  const all = toggle.getAttribute("aria-pressed") === "true";
  byId("result-status").textContent = statusOf(answer);
  toggle.hidden = answer.rows.length === 0 || shownColumns(answer, false).length === answer.columns.length;
  toggle.onclick = () => {
    toggle.setAttribute("aria-pressed", String(!all));
    showResults(answer, hint);
  };
  const box = byId("results");
  if (answer.rows.length === 0) box.replaceChildren(hint ?? make("p", { class: "empty" }, "No rows."));
  else box.replaceChildren(...[single(answer) ?? table(answer, shownColumns(answer, all))].flat());
  box.scrollTop = 0;
}
