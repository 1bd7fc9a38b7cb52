// Everything works without this file. It warns before a page closes, and copies words.
"use strict";

for (const radio of document.querySelectorAll("input[data-reveals]")) {
  const field = document.getElementById(radio.dataset.reveals);
  field.addEventListener("input", () => { if (field.value.trim()) radio.checked = true; });
  for (const other of document.querySelectorAll(`input[name="${radio.name}"]`)) {
    if (other !== radio) other.addEventListener("change", () => { if (other.checked) field.value = ""; });
  }
}

function button(text, about) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "quiet";
  made.textContent = text;
  if (about) {
    const hidden = document.createElement("span");
    hidden.className = "hidden";
    hidden.textContent = ` ${about}`;
    made.append(hidden);
  }
  return made;
}

for (const place of document.querySelectorAll("[data-copy]")) {
  if (!navigator.clipboard) break;
  const copy = button(place.dataset.copyLabel, place.dataset.copyOf);
  const said = document.createElement("span");
  said.setAttribute("role", "status");
  copy.addEventListener("click", async () => {
    await navigator.clipboard.writeText(place.dataset.copy);
    said.textContent = place.dataset.copyDone;
  });
  place.append(copy, " ", said);
}

for (const place of document.querySelectorAll("[data-print]")) {
  const print = button(place.dataset.print);
  print.addEventListener("click", () => window.print());
  place.append(print);
}

// <section data-session="900" data-warn="120" hidden> … <button data-stay> </section>: the page closes after 900 seconds.
for (const warning of document.querySelectorAll("[data-session]")) {
  const life = Number(warning.dataset.session) * 1000;
  const early = Number(warning.dataset.warn || 120) * 1000;
  const stay = warning.querySelector("[data-stay]");
  const over = warning.querySelector("[data-over]");
  let end = Date.now() + life;
  let typed = false;
  let asked = null;

  addEventListener("input", () => { typed = true; });

  const shut = () => {
    asked?.focus();
    asked = null;
    warning.hidden = true;
  };
  const extend = async () => {
    const answer = await fetch(location.pathname, { method: "HEAD", credentials: "same-origin" }).catch(() => null);
    if (!answer?.ok) return;
    end = Date.now() + life;
    shut();
  };
  stay.addEventListener("click", extend);

  const watch = setInterval(() => {
    const left = end - Date.now();
    if (left <= 0 && !typed) {
      clearInterval(watch); // asked again every second, a slow line would never get an answer
      location.reload();
    } else if (left <= 0 && over) {
      warning.hidden = over.hidden = false;
      stay.hidden = true;
    } else if (left <= early && warning.hidden) {
      asked = document.activeElement;
      warning.hidden = false;
      stay.focus();
    }
  }, 1000);
}

// A link from our message: its words stand behind the "#", which browsers send to nobody. They fill the form and leave the address.
function takeWords() {
  const ids = document.getElementById("id_reference") ? ["id_reference", "id_secret"] : ["id_secret"];
  const words = (ids.length > 1 ? /^#([0-9A-Za-z]{16})\.([0-9A-Za-z]{16})$/ : /^#([0-9A-Za-z]{24})$/).exec(location.hash);
  const fields = ids.map((id) => document.getElementById(id));
  if (!words || fields.includes(null)) return;
  fields.forEach((field, place) => { field.value = words[place + 1]; });
  history.replaceState(null, "", location.pathname + location.search);
}
takeWords();
addEventListener("hashchange", takeWords);
