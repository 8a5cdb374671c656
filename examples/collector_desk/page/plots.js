// Two plots, drawn as SVG for the width they have.
import { make, makeSvg, short } from "./dom.js";
import { count, queryLink } from "./values.js";

function niceStep(most) {
  const raw = Math.max(1, most / 3);
  const power = 10 ** Math.floor(Math.log10(raw));
  return [1, 2, 5, 10].map((factor) => factor * power).find((step) => step >= raw);
}

function label(attributes, words) {
  return makeSvg("text", attributes, words);
}

// Ticks at whole minutes, hours or days.
const tickSteps = [1, 5, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 21600, 43200, 86400, 172800, 432000]
  .map((seconds) => seconds * 1000);

function tickText(moment, step) {
  const text = new Date(moment).toISOString();
  if (step >= 86400000) return text.slice(5, 10);
  return step >= 60000 ? text.slice(11, 16) : text.slice(11, 19);
}

function timeTicks(from, to, most) {
  const step = tickSteps.find((candidate) => (to - from) / candidate <= most) ?? 10 * 86400000;
  const ticks = [];
  for (let moment = Math.ceil(from / step) * step; moment <= to; moment += step) ticks.push(moment);
  return { step, ticks };
}

// bins: [{from, parts: [count, ...]}] of the same width; names and classes belong to the parts.
export function timePlot(box, { bins, width: binWidth, from, to, names, link }) {
  const width = Math.max(240, box.clientWidth), height = 170;
  const left = 34, right = 6, top = 10, bottom = 22;
  const totals = bins.map((bin) => bin.parts.reduce((sum, part) => sum + part, 0));
  const step = niceStep(Math.max(...totals, 1));
  const most = Math.ceil(Math.max(...totals, 1) / step) * step;
  const x = (moment) => left + ((moment - from) / (to - from)) * (width - left - right);
  const y = (value) => height - bottom - (value / most) * (height - top - bottom);
  const all = totals.reduce((sum, total) => sum + total, 0);
  const svg = makeSvg("svg", { viewBox: `0 0 ${width} ${height}`, width, height, role: "group",
    "aria-label": `${count(all)} errors, at most ${count(Math.max(...totals, 0))} at a time` });
  for (let value = 0; value <= most; value += step) {
    svg.append(makeSvg("line", { class: "grid", x1: left, x2: width - right, y1: y(value), y2: y(value) }),
      label({ x: left - 6, y: y(value) + 4, "text-anchor": "end" }, count(value)));
  }
  const { step: tickStep, ticks } = timeTicks(from, to, Math.floor(width / 64));
  for (const moment of ticks) {
    const at = x(moment), room = tickStep >= 60000 ? 16 : 26; // half a label
    if (at > left + room && at < width - right - room)
      svg.append(label({ x: at, y: height - 6, "text-anchor": "middle" }, tickText(moment, tickStep)));
  }
  bins.forEach((bin) => svg.append(bar(bin)));
  box.replaceChildren(svg, legend(names));

  function bar(bin) {
    const begin = x(bin.from), breadth = Math.max(2, x(bin.from + binWidth) - begin - 1);
    const words = `${tickText(bin.from, 1000)}: ` + bin.parts.map((part, i) => `${count(part)} ${names[i]}`).join(", ");
    const group = makeSvg("a", { href: queryLink(link(bin)), "aria-label": words }, makeSvg("title", {}, words));
    let below = 0;
    bin.parts.forEach((part, i) => {
      if (!part) return;
      group.append(makeSvg("rect", { class: `part-${i}`, x: begin, width: breadth, y: y(below + part),
        height: Math.max(1, y(below) - y(below + part)) }));
      below += part;
    });
    return group;
  }
}

function legend(names) {
  return make("p", { class: "legend" }, names.map((name, i) => make("span", { class: `key-${i}` }, name)));
}

// rows: [{name, value, query}], the largest first.
export function barPlot(box, rows) {
  const width = Math.max(240, box.clientWidth), line = 36;
  const most = Math.max(...rows.map((row) => row.value));
  const room = width - 50;
  const svg = makeSvg("svg", { viewBox: `0 0 ${width} ${rows.length * line + 4}`, width, height: rows.length * line + 4,
    role: "group", "aria-label": "Errors by step" });
  rows.forEach((row, i) => {
    const y = i * line, words = `${row.name}: ${count(row.value)}`;
    const long = Math.max(3, (row.value / most) * room);
    svg.append(makeSvg("a", { href: queryLink(row.query), "aria-label": words }, makeSvg("title", {}, short(words, 200)),
      label({ x: 0, y: y + 13, class: "name" }, short(row.name, Math.floor(width / 8))),
      makeSvg("rect", { class: "part-0", x: 0, y: y + 18, width: long, height: 8, rx: 2 }),
      label({ x: long + 8, y: y + 26, class: "value" }, count(row.value))));
  });
  box.replaceChildren(svg);
}
