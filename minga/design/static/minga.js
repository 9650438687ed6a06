/* What JavaScript adds; every page works without it.
   Filters stand open on wide screens, and what was open stays open when htmx renews a list. */
"use strict";
(function () {
  document.documentElement.classList.add("has-script");
  const wide = window.matchMedia("(min-width: 60rem)");
  function openFilters() {
    const filters = document.getElementById("filters");
    if (filters && wide.matches) filters.open = true;
  }
  openFilters();
  let open = [];
  document.addEventListener("htmx:beforeSwap", function () {
    open = Array.from(document.querySelectorAll("details[open][id]"), (each) => each.id);
  });
  document.addEventListener("htmx:afterSettle", function () {
    for (const id of open) {
      const each = document.getElementById(id);
      if (each) each.open = true;
    }
    openFilters();
  });
  // After an answer that changed a part of the page: to what was done; where it did not arrive, say so.
  document.addEventListener("htmx:afterSettle", function (event) {
    const asked = event.detail.requestConfig, changed = event.detail.elt;
    if (!asked || asked.verb !== "post" || !changed.querySelector) return;
    const told = changed.querySelector("[data-focus]");
    if (told) told.focus();
  });
  for (const name of ["htmx:responseError", "htmx:sendError", "htmx:timeout"]) {
    document.addEventListener(name, function (event) {
      const failed = event.detail.target && event.detail.target.querySelector("[data-failed]");
      if (failed) failed.hidden = false;
    });
  }
  document.addEventListener("click", function (event) {
    const button = event.target.closest("[data-copy]");
    if (!button) return;
    const text = document.getElementById(button.dataset.copy).textContent.trim();
    navigator.clipboard.writeText(text).then(function () {
      button.textContent = button.dataset.copied;
    });
  });
  // A long form saves itself while one types; what it sends is what its button sends, marked as in passing.
  const form = document.querySelector("form[data-autosave]");
  if (form) saveWhileTyping(form);
  function saveWhileTyping(form) {
    let timer = 0, sending = false, again = false, dirty = false;
    const status = document.getElementById("saved");
    async function save() {
      if (sending) { again = true; return; }
      sending = true; dirty = false;
      const data = new FormData(form);
      data.set("passing", "yes");
      try {
        const answer = await fetch(form.dataset.autosave, { method: "POST", body: new URLSearchParams(data), credentials: "same-origin", redirect: "manual" });
        const text = await answer.text();
        if (answer.ok) {
          const page = new DOMParser().parseFromString(text, "text/html");
          for (const mark of page.querySelectorAll("input[type=hidden]")) {
            const own = form.elements.namedItem(mark.name);
            if (own) own.value = mark.value;
          }
          status.textContent = page.getElementById("saved").textContent.trim();
          document.body.dispatchEvent(new Event("minga-saved")); // what is made of the text may be asked for anew
        } else { status.textContent = form.dataset.notSaved; dirty = true; }
      } catch (problem) { status.textContent = form.dataset.notSaved; dirty = true; later(15000); }
      sending = false;
      if (again) { again = false; later(1500); }
    }
    function later(time) { clearTimeout(timer); timer = setTimeout(save, time); }
    form.addEventListener("input", function () { dirty = true; later(2000); });
    form.addEventListener("submit", function () { clearTimeout(timer); dirty = false; });
    window.addEventListener("beforeunload", function (event) { if (dirty) event.preventDefault(); });
  }
  for (const input of document.querySelectorAll("input[type=file][data-largest]")) {
    input.addEventListener("change", function () {
      const tooLarge = input.files[0] && input.files[0].size > Number(input.dataset.largest);
      input.setCustomValidity(tooLarge ? input.dataset.tooLarge : "");
      input.reportValidity();
    });
  }
  const problems = document.getElementById("problems");
  if (problems) problems.focus();
  for (const button of document.querySelectorAll("[data-copy]")) {
    if (navigator.clipboard) button.hidden = false;
  }
})();
