// Everything works without this file. It keeps a button from being pressed twice.
"use strict";

const guarded = document.querySelectorAll("form[data-once]");

function release() {
  for (const form of guarded) {
    delete form.dataset.sending;
    for (const button of form.querySelectorAll("button")) button.removeAttribute("aria-disabled");
  }
}

for (const form of guarded) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sending) {
      event.preventDefault();
      return;
    }
    form.dataset.sending = "yes";
    // Not "disabled": a disabled button would leave its own name out of what is sent.
    for (const button of form.querySelectorAll("button")) button.setAttribute("aria-disabled", "true");
    setTimeout(release, 8000);
  });
}
addEventListener("pageshow", release);
