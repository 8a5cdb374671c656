// Elements and text. Everything that came from outside goes through text() or visible(): text nodes, never markup.

const svgSpace = "http://www.w3.org/2000/svg";

function fill(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (value === true) node.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) node.setAttribute(name, value);
  }
  node.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return node;
}

// make("a", {href: "#x"}, "text", child): strings become text nodes.
export function make(name, attributes = {}, ...children) {
  return fill(document.createElement(name), attributes, children);
}

export function makeSvg(name, attributes = {}, ...children) {
  return fill(document.createElementNS(svgSpace, name), attributes, children);
}

export function byId(id) {
  return document.getElementById(id);
}

// Control characters, and marks that are unseen or turn the direction of a text round; not what joins emoji to one.
const hidden = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u115f\u1160\u180e\u200b\u200c\u200e\u200f\u2028-\u202e\u2060-\u2069\u3164\ufeff\uffa0\u{e0000}-\u{e007f}]|\u200d(?!\p{Extended_Pictographic})/gu;

function nameOf(character) {
  const code = character.codePointAt(0);
  if (code < 0x100) return "\\x" + code.toString(16).padStart(2, "0");
  return code < 0x10000 ? "\\u" + code.toString(16).padStart(4, "0") : `\\u{${code.toString(16)}}`;
}

// A text with its unseen characters written out, each in a mark of its own.
export function visible(value) {
  const node = document.createDocumentFragment();
  let from = 0;
  for (const match of value.matchAll(hidden)) {
    if (match.index > from) node.append(value.slice(from, match.index));
    node.append(make("span", { class: "control" }, nameOf(match[0])));
    from = match.index + match[0].length;
  }
  node.append(value.slice(from));
  return node;
}

const foldedLength = 400;

// Does not cut a character in two.
function beginning(value, length) {
  const end = /[\ud800-\udbff]/.test(value[length - 1]) ? length - 1 : length;
  return value.slice(0, end);
}

// A long text shows its beginning and a button that shows the rest.
export function folded(value, length = foldedLength) {
  if (value.length <= length) return make("span", { class: "text" }, visible(value));
  const shown = make("span", { class: "text" }, visible(beginning(value, length)), "…");
  const more = `Show all ${value.length.toLocaleString("en")} characters`;
  const button = make("button", { type: "button", class: "quiet", "aria-expanded": "false" }, more);
  button.addEventListener("click", () => {
    const open = button.getAttribute("aria-expanded") !== "true";
    button.setAttribute("aria-expanded", String(open));
    button.textContent = open ? "Show less" : more;
    shown.replaceChildren(visible(open ? value : beginning(value, length)), open ? "" : "…");
  });
  return make("span", { class: "folded" }, shown, " ", button);
}

// One line of a text, for where there is little room.
export function short(value, length = 160) {
  const line = value.length > length ? beginning(value, length) + "…" : value;
  return visible(line.replace(/[\r\n\t]+/g, " "));
}
