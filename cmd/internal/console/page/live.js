"use strict";
// Keeps the parts of a page that are marked data-live up to date. Without this
// script the page is what it was when it was loaded.
(() => {
  const every = 1500;
  const busy = (part) => part.contains(document.activeElement) && document.activeElement.matches("input, textarea, select");

  async function refresh() {
    const answer = await fetch(location.href, { headers: { "X-Live": "1", Accept: "text/html" } });
    if (!answer.ok) return;
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const part of document.querySelectorAll("[data-live][id]")) {
      const next = fresh.getElementById(part.id);
      if (!next || next.innerHTML === part.innerHTML || busy(part)) continue;
      const open = new Set([...part.querySelectorAll("details[open][id]")].map((d) => d.id));
      part.replaceChildren(...next.childNodes);
      for (const d of part.querySelectorAll("details[id]")) d.open = open.has(d.id);
    }
  }

  async function loop() {
    if (document.visibilityState === "visible") await refresh().catch(() => {});
    setTimeout(loop, every);
  }

  for (const button of document.querySelectorAll("[data-copy]")) {
    if (!navigator.clipboard) continue;
    button.hidden = false;
    button.addEventListener("click", () => navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent));
  }
  if (document.querySelector("[data-live]")) setTimeout(loop, every);
})();
