// The desk: keys for everything that a button does, and papers that turn and grow. Everything works
// without this file.
(function () {
  "use strict";

  const all = (what) => Array.from(document.querySelectorAll(what));
  const facts = () => all("#open-facts .fact");
  const papers = () => all(".sheet-view");
  let fact = -1;
  let paper = 0;

  function to(list, place) {
    if (!list.length) return place;
    const next = (place + list.length) % list.length;
    list[next].focus({ preventScroll: true });
    list[next].scrollIntoView({ block: "center" });
    return next;
  }

  function byClass(name) {
    const list = document.querySelector(".paper-list");
    if (list) list.classList.toggle(name);
  }

  function turn() {
    const image = papers()[paper] && papers()[paper].querySelector("img");
    if (image) image.dataset.turn = String((Number(image.dataset.turn || 0) + 1) % 4);
  }

  const acts = {
    next: function () { paper = to(papers(), paper + 1); },
    zoom: function () { byClass("large"); },
    two: function () { byClass("two"); },
    turn: turn,
  };

  function showKeys() {
    const dialog = document.getElementById("keys");
    const list = dialog.querySelector("dl");
    list.replaceChildren();
    const words = [["j / k", dialog.dataset.move], ["c", dialog.dataset.confirm], ["e", dialog.dataset.correct]];
    all("[data-key]").forEach((one) => words.push([one.dataset.key, one.dataset.does]));
    words.forEach(function (pair) {
      const key = document.createElement("dt");
      const does = document.createElement("dd");
      key.textContent = pair[0];
      does.textContent = pair[1];
      list.append(key, does);
    });
    if (!dialog.open) dialog.showModal();
  }

  // Opens the form of a correction with these items ticked: "material:insurance_record …".
  function tickForCorrection(items) {
    const form = document.getElementById("ask");
    form.open = true;
    items.trim().split(/\s+/).forEach(function (item) {
      const box = form.querySelector(`input[value="${CSS.escape(item)}"]`);
      if (box) box.checked = true;
      const reason = form.querySelector(`select[name="reason.${CSS.escape(item)}"]`);
      if (reason && reason.querySelector("[value=not_proved]")) reason.value = "not_proved";
    });
  }

  document.addEventListener("click", function (event) {
    const button = event.target.closest("[data-paper]");
    if (button) acts[button.dataset.paper]();
    if (event.target.closest("#show-keys")) showKeys();
    const ask = event.target.closest("[data-ask]");
    if (ask) tickForCorrection(ask.dataset.ask);
  });

  document.addEventListener("keydown", function (event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest("input:not([type=checkbox]), textarea, select, dialog")) return;
    const key = event.key;
    if (key === "j" || key === "k") {
      fact = to(facts(), fact < 0 ? 0 : fact + (key === "j" ? 1 : -1));
      event.preventDefault();
      return;
    }
    const own = facts()[Math.max(fact, 0)];
    const inFact = own && own.querySelector(`[data-fact-key="${CSS.escape(key)}"]`);
    const found = inFact || document.querySelector(`[data-key="${CSS.escape(key)}"]`);
    if (!found) return;
    event.preventDefault();
    found.click();
    if (inFact && key === "e") own.querySelector("details select, details input:not([type=hidden])").focus();
  });

  // Texts of the office: a list beside each field for words.
  function offerTexts() {
    const template = document.getElementById("text-blocks");
    if (!template || template.content.querySelectorAll("option").length < 2) return;
    all(".desk-facts textarea").forEach(function (area) {
      const list = template.content.firstElementChild.cloneNode(true);
      area.insertAdjacentElement("afterend", list);
      list.addEventListener("change", function () {
        if (!list.value) return;
        area.value = area.value ? area.value + "\n" + list.value : list.value;
        list.value = "";
        area.focus();
        area.dispatchEvent(new Event("input", { bubbles: true }));
      });
    });
  }

  // What is typed and not sent is stored, and stands there again when the page is opened.
  const drafts = {};

  function nameOf(form) {
    const field = form.querySelector("input[name=form]");
    return field ? field.value : "";
  }

  function store(form) {
    const place = document.getElementById("form-drafts");
    window.clearTimeout(drafts[nameOf(form)]);
    delete drafts[nameOf(form)];
    fetch(place.dataset.store, { method: "POST", body: new FormData(form), keepalive: true });
  }

  function fill(form, fields) {
    Object.keys(fields).forEach(function (name) {
      const own = form.querySelectorAll(`[name="${CSS.escape(name)}"]`);
      own.forEach(function (field, place) {
        if (field.type === "hidden" || field.type === "submit") return;
        if (field.type === "checkbox") field.checked = fields[name].includes(field.value);
        else if (place < fields[name].length) field.value = fields[name][place];
      });
    });
    const words = document.createElement("p");
    words.className = "help";
    words.textContent = document.getElementById("form-drafts").dataset.again;
    form.prepend(words);
    for (let part = form.closest("details"); part; part = part.parentElement.closest("details")) part.open = true;
  }

  function restoreDrafts() {
    const place = document.getElementById("form-drafts");
    const stored = JSON.parse(place.textContent);
    all(".desk-facts form").forEach(function (form) {
      const name = nameOf(form);
      if (!name || !form.querySelector("textarea, input[type=text]")) return;
      if (stored[name] && !document.getElementById("refused")) fill(form, stored[name]);
      form.addEventListener("input", function () {
        window.clearTimeout(drafts[name]);
        drafts[name] = window.setTimeout(function () { store(form); }, 800);
      });
      form.addEventListener("submit", function () {
        window.clearTimeout(drafts[name]);
        delete drafts[name];
      });
      window.addEventListener("pagehide", function () { if (drafts[name]) store(form); });
    });
  }

  document.addEventListener("DOMContentLoaded", function () {
    const refused = document.getElementById("refused");
    if (refused) refused.focus();
    offerTexts();
    restoreDrafts();
  });
})();
