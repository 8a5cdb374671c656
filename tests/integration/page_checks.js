// For test_desk_page.py: what can be said of a page by looking at every element of it.
(() => {
  const faults = [];
  const name = (e) => `${e.tagName.toLowerCase()}${e.id ? "#" + e.id : ""}.${[...e.classList].join(".")}`;
  const seen = (e) => e.checkVisibility() && !e.closest(".unseen, .skip");

  // Contrast of text against what is behind it: 4.5 (WCAG 2, AA), 3 for large text.
  const channels = (color) => (color.match(/[\d.]+/g) ?? []).map(Number);
  const luminance = ([r, g, b]) => [r, g, b].map((c) => c / 255)
    .map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4))
    .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
  const behind = (e) => {
    for (; e; e = e.parentElement) {
      const color = channels(getComputedStyle(e).backgroundColor);
      if (color.length === 3 || color[3] === 1) return color;
    }
    return [255, 255, 255];
  };
  for (const e of document.body.querySelectorAll("*")) {
    const own = [...e.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
    if (!own || !seen(e)) continue;
    const style = getComputedStyle(e);
    const ink = channels(e instanceof SVGElement ? style.fill : style.color);
    const [light, dark] = [luminance(ink), luminance(behind(e))].sort((a, b) => b - a);
    const ratio = (light + 0.05) / (dark + 0.05);
    if (ratio < (parseFloat(style.fontSize) >= 24 ? 3 : 4.5))
      faults.push(`contrast ${ratio.toFixed(2)} of ${name(e)}: ${e.textContent.slice(0, 30)}`);
  }

  // Everything that can be used has a name and can be reached.
  for (const e of document.querySelectorAll("button, select, input, textarea, a[href], [tabindex]")) {
    if (!seen(e)) continue;
    const label = e.getAttribute("aria-label") || e.labels?.[0]?.textContent || e.textContent;
    if (!label?.trim()) faults.push(`no name: ${name(e)}`);
    if (e.tabIndex < 0) faults.push(`out of reach of the keyboard: ${name(e)}`);
  }
  for (const e of document.querySelectorAll("*"))
    for (const attribute of e.attributes) if (/^(on|style$)/.test(attribute.name)) faults.push(`${attribute.name} of ${name(e)}`);

  // Nothing but the page's own scripts and sheets, and nothing wider than the window.
  if (document.scripts.length !== 1) faults.push(`${document.scripts.length} scripts`);
  if (document.querySelectorAll("img, iframe, object, embed, b, i, u").length) faults.push("elements of a stranger");
  if (document.documentElement.scrollWidth > innerWidth) faults.push(`wider than the window: ${document.documentElement.scrollWidth}`);
  return faults;
})()
