// Starts the parts of the page, and asks again when something has come. The desk is one thread that has better to do than
// to draw plots: the page asks for at most a twentieth of its time.
import { startAlerts } from "./alerts.js";
import { byId } from "./dom.js";
import { refreshPanels } from "./panels.js";
import { refreshFirst, startQueries } from "./query.js";
import { refreshRun, startRun } from "./run.js";
import { startTail } from "./tail.js";

const leastMs = 1500, mostMs = 60000, share = 20;

let stale = true, busy = false, notBefore = 0;

function range() {
  return byId("range").value;
}

async function refresh() {
  if (busy || document.hidden) return;
  busy = true;
  stale = false;
  const begun = performance.now();
  await refreshFirst();
  await refreshRun(range());
  await refreshPanels(range(), byId("range").selectedOptions[0].textContent);
  const took = performance.now() - begun;
  notBefore = performance.now() + Math.min(Math.max(took * share, leastMs), mostMs);
  busy = false;
}

function startRefreshing() {
  byId("range").addEventListener("change", () => {
    stale = true;
    notBefore = 0;
  });
  let width = innerWidth;
  addEventListener("resize", () => {
    stale = stale || innerWidth !== width;
    width = innerWidth;
  });
  setInterval(() => {
    if (stale && performance.now() >= notBefore) refresh();
  }, 250);
}

// Links within the page leave the question in the address as it is.
function startJumps() {
  addEventListener("click", (event) => {
    const link = event.target.closest?.("a.jump");
    if (!link) return;
    event.preventDefault();
    const place = byId(link.hash.slice(1));
    place.scrollIntoView({ block: "nearest" });
    (place.matches("textarea") ? place : place.querySelector("a[href]"))?.focus();
  });
}

startJumps();
startQueries();
startRun();
startTail(() => {
  stale = true;
});
startAlerts();
startRefreshing();
refresh();
