// Everything but the drawn signature works without this file. It keeps the queue fresh, and makes a picture of a signature.
"use strict";

const queue = document.querySelector("#queue[data-poll]");
if (queue) {
  const look = async () => {
    try {
      const answer = await fetch(location.href, { credentials: "same-origin" });
      const now = answer.ok && new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("queue");
      // Only what has changed: a form in it keeps what was ticked.
      const changed = now && now.textContent !== queue.textContent;
      if (changed && !queue.contains(document.activeElement)) queue.replaceChildren(...now.childNodes);
    } catch { /* the next look may get through */ }
    setTimeout(look, Number(queue.dataset.poll) * 1000);
  };
  setTimeout(look, Number(queue.dataset.poll) * 1000);
}

for (const form of document.querySelectorAll("form[data-draw]")) {
  const canvas = form.querySelector("canvas"), pen = canvas.getContext("2d");
  let drawn = false;
  const clear = () => {
    pen.fillStyle = "#fff";
    pen.fillRect(0, 0, canvas.width, canvas.height);
    drawn = false;
  };
  const at = (event) => {
    const box = canvas.getBoundingClientRect();
    return [(event.clientX - box.left) * canvas.width / box.width, (event.clientY - box.top) * canvas.height / box.height];
  };
  canvas.addEventListener("pointerdown", (event) => {
    canvas.setPointerCapture(event.pointerId);
    Object.assign(pen, { lineWidth: 5, lineCap: "round", strokeStyle: "#111" });
    pen.beginPath();
    pen.moveTo(...at(event));
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!canvas.hasPointerCapture(event.pointerId)) return;
    pen.lineTo(...at(event));
    pen.stroke();
    drawn = true;
  });
  form.querySelector("[data-clear]").addEventListener("click", clear);
  form.addEventListener("submit", (event) => {
    if (form.dataset.ready) return;
    event.preventDefault();
    if (!drawn) return;
    canvas.toBlob((picture) => {
      const held = new DataTransfer();
      held.items.add(new File([picture], "signature.png", { type: "image/png" }));
      form.querySelector("input[type=file]").files = held.files;
      form.dataset.ready = "yes";
      form.requestSubmit();
    }, "image/png");
  });
  clear();
  form.hidden = false;
}
