// How times, durations, counts and severities are shown, and how texts are written into queries.
import { make } from "./dom.js";

export const severities = ["Verbose", "Information", "Warning", "Error", "Critical"];

export function severity(level) {
  const name = severities[level];
  if (!name) return make("span", {}, level === null ? "" : String(level));
  return make("span", { class: `badge level-${level}` }, name);
}

// The desk's texts have seven digits behind the second, in UTC; a clock of a page needs three.
export function readTime(text) {
  const match = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(\.\d+)?Z$/.exec(text);
  return match ? Date.parse(match[1] + (match[2] ?? "").slice(0, 4) + "Z") : NaN;
}

export function time(text) {
  const shown = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}/.exec(text);
  const words = shown ? shown[0].replace("T", " ") : text;
  return make("time", { datetime: shown ? text : null, title: `${text} (UTC)` }, words);
}

// "24h" as the time at which it began.
export function startOf(range) {
  const units = { m: 60000, h: 3600000, d: 86400000 };
  return new Date(Date.now() - parseInt(range, 10) * units[range.slice(-1)]).toISOString();
}

export function clock(text) {
  return make("time", { datetime: text, title: `${text} (UTC)` }, text.slice(11, 23));
}

export function ago(text) {
  const seconds = Math.max(0, (Date.now() - readTime(text)) / 1000);
  if (Number.isNaN(seconds)) return "";
  if (seconds < 60) return "just now";
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ago`;
  if (seconds < 86400) return `${Math.floor(seconds / 3600)} h ago`;
  return `${Math.floor(seconds / 86400)} d ago`;
}

export function duration(milliseconds) {
  if (milliseconds < 1000) return `${Math.round(milliseconds)} ms`;
  if (milliseconds < 60000) return `${(milliseconds / 1000).toFixed(1)} s`;
  const minutes = Math.floor(milliseconds / 60000);
  const seconds = Math.floor((milliseconds % 60000) / 1000);
  if (minutes < 60) return `${minutes} min` + (seconds ? ` ${seconds} s` : "");
  return `${Math.floor(minutes / 60)} h` + (minutes % 60 ? ` ${minutes % 60} min` : "");
}

export function count(number) {
  return Number(number).toLocaleString("en");
}

export function several(number, word) {
  return `${count(number)} ${word}${number === 1 ? "" : "s"}`;
}

// A text as the query language writes it.
export function quote(text) {
  const escapes = { "\\": "\\\\", "'": "\\'", "\n": "\\n", "\r": "\\r", "\t": "\\t" };
  return "'" + text.replace(/[\\'\n\r\t]/g, (character) => escapes[character]) + "'";
}

export function queryLink(query) {
  return "#q=" + encodeURIComponent(query.toWellFormed?.() ?? query);
}

export function operationQuery(id) {
  return `union traces, exceptions | where operation_Id == ${quote(id)} | order by timestamp asc`;
}
