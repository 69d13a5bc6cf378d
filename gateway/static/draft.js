// What somebody is writing outlives a log-in that ended meanwhile, and a page that was closed by mistake.
"use strict";
for (const form of document.querySelectorAll("[data-draft]")) {
  const field = form.querySelector("textarea");
  const key = `draft ${form.dataset.draft}`;
  const sent = `${key} sent`;
  if (sessionStorage.getItem(sent) !== null && document.querySelector(".done") !== null) {
    sessionStorage.removeItem(key);
  }
  sessionStorage.removeItem(sent);
  if (field.value === "") field.value = sessionStorage.getItem(key) ?? "";
  field.addEventListener("input", () => sessionStorage.setItem(key, field.value));
  form.addEventListener("submit", () => sessionStorage.setItem(sent, "yes"));
}
