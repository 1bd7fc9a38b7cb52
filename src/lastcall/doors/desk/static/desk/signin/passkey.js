// Passkeys need the browser's own dialogue. A form marked data-passkey="use" or "make" gets its answer into "credential".
"use strict";

async function optionsOf(form) {
  if (form.dataset.options) return JSON.parse(form.dataset.options);
  const answer = await fetch(form.dataset.from, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(String(answer.status));
  return answer.json();
}

async function ask(form) {
  const failed = form.querySelector("[data-passkey-failed]");
  failed.hidden = true;
  try {
    const options = await optionsOf(form);
    const made = form.dataset.passkey === "make" ? await webauthnJSON.create(options) : await webauthnJSON.get(options);
    form.elements.credential.value = JSON.stringify(made);
    form.submit();
  } catch {
    failed.hidden = false;
  }
}

if (globalThis.webauthnJSON?.supported()) {
  for (const form of document.querySelectorAll("form[data-passkey]")) {
    form.hidden = false;
    form.querySelector("button").addEventListener("click", () => ask(form));
  }
  for (const missing of document.querySelectorAll("[data-passkey-missing]")) missing.hidden = true;
}
