// Everything works without this file. It keeps the list of waiting callers fresh for somebody who is at work: after five minutes
// without a touch it rests, so that it never keeps a member signed in who has gone.
"use strict";

const list = document.querySelector("[data-fresh]");
let touched = Date.now();
for (const kind of ["pointermove", "keydown", "focus"]) addEventListener(kind, () => { touched = Date.now(); });

async function renew() {
  const busy = () => document.hidden || list.contains(document.activeElement) || Date.now() - touched > 300000;
  if (busy()) return;
  const answer = await fetch(location.href, { credentials: "same-origin" }).catch(() => null);
  if (!answer || !answer.ok || answer.redirected) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById(list.id);
  if (fresh && !busy()) list.innerHTML = fresh.innerHTML;
}

if (list) setInterval(renew, 1000 * Number(list.dataset.fresh));
