// An order is dragged to another day: its page of moving opens, and nothing is said by that. Links do the same for the keyboard.
"use strict";
for (const order of document.querySelectorAll("[data-order]")) {
  order.addEventListener("dragstart", (event) => {
    event.dataTransfer.setData("text/plain", `order=${encodeURIComponent(order.dataset.order)}&kind=${order.dataset.kind}`);
    event.dataTransfer.effectAllowed = "move";
  });
}
for (const day of document.querySelectorAll("[data-day]")) {
  day.addEventListener("dragover", (event) => {
    event.preventDefault();
    day.classList.add("over");
  });
  day.addEventListener("dragleave", () => day.classList.remove("over"));
  day.addEventListener("drop", (event) => {
    event.preventDefault();
    day.classList.remove("over");
    const said = event.dataTransfer.getData("text/plain");
    if (/^order=[\w%-]+&kind=\w+$/.test(said)) location.assign(`/calendar/move?${said}&day=${day.dataset.day}`);
  });
}
