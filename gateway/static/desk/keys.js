// Single keys in lists: j and k go up and down, Enter does what is chosen, o opens its order, ? shows the keys. They can be
// turned off, and mean nothing while somebody types.
"use strict";
(() => {
  const dialog = document.getElementById("keys"), tick = document.getElementById("single-keys"), KEPT = "dingdan-single-keys";
  if (!dialog) return;
  let at = "";
  tick.checked = localStorage.getItem(KEPT) !== "off";
  tick.addEventListener("change", () => { if (tick.checked) localStorage.removeItem(KEPT); else localStorage.setItem(KEPT, "off"); });

  const way = (row) => row.querySelector("a[href^='/orders/']");
  const rows = () => [...document.querySelectorAll("main [data-row], main tbody tr")].filter((row) => row.offsetParent !== null && (row.dataset.row !== undefined || way(row)));
  const here = () => document.activeElement?.closest?.("main [data-row], main tbody tr") ?? rows().find((row) => row.dataset.row && row.dataset.row === at) ?? null;

  function move(by) {
    const all = rows();
    if (!all.length) return;
    const place = all.indexOf(here());
    const row = all[place < 0 ? (by > 0 ? 0 : all.length - 1) : Math.min(Math.max(place + by, 0), all.length - 1)];
    at = row.dataset.row ?? "";
    if (!row.hasAttribute("tabindex")) row.setAttribute("tabindex", "-1");
    if (row.dataset.row === undefined) row.classList.add("at");
    row.focus();
    row.scrollIntoView({ block: "nearest" });
  }

  function act(row) {
    const form = row.querySelector("details:has(form)");
    if (!form) { way(row)?.click(); return; }
    form.open = true;
    const shown = (kind) => [...form.querySelectorAll(kind)].find((each) => !each.disabled && each.getClientRects().length);
    (shown("input:not([type=hidden]):not([tabindex='-1']), select, textarea") ?? shown("button:not([tabindex='-1'])"))?.focus();
  }

  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (!tick.checked || document.querySelector("dialog[open]")) return;
    const row = here();
    if (event.key === "Enter") {
      if (row && document.activeElement === row) { event.preventDefault(); act(row); }
      return;
    }
    if (event.target.closest?.("input, select, textarea, [contenteditable]")) return;
    if (event.key === "j") move(1);
    else if (event.key === "k") move(-1);
    else if (event.key === "o" && row) way(row)?.click();
    else if (event.key === "?") dialog.showModal();
    else return;
    event.preventDefault();
  });

  // a list that was renewed keeps the place
  document.addEventListener("htmx:afterSwap", () => {
    if (at && document.activeElement === document.body) rows().find((row) => row.dataset.row === at)?.setAttribute("tabindex", "-1");
  });
})();
