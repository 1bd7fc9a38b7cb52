// Everything works without this file: it refreshes without flicker, prints, and gives the kiosk back to the next visitor.
"use strict";

const SECOND = 1000;

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => print());
}

const idle = document.querySelector("[data-idle]");
if (idle) {
  let timer;
  const wait = () => { clearTimeout(timer); timer = setTimeout(() => { location.assign(idle.dataset.idle); }, 45 * SECOND); };
  for (const kind of ["pointerdown", "keydown", "scroll"]) addEventListener(kind, wait, { passive: true });
  wait();
}

const polled = document.querySelector("[data-poll]");
if (polled) {
  polled.dataset.last = polled.innerHTML;
  const said = document.getElementById("said");
  const calls = (root) => [...root.querySelectorAll("[data-call]")];
  const known = new Set(calls(polled).map((row) => row.dataset.call));

  const announce = (rows) => {
    // Every call that is new is said, also when two came between two looks.
    const fresh = rows.filter((row) => !known.has(row.dataset.call));
    for (const row of fresh) { known.add(row.dataset.call); row.classList.add("fresh"); }
    if (said && fresh.length) {
      said.textContent = fresh.map((row) => [...row.children].map((cell) => cell.textContent).join(" – ")).join("; ");
    }
  };

  const look = async () => {
    try {
      const answer = await fetch(location.href, { credentials: "same-origin" });
      if (answer.ok) {
        const page = new DOMParser().parseFromString(await answer.text(), "text/html");
        const now = page.getElementById(polled.id);
        if (now && now.innerHTML !== polled.dataset.last) {
          polled.dataset.last = now.innerHTML;
          announce(calls(now));
          polled.replaceChildren(...now.childNodes);
          if (!now.dataset.poll) return;
        }
      }
    } catch { /* the next look may get through */ }
    setTimeout(look, Number(polled.dataset.poll) * SECOND);
  };
  setTimeout(look, Number(polled.dataset.poll) * SECOND);
}
