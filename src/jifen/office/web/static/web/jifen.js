// What HTML cannot do alone: years beside months, marks on faulty fields, open details kept open
// while the result changes, Enter without leaving the page. Everything works without this file.
(function () {
  "use strict";

  function workspace() {
    return document.getElementById("workspace");
  }

  function sayYears(input) {
    const out = document.getElementById(input.dataset.months);
    const months = /^\s*\d{1,4}\s*$/.test(input.value) ? Number(input.value) : 0;
    if (!out) return;
    const words = workspace().dataset;
    const rest = months % 12 ? ` ${months % 12} ${words.months}` : "";
    out.textContent = months >= 12 ? `= ${Math.floor(months / 12)} ${words.years}${rest}` : "";
  }

  function markFaults() {
    const faulty = new Set();
    document.querySelectorAll("[data-bad]").forEach(function (error) {
      error.dataset.bad.split(" ").forEach((id) => id && faulty.add(id));
    });
    document.querySelectorAll("#facts input[type=text], #facts select").forEach(function (field) {
      if (faulty.has(field.id)) field.setAttribute("aria-invalid", "true");
      else field.removeAttribute("aria-invalid");
    });
  }

  function refresh() {
    document.querySelectorAll("input[data-months]").forEach(sayYears);
    markFaults();
    const print = document.getElementById("print");
    if (print) print.hidden = false;
  }

  let opened = [];
  document.addEventListener("htmx:beforeSwap", function () {
    opened = Array.from(document.querySelectorAll("#result details[open] > summary"), (s) => s.textContent);
  });
  document.addEventListener("htmx:afterSwap", function () {
    document.querySelectorAll("#result details > summary").forEach(function (summary) {
      if (opened.includes(summary.textContent)) summary.parentElement.open = true;
    });
  });
  document.addEventListener("htmx:afterSettle", refresh);

  function failed() {
    document.getElementById("live").textContent = workspace().dataset.failed;
  }
  document.addEventListener("htmx:responseError", failed);
  document.addEventListener("htmx:sendError", failed);

  document.addEventListener("input", function (event) {
    if (event.target.dataset && event.target.dataset.months) sayYears(event.target);
    // A figure that is typed says that the question applies.
    const entry = event.target.closest(".entry");
    const box = entry && entry.querySelector("input[name=na]");
    if (box && event.target.type === "text" && event.target.value) box.checked = false;
  }, true);
  document.addEventListener("keydown", function (event) {
    const field = event.target;
    if (event.key !== "Enter" || !field.closest || !field.closest("#facts")) return;
    if (!field.matches("input[type=text], input[type=radio], input[type=checkbox]")) return;
    event.preventDefault();
    field.dispatchEvent(new Event("input", { bubbles: true }));
  });
  document.addEventListener("click", function (event) {
    if (event.target.id === "print") window.print();
  });
  document.addEventListener("DOMContentLoaded", refresh);
})();
