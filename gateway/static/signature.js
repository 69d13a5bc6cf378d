// A signature that is drawn with mouse, pen or finger; what is drawn goes along with the form as a small PNG.
"use strict";
for (const place of document.querySelectorAll("[data-signature]")) {
  const canvas = place.querySelector("canvas");
  const field = place.querySelector("input");
  const pen = canvas.getContext("2d");
  let last = null;
  const at = (event) => {
    const box = canvas.getBoundingClientRect();
    return {
      x: ((event.clientX - box.left) * canvas.width) / box.width,
      y: ((event.clientY - box.top) * canvas.height) / box.height,
    };
  };
  const blank = () => {
    pen.fillStyle = "#fff";
    pen.fillRect(0, 0, canvas.width, canvas.height);
    field.value = "";
  };
  const kept = () => {
    if (last !== null) field.value = canvas.toDataURL("image/png");
    last = null;
  };
  canvas.addEventListener("pointerdown", (event) => {
    event.preventDefault();
    canvas.setPointerCapture(event.pointerId);
    last = at(event);
  });
  canvas.addEventListener("pointermove", (event) => {
    if (last === null) return;
    const now = at(event);
    pen.strokeStyle = "#1d2730";
    pen.lineWidth = 3;
    pen.lineCap = "round";
    pen.beginPath();
    pen.moveTo(last.x, last.y);
    pen.lineTo(now.x, now.y);
    pen.stroke();
    last = now;
  });
  canvas.addEventListener("pointerup", kept);
  canvas.addEventListener("pointercancel", kept);
  place.querySelector("button").addEventListener("click", blank);
  blank();
  place.hidden = false;
}
