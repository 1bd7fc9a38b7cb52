// The setting-up code stands in the address after the # sign, which is sent to no server; it is taken over into the form.
"use strict";

function takeOver() {
  const word = document.getElementById("id_word");
  if (!word || location.hash.length < 2) return;
  word.value = location.hash.slice(1);
  history.replaceState(null, "", location.pathname);
  document.getElementById("id_new")?.focus();
}

addEventListener("hashchange", takeOver);
takeOver();
