// What the gateway says by itself: one stream of events for all pages of a browser, the badge, the title, and a notice of
// the browser for who asked for it. Pages that listen through htmx are given the same stream.
"use strict";
(() => {
  const STREAM = "/events", RETRY = 60_000, KEPT = "dingdan-notices", NAMES = ["moved", "waiting"];
  const listeners = new Set();
  const channel = "BroadcastChannel" in window ? new BroadcastChannel("dingdan-events") : null;
  const words = document.getElementById("live-words");
  let last = null, listens = false;

  class Shared extends EventTarget {
    constructor() {
      super();
      this.readyState = EventSource.OPEN;
      listeners.add(this);
    }
    close() {
      this.readyState = EventSource.CLOSED;
      listeners.delete(this);
    }
  }

  function deliver(name, data) {
    for (const each of [...listeners]) each.dispatchEvent(new MessageEvent(name, { data }));
    if (name === "waiting") show(data);
  }

  function show(data) {
    const before = last;
    last = data;
    const { total, overdue } = JSON.parse(data);
    for (const badge of document.querySelectorAll("[data-waiting].badge")) {
      badge.textContent = total > 999 ? "999+" : String(total);
      badge.hidden = total === 0;
      badge.classList.toggle("late", overdue > 0);
      badge.setAttribute("aria-label", `${total} ${words.dataset.waiting}${overdue ? `, ${overdue} ${words.dataset.overdue}` : ""}`);
      badge.setAttribute("role", "img");
    }
    entitle();
    if (listens && before !== null && total > JSON.parse(before).total) tell(total);
  }

  function entitle() {
    if (last === null) return;
    const { total } = JSON.parse(last), title = document.title.replace(/^\(\d+\) /, ""), wanted = total ? `(${total}) ${title}` : title;
    if (document.title !== wanted) document.title = wanted;
  }
  // what renews a part of a page brings that page's title with it
  new MutationObserver(entitle).observe(document.querySelector("title"), { childList: true });

  function tell(total) {
    if (!document.hidden || !("Notification" in window) || localStorage.getItem(KEPT) !== "on" || Notification.permission !== "granted") return;
    try {
      const notice = new Notification(words.dataset.more, { body: `${total} ${words.dataset.waiting}`, tag: "dingdan", icon: "/static/icon.svg" });
      notice.onclick = () => { window.focus(); location.assign("/"); };
    } catch { /* this browser shows notices in another way only */ }
  }

  function listen() {
    const source = new EventSource(STREAM);
    listens = true;
    for (const name of NAMES) {
      source.addEventListener(name, (event) => {
        channel?.postMessage({ name, data: event.data });
        deliver(name, event.data);
      });
    }
    source.onerror = () => { if (source.readyState === EventSource.CLOSED) setTimeout(listen, RETRY); };
  }

  if (channel) {
    channel.onmessage = ({ data }) => {
      if (data.name === "ask") {
        if (listens && last !== null) channel.postMessage({ name: "waiting", data: last });
      } else deliver(data.name, data.data);
    };
    channel.postMessage({ name: "ask" });
  }
  // a browser opens few connections to one house: of all its pages one listens, and passes on what it hears
  if (channel && navigator.locks) navigator.locks.request("dingdan-events", () => { listen(); return new Promise(() => {}); });
  else listen();
  if (window.htmx) window.htmx.createEventSource = () => new Shared();

  const notices = document.getElementById("notices");
  if (notices && "Notification" in window && window.isSecureContext) {
    const button = notices.querySelector("button"), said = notices.querySelector("[role=status]");
    const isOn = () => localStorage.getItem(KEPT) === "on" && Notification.permission === "granted";
    const paint = () => {
      button.textContent = isOn() ? button.dataset.on : button.dataset.off;
      button.setAttribute("aria-pressed", String(isOn()));
    };
    button.addEventListener("click", async () => {
      said.textContent = "";
      if (isOn()) localStorage.removeItem(KEPT);
      else if ((await Notification.requestPermission()) === "granted") localStorage.setItem(KEPT, "on");
      else said.textContent = said.dataset.denied;
      paint();
    });
    paint();
    notices.hidden = false;
  }
})();
