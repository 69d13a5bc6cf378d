// The phone's page: codes by the camera, and what is told without network: kept in the browser, told once, by who said it.
"use strict";
(() => {
  const floor = document.getElementById("floor");
  if (!floor) return;
  const words = floor.dataset;
  const said = document.getElementById("floor-said");
  const list = document.getElementById("floor-kept");
  const RETRY_MILLISECONDS = 5000;
  const LOOK_MILLISECONDS = 250;

  // --- what is kept ----------------------------------------------------------------------------------------------
  const opened = new Promise((resolve, reject) => {
    const asked = indexedDB.open("dingdan-floor", 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore("kept", { keyPath: "once" });
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });
  const store = async (mode, work) => {
    const database = await opened;
    return new Promise((resolve, reject) => {
      const moved = database.transaction("kept", mode);
      const asked = work(moved.objectStore("kept"));
      moved.oncomplete = () => resolve(asked.result);
      moved.onerror = () => reject(moved.error);
    });
  };
  const keep = (entry) => store("readwrite", (kept) => kept.put(entry));
  const drop = (once) => store("readwrite", (kept) => kept.delete(once));
  const all = () => store("readonly", (kept) => kept.getAll());

  // --- telling ---------------------------------------------------------------------------------------------------
  const post = async (url, options) => {
    const answer = await fetch(url, { method: "POST", redirect: "error", ...options });
    if (answer.status === 429 || answer.status >= 500) throw new TypeError("later");
    return { answer, body: await answer.json() };
  };
  const tell = async (entry) => {
    const fields = new URLSearchParams(entry.fields);
    fields.set("form_token", words.token);
    if (entry.photo) {
      const headers = { "dingdan-own-form": words.token, "content-type": "application/octet-stream" };
      const { answer, body } = await post(entry.photoTo, { headers, body: entry.photo });
      if (!answer.ok) return body;
      fields.set("document", body.document);
    }
    const { answer, body } = await post(entry.url, { body: fields });
    return answer.ok ? null : body;
  };
  let telling = false;
  const tellAll = async () => {
    if (telling) return;
    telling = true;
    try {
      for (const entry of await all()) {
        if (entry.person !== words.person || entry.refused) continue;
        try {
          const refused = await tell(entry);
          if (refused) await keep({ ...entry, refused, photo: null });
          else {
            await drop(entry.once);
            said.textContent = `${words.sent}：${entry.title}`;
            tileOf(entry.step)?.remove();
          }
        } catch (error) {
          // no network, a server that is away, or a session that ended (it answers with a way to the log-in)
          said.textContent = navigator.onLine && (await sessionIsOver()) ? words.login : words.kept;
          break;
        }
      }
    } finally {
      telling = false;
      await show();
    }
  };
  const sessionIsOver = async () => {
    try {
      return (await fetch("/floor", { method: "HEAD", redirect: "manual" })).type === "opaqueredirect";
    } catch {
      return false;
    }
  };
  const tileOf = (step) => [...document.querySelectorAll(".tile")].find((tile) => tile.dataset.step === step);
  const show = async () => {
    const kept = await all();
    list.replaceChildren();
    for (const tile of document.querySelectorAll(".tile")) tile.classList.remove("told");
    const others = kept.filter((entry) => entry.person !== words.person);
    if (others.length) {
      const line = document.createElement("li");
      line.textContent = `${words.others}${[...new Set(others.map((entry) => entry.person))].join("、")} (${others.length})`;
      list.append(line);
    }
    for (const entry of kept.filter((each) => each.person === words.person)) {
      const line = document.createElement("li");
      const why = entry.refused ? entry.refused[words.lang] || entry.refused.zh : "";
      line.textContent = entry.refused ? `${words.refused}：${entry.title} · ${why}` : `${entry.title} · ${words.kept}`;
      line.classList.toggle("refused", Boolean(entry.refused));
      if (entry.refused) {
        const away = document.createElement("button");
        away.type = "button";
        away.className = "second";
        away.textContent = "✕";
        away.setAttribute("aria-label", "✕ " + entry.title);
        away.addEventListener("click", async () => {
          await drop(entry.once);
          await show();
        });
        line.append(" ", away);
      } else tileOf(entry.step)?.classList.add("told");
      list.append(line);
    }
  };

  for (const form of document.querySelectorAll(".tile form")) {
    const photo = form.querySelector("[data-photo]");
    photo?.addEventListener("change", () => {
      form.querySelector("output").textContent = photo.files[0] ? `✓ ${photo.files[0].name}` : "";
    });
    for (const fill of form.querySelectorAll("[data-fill]")) {
      fill.addEventListener("click", () => {
        fill.previousElementSibling.querySelector("input").value = fill.dataset.fill;
      });
    }
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const tile = form.closest(".tile");
      if (tile.classList.contains("told")) return;
      tile.classList.add("told");
      tile.open = false;
      const fields = new URLSearchParams(new FormData(form));
      const local = new Date(Date.now() + 8 * 3600 * 1000); // business time
      fields.set("happened_at", local.toISOString().slice(0, 16));
      await keep({
        once: fields.get("once"), person: words.person, step: tile.dataset.step, url: form.getAttribute("action"),
        photoTo: form.dataset.photoTo, photo: photo?.files[0] ?? null, fields: fields.toString(),
        title: `${tile.dataset.order} ${tile.querySelector("summary strong").textContent}`,
      });
      await tellAll();
    });
  }

  // --- codes -----------------------------------------------------------------------------------------------------
  const open = (code) => {
    const [order, paper] = code.split(/[/|]/);
    const tiles = [...document.querySelectorAll(`.tile[data-order="${CSS.escape(order)}"]`)];
    const meant = tiles.find((tile) => tile.dataset.papers.split(" ").includes(paper)) ?? tiles[0];
    if (navigator.onLine) location.assign(`/floor?code=${encodeURIComponent(code)}`);
    else if (meant) {
      meant.open = true;
      meant.scrollIntoView();
    } else {
      said.textContent = words.nowhere;
      addEventListener("online", () => location.assign(`/floor?code=${encodeURIComponent(code)}`), { once: true });
    }
  };
  const video = document.getElementById("camera");
  const scan = document.getElementById("scan");
  const stop = () => {
    for (const track of video.srcObject?.getTracks() ?? []) track.stop();
    video.srcObject = null;
    video.hidden = true;
  };
  if ("BarcodeDetector" in window && navigator.mediaDevices) {
    scan.hidden = false;
    scan.addEventListener("click", async () => {
      if (video.srcObject) return stop();
      try {
        const detector = new BarcodeDetector({ formats: ["qr_code", "code_128"] });
        video.srcObject = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
        video.hidden = false;
        await video.play();
        const look = async () => {
          if (!video.srcObject) return;
          const found = await detector.detect(video).catch(() => []);
          const ours = found.find((each) => /^\d{8}-\d{4,6}[/|]/.test(each.rawValue));
          if (ours) {
            stop();
            open(ours.rawValue);
          } else setTimeout(look, LOOK_MILLISECONDS);
        };
        await look();
      } catch {
        stop();
        said.textContent = words.camera;
      }
    });
  }
  document.getElementById("photo").addEventListener("change", async (event) => {
    const file = event.target.files[0];
    event.target.value = "";
    if (!file) return;
    try {
      const headers = { "dingdan-own-form": words.token, "content-type": "application/octet-stream" };
      const { answer, body } = await post("/floor/read", { headers, body: file });
      if (answer.ok) open(body.code);
      else said.textContent = body[words.lang] || body.zh;
    } catch {
      said.textContent = words.kept.split("，")[0];
    }
  });

  addEventListener("online", tellAll);
  setInterval(tellAll, RETRY_MILLISECONDS);
  show().then(tellAll);
})();
