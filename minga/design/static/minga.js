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
  document.addEventListener("click", function (event) {
    const button = event.target.closest("[data-copy]");
    if (!button) return;
    const text = document.getElementById(button.dataset.copy).textContent.trim();
    navigator.clipboard.writeText(text).then(function () {
      button.textContent = button.dataset.copied;
    });
  });
  for (const button of document.querySelectorAll("[data-copy]")) {
    if (navigator.clipboard) button.hidden = false;
  }
})();
