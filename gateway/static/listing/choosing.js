// Chooses all orders of the page at once, and says how many are chosen.
"use strict";
const form = document.getElementById("chosen");
if (form) {
  const all = form.querySelector("[data-chooses-all]");
  const boxes = [...form.querySelectorAll("[data-chosen]")];
  const told = form.querySelector("[data-counts-chosen]");
  const before = told.textContent;
  const count = () => {
    const chosen = boxes.filter((box) => box.checked).length;
    told.textContent = chosen ? told.dataset.words.replace("#", chosen) : before;
    all.checked = chosen === boxes.length;
    all.indeterminate = chosen > 0 && chosen < boxes.length;
  };
  all.addEventListener("change", () => {
    for (const box of boxes) box.checked = all.checked;
    count();
  });
  form.addEventListener("change", count);
  count();
}
