// What HTML cannot do alone: years beside months, marks on faulty fields, open details kept open
// while the result changes, a steady page and focus. Everything works without this file.
(function () {
  "use strict";

  const LARGEST = 1000000;
  const byId = (id) => document.getElementById(id);
  const workspace = () => byId("workspace");

  function sayYears(input) {
    const out = byId(input.dataset.months);
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
    const print = byId("print");
    if (print) print.hidden = false;
  }

  // What is shown keeps its place: details stay open, and the field or button in use does not move.
  let opened = [];
  let anchor = null;
  let act = "";
  document.addEventListener("htmx:beforeSwap", function (event) {
    opened = Array.from(document.querySelectorAll("#workspace details[open] > summary"), (s) => s.textContent);
    const used = event.detail.requestConfig.elt;
    const held = used.id === "facts" ? document.activeElement : used;
    anchor = held.id ? { id: held.id, top: held.getBoundingClientRect().top } : null;
    act = used.name === "act" ? used.value : "";
  });
  document.addEventListener("htmx:afterSwap", function () {
    document.querySelectorAll("#workspace details > summary").forEach(function (summary) {
      if (opened.includes(summary.textContent)) summary.parentElement.open = true;
    });
    const held = anchor && byId(anchor.id);
    const moved = held ? held.getBoundingClientRect().top - anchor.top : 0;
    if (moved) window.scrollBy({ top: moved, behavior: "instant" });
  });
  document.addEventListener("htmx:afterSettle", function () {
    refresh();
    const [name, argument] = act.split(":");
    act = "";
    const last = (fields) => fields[fields.length - 1];
    let next = null;
    if (name === "spell") next = last(document.querySelectorAll("[name='spell.from']"));
    if (name === "row") next = last(document.querySelectorAll(`[name='row.${argument}']`));
    if (name === "drop") next = byId(`s-${Number(argument) - 1}-from`) || byId("add-spell");
    if (next) next.focus();
  });

  // A request for the whole form is not overtaken by one for the result alone.
  let busy = null;
  document.addEventListener("htmx:confirm", function (event) {
    if (busy && event.detail.elt.id === "facts") event.preventDefault();
  });
  document.addEventListener("htmx:beforeRequest", function (event) {
    const used = event.detail.elt;
    if (used.id === "facts") return;
    busy = used;
    if (!used.closest("#facts")) byId("facts").dispatchEvent(new CustomEvent("htmx:abort"));
  });
  document.addEventListener("htmx:afterRequest", function (event) {
    if (busy === event.detail.requestConfig.elt) busy = null;
  });

  function failed() {
    const words = workspace().dataset.failed;
    byId("live").textContent = words;
    if (byId("stale")) return;
    const warning = document.createElement("p");
    warning.id = "stale";
    warning.className = "warning";
    warning.textContent = words;
    byId("result").prepend(warning);
  }
  document.addEventListener("htmx:responseError", failed);
  document.addEventListener("htmx:sendError", failed);

  // A date that is being typed is no fault yet: the answer leaves it out until it is whole or left.
  let typing = "";
  document.addEventListener("htmx:configRequest", function (event) {
    if (event.detail.elt.id === "facts" && typing) event.detail.parameters.typing = typing;
  });
  document.addEventListener("change", function (event) {
    const field = event.target;
    if (!typing || field.id !== typing) return;
    const digits = field.value.normalize("NFKC").replace(/\D/g, "").length;
    if (digits >= (field.id.startsWith("s-") ? 6 : 8)) return;
    field.dispatchEvent(new CustomEvent("input", { bubbles: true }));
  });

  const isDate = (field) => /^(f|r)-/.test(field.id) ? field.matches(".typed-date, .rows .typed") : /^s-\d+-(from|to)$/.test(field.id);

  document.addEventListener("input", function (event) {
    const field = event.target;
    // Another reading asks other questions: its own request brings the whole form.
    if (field.name && field.name.startsWith("reading.")) return event.stopPropagation();
    typing = event instanceof CustomEvent || !isDate(field) ? "" : field.id;
    if (field.dataset && field.dataset.months) sayYears(field);
    const entry = field.closest(".entry");
    const box = entry && entry.querySelector("input[name=na]");
    if (!box) return;
    const text = entry.querySelector("input[type=text]");
    if (field === box) {
      // What does not apply is not counted, so it is not shown either; unticked it comes back.
      if (box.checked) box.dataset.kept = text.value;
      text.value = box.checked ? "" : box.dataset.kept || "";
      if (text.dataset.months) sayYears(text);
    } else if (field.value) box.checked = false;
  }, true);

  document.addEventListener("keydown", function (event) {
    const field = event.target;
    if (event.key !== "Enter" || !field.closest) return;
    if (field.id === "on") {
      event.preventDefault();
      byId("use-day").click();
      return;
    }
    if (!field.closest("#facts")) return;
    if (!field.matches("input[type=text], input[type=radio], input[type=checkbox]")) return;
    event.preventDefault();
    field.dispatchEvent(new CustomEvent("input", { bubbles: true }));
  });

  function tooLarge() {
    const input = byId("file");
    const large = input.files.length > 0 && input.files[0].size > LARGEST;
    byId("e-file").textContent = large ? input.dataset.tooLarge : "";
    if (large) input.setAttribute("aria-invalid", "true");
    else input.removeAttribute("aria-invalid");
    return large;
  }
  document.addEventListener("change", function (event) {
    if (event.target.id !== "file") return;
    byId("file-name").textContent = Array.from(event.target.files, (file) => file.name).join();
    tooLarge();
  });
  document.addEventListener("click", function (event) {
    if (event.target.id === "print") window.print();
    if (event.target.id === "load" && tooLarge()) event.preventDefault();
  });

  // What the device keeps comes back into an empty form.
  function restore() {
    refresh();
    const device = window.jifenAnswers;
    const form = byId("facts");
    if (!device || !form || !form.dataset.city) return;
    history.replaceState(null, "", location.pathname);
    device.refresh();
    const before = form.dataset.fresh && !form.dataset.example && !device.isOff() ? device.kept() : null;
    if (!before) return device.keep();
    const values = {};
    before.forEach(([name, value]) => (values[name] = (values[name] || []).concat(value)));
    window.htmx.ajax("POST", form.getAttribute("action"), { values, source: byId("workspace"), target: "#workspace", select: "#workspace", swap: "outerHTML show:none" });
  }
  document.addEventListener("htmx:afterSettle", function () {
    if (!window.jifenAnswers || !byId("facts")) return;
    window.jifenAnswers.refresh();
    window.jifenAnswers.keep();
  });
  document.addEventListener("jifen:cleared", () => location.reload());
  document.addEventListener("DOMContentLoaded", restore);
})();
