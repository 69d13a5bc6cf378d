// The palette: Ctrl+K, a line to type in, rows to choose from; wholly by keyboard. What there is says /palette.
"use strict";
(() => {
  const dialog = document.getElementById("palette");
  if (!dialog) return;
  const text = document.getElementById("palette-text"), list = document.getElementById("palette-rows"), none = document.getElementById("palette-none");
  const PAUSE = 120;
  let timer = 0, asked = 0, chosen = -1;

  function open() {
    if (document.querySelector("dialog[open]") && !dialog.open) return;
    if (!dialog.open) dialog.showModal();
    text.select();
    ask();
  }

  async function ask() {
    const mine = ++asked;
    try {
      const answer = await fetch(`/palette?q=${encodeURIComponent(text.value)}`, { headers: { accept: "application/json" } });
      if (mine !== asked) return; // something newer was typed meanwhile
      if (!answer.ok) throw new Error(String(answer.status));
      show((await answer.json()).rows);
    } catch {
      if (mine === asked) show([], none.dataset.away);
    }
  }

  function show(rows, problem) {
    list.replaceChildren(...rows.map((row, place) => {
      const line = document.createElement("li");
      line.id = `palette-row-${place}`;
      line.setAttribute("role", "option");
      line.dataset.path = row.path;
      for (const name of ["group", "label", "note"]) {
        const part = document.createElement("span");
        part.className = name;
        part.textContent = row[name];
        line.append(part);
      }
      line.addEventListener("click", () => go(line));
      return line;
    }));
    none.textContent = problem ?? (rows.length ? "" : none.dataset.none);
    choose(rows.length ? 0 : -1);
  }

  function choose(place) {
    chosen = place;
    [...list.children].forEach((line, each) => line.setAttribute("aria-selected", String(each === place)));
    const line = list.children[place];
    if (line) {
      text.setAttribute("aria-activedescendant", line.id);
      line.scrollIntoView({ block: "nearest" });
    } else text.removeAttribute("aria-activedescendant");
  }

  const go = (line) => { if (line) location.assign(line.dataset.path); };

  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && event.key.toLowerCase() === "k") {
      event.preventDefault();
      open();
    }
  });
  document.addEventListener("click", (event) => {
    const way = event.target.closest?.("[data-opens=palette]");
    if (way && !event.ctrlKey && !event.metaKey) { event.preventDefault(); open(); }
    if (event.target === dialog) dialog.close(); // beside it
  });
  text.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(ask, PAUSE); });
  text.addEventListener("keydown", async (event) => {
    if (event.isComposing) return; // Chinese is being typed
    const count = list.children.length;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (count) choose((chosen + (event.key === "ArrowDown" ? 1 : count - 1)) % count);
    } else if (event.key === "Enter") {
      event.preventDefault();
      clearTimeout(timer);
      if (text.value !== text.dataset.asked) { text.dataset.asked = text.value; const before = chosen; await ask(); if (before > 0 && list.children[before]) choose(before); }
      go(list.children[chosen]);
    }
  });
})();
