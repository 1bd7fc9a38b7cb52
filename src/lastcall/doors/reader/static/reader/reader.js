// Everything works without this file: it follows what happens without flicker, prints, and says when the program has ended.
"use strict";

const SECOND = 1000;
const main = document.getElementById("main");
const gone = document.getElementById("gone");
let silent = 0;

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => print());
}

// What a browser kept of an earlier visit must not come back.
addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });

function update(page) {
  const now = page.getElementById("main");
  if (!now) return;
  if (now.dataset.page !== main.dataset.page) {
    location.replace(location.pathname);
    return;
  }
  const [old, fresh] = [document.getElementById("state"), page.getElementById("state")];
  if (!old || !fresh) return;
  const [bar, moved] = [old.querySelector("progress[value]"), fresh.querySelector("progress[value]")];
  // Only further on: nothing that would be read aloud again, or be taken from under a finger.
  if (old.textContent !== fresh.textContent || !bar !== !moved) old.replaceChildren(...fresh.childNodes);
  else if (bar) bar.value = moved.value;
}

async function look() {
  try {
    const answer = await fetch(location.pathname, { credentials: "same-origin" });
    if (answer.ok) update(new DOMParser().parseFromString(await answer.text(), "text/html"));
    // Another program answers here now, and what stands on this page was the old one's.
    else if (answer.status === 403) location.reload();
    silent = 0;
  } catch {
    silent += 1;
  }
  gone.hidden = silent < 3;
  setTimeout(look, SECOND);
}
setTimeout(look, SECOND);
