// A new order: proposals under a field, Ctrl+Enter, and what was written kept in this tab until it is placed.
"use strict";
(() => {
  const form = document.getElementById("order");
  if (!form) return;
  const KEPT = "order-form";

  // --- proposals
  const listOf = (input) => document.getElementById(input.getAttribute("aria-controls"));
  const show = (input, shown) => {
    const list = listOf(input);
    list.hidden = !shown;
    input.setAttribute("aria-expanded", String(shown));
    if (!shown) input.removeAttribute("aria-activedescendant");
  };
  const mark = (input, option) => {
    for (const each of listOf(input).querySelectorAll("[role=option]")) each.setAttribute("aria-selected", String(each === option));
    if (option) {
      input.setAttribute("aria-activedescendant", option.id);
      option.scrollIntoView({ block: "nearest" });
    }
  };
  const choose = (input, option) => {
    input.value = option.dataset.value;
    show(input, false);
    listOf(input).replaceChildren();
    if (input.name === "customer") {
      document.getElementById("as-last").click();
      return;
    }
    const line = input.name.slice(0, -"product".length);
    for (const name of ["specification", "unit", "unit_price", "tolerance_percent"]) {
      const field = form.elements[line + name];
      if (field && option.dataset[name] !== undefined) field.value = option.dataset[name];
    }
    const quantity = form.elements[line + "quantity"];
    if (quantity) quantity.focus();
    form.dispatchEvent(new Event("input", { bubbles: true }));
  };
  document.addEventListener("htmx:afterSwap", (event) => {
    const list = event.detail.target;
    if (!list.classList.contains("proposals")) return;
    const input = form.querySelector(`[aria-controls="${list.id}"]`);
    if (!input) return;
    const options = [...list.querySelectorAll("[role=option]")];
    if (document.activeElement === input) {
      show(input, options.length > 0);
      mark(input, options[0]);
      return;
    }
    const exact = options.find((each) => each.dataset.value.toLowerCase() === input.value.trim().toLowerCase());
    const unit = form.elements[input.name.replace(/product$/, "unit")];
    if (exact && input.name !== "customer" && unit && !unit.value) choose(input, exact);
    else show(input, false);
  });
  form.addEventListener("keydown", (event) => {
    const input = event.target;
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      form.requestSubmit(document.getElementById("place"));
      return;
    }
    if (input.getAttribute("role") !== "combobox" || listOf(input).hidden) return;
    const options = [...listOf(input).querySelectorAll("[role=option]")];
    const at = options.findIndex((each) => each.getAttribute("aria-selected") === "true");
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      mark(input, options[(at + (event.key === "ArrowDown" ? 1 : options.length - 1)) % options.length]);
    } else if (event.key === "Enter" && at >= 0) {
      event.preventDefault();
      choose(input, options[at]);
    } else if (event.key === "Escape") {
      show(input, false);
    }
  });
  form.addEventListener("pointerdown", (event) => {
    const option = event.target.closest("[role=option]");
    if (!option) return;
    event.preventDefault();
    choose(form.querySelector(`[aria-controls="${option.parentElement.id}"]`), option);
  });
  form.addEventListener("focusout", (event) => {
    if (event.target.getAttribute("role") === "combobox") show(event.target, false);
  });
  document.addEventListener("htmx:afterSettle", (event) => {
    if (event.detail.target !== form) return;
    const proposed = form.querySelector("[formaction='/orders/new/take']");
    if (proposed) {
      proposed.focus();
      return;
    }
    const empty = [...form.querySelectorAll("[name$='.product'], [name$='.quantity']")].find((each) => !each.value);
    (empty || form.querySelector("[name$='.quantity']"))?.focus();
  });

  // --- kept in this tab
  const values = () => {
    const found = {};
    for (const [name, value] of new FormData(form)) if (name !== "form_token" && typeof value === "string") found[name] = value;
    return found;
  };
  const keep = () => {
    try {
      sessionStorage.setItem(KEPT, JSON.stringify(values()));
    } catch {
      // a browser that keeps nothing is no reason not to write
    }
  };
  form.addEventListener("input", keep);
  form.addEventListener("change", keep);
  document.addEventListener("htmx:beforeSwap", (event) => {
    const answer = event.detail.xhr;
    if (answer.status !== 401 && !new URL(answer.responseURL || location.href).pathname.startsWith("/login")) return;
    event.detail.shouldSwap = false;
    keep();
    document.getElementById("logged-out").hidden = false;
  });
  const blank = !form.elements.customer.value && !document.querySelector(".problem:not([hidden])");
  let kept = null;
  try {
    kept = JSON.parse(sessionStorage.getItem(KEPT) || "null");
  } catch {
    kept = null;
  }
  if (blank && kept && kept.request_id === form.elements.request_id.value && Object.entries(kept).some(([name, value]) => value && name !== "request_id")) {
    const sent = { ...kept, whole: "yes", form_token: form.elements.form_token.value };
    window.addEventListener("load", () => {
      htmx.ajax("POST", "/orders/new/lines", { target: "#order", swap: "innerHTML", values: sent });
      document.getElementById("restored").hidden = false;
    });
  }
})();
