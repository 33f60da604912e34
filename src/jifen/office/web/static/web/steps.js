// Step by step without waiting for whole pages, and answers that last: on this device only.
// Everything works without this file; then a step is a page and the answers last as long as it.
(function () {
  "use strict";

  const KEY = "jifen.answers";
  const OFF = "jifen.keeps-nothing";
  const byId = (id) => document.getElementById(id);
  const form = () => byId("facts");

  // ------------------------------------------------------------------ what the device keeps
  function store(act) {
    try { return act(window.localStorage); } catch (error) { return null; }
  }
  const isOff = () => store((s) => s.getItem(OFF)) === "yes";
  const readAll = function () {
    const text = store((s) => s.getItem(KEY));
    try {
      const read = JSON.parse(text || "{}");
      return read && typeof read === "object" && read.cities ? read : { cities: {}, shared: {} };
    } catch (error) { return { cities: {}, shared: {} }; }
  };
  const base = (name) => name.replace(/^(row)\./, "");
  const isPlace = (name) => name.startsWith("walk.");
  const isAnswer = (name) => !isPlace(name) && !["as_of", "city", "on", "insurance_as", "go", "act", "has", "csrfmiddlewaretoken"].includes(name);

  function fieldsOf(source) {
    return Array.from(new FormData(source)).filter(([name, value]) => typeof value === "string" && name !== "on");
  }
  function isBlank(fields) {
    return !fields.some(([name, value]) => isAnswer(name) && value !== "" && !/^spell\.(status|schemes)$/.test(name));
  }
  function keep() {
    const source = form();
    if (!source || isOff() || source.elements["walk.example"]) return;
    const fields = fieldsOf(source);
    const city = source.dataset.city;
    const all = readAll();
    if (isBlank(fields) && !all.cities[city]) return;
    all.cities[city] = { fields, day: new Date().toISOString().slice(0, 10) };
    for (const ident of (source.dataset.shared || "").split(" ").filter(Boolean)) {
      const own = fields.filter(([name, value]) => base(name) === ident && value !== "");
      if (own.length) all.shared[ident] = own; else delete all.shared[ident];
    }
    store((s) => s.setItem(KEY, JSON.stringify(all)));
  }
  // What is kept for this city; of another city's answers those that mean the same here.
  function kept() {
    const source = form();
    const all = readAll();
    const own = all.cities[source.dataset.city];
    const shared = (source.dataset.shared || "").split(" ").filter((ident) => all.shared[ident]);
    if (!own && !shared.length) return null;
    const rest = own ? own.fields.filter(([name]) => !shared.includes(base(name))) : [["city", source.dataset.city]];
    return rest.concat(...shared.map((ident) => all.shared[ident]));
  }

  // ------------------------------------------------------------------ one step after the other
  let waiting = null;
  async function send(fields, how) {
    const page = byId("walk");
    const source = form();
    if (waiting) waiting.abort();
    waiting = new AbortController();
    page.setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(source.getAttribute("action"), {
        method: "POST", body: new URLSearchParams(fields), signal: waiting.signal,
        headers: { "Content-Type": "application/x-www-form-urlencoded" },
      });
      if (!answer.ok) throw new Error(String(answer.status));
      const read = new DOMParser().parseFromString(await answer.text(), "text/html");
      const next = read.getElementById("walk");
      if (!next) throw new Error("no step");
      page.replaceWith(next);
      document.title = read.title;
      arrive(how);
    } catch (error) {
      if (error.name === "AbortError") return;
      page.removeAttribute("aria-busy");
      failed();
    }
  }
  function arrive(how) {
    form().removeAttribute("data-fresh");
    const at = form().elements["walk.at"].value;
    if (how === "push" && (!history.state || history.state.at !== at)) history.pushState({ at }, "");
    else history.replaceState({ at }, "");
    refresh();
    keep();
    document.dispatchEvent(new CustomEvent("jifen:step"));
    if (how === "quiet") return;
    window.scrollTo({ top: 0, behavior: "instant" });
    const field = document.querySelector("#facts [aria-invalid=true]") || document.querySelector("#facts fieldset .typed");
    (field || byId("ask")).focus({ preventScroll: true });
  }
  function failed() {
    const page = byId("walk");
    if (byId("walk-failed")) return;
    const words = document.createElement("p");
    words.id = "walk-failed";
    words.className = "warning walk-failed";
    words.setAttribute("role", "alert");
    words.textContent = page.dataset.failed;
    page.prepend(words);
  }

  document.addEventListener("submit", function (event) {
    const source = event.target;
    const button = event.submitter;
    if (source.id !== "facts") return;
    keep();
    // A file, another page or another language is an ordinary page.
    if (!button || button.hasAttribute("formaction") || !["go", "act"].includes(button.name)) return;
    event.preventDefault();
    const fields = fieldsOf(source).concat([[button.name, button.value]]);
    const day = source.elements.on;
    if (day) fields.push(["on", day.value]);
    send(fields, "push");
  });
  window.addEventListener("popstate", function (event) {
    if (!form() || !event.state || !event.state.at) return;
    const fields = fieldsOf(form()).filter(([name]) => name !== "walk.at");
    send(fields.concat([["walk.at", event.state.at]]), "pop");
  });

  // ------------------------------------------------------------------ small things
  function sayYears(input) {
    const out = byId(input.dataset.months);
    const months = /^\s*\d{1,4}\s*$/.test(input.value) ? Number(input.value) : 0;
    const words = byId("walk").dataset;
    const rest = months % 12 ? ` ${months % 12} ${words.months}` : "";
    if (out) out.textContent = months >= 12 ? `= ${Math.floor(months / 12)} ${words.years}${rest}` : "";
  }
  function refresh() {
    document.querySelectorAll("#walk input[data-months]").forEach(sayYears);
    const words = byId("kept");
    if (!words) return;
    const off = isOff();
    const works = store((s) => { s.setItem(KEY + ".try", "1"); s.removeItem(KEY + ".try"); return true; });
    words.hidden = !works || Boolean(form().elements["walk.example"]);
    byId("kept-words").textContent = off ? words.dataset.off : byId("kept-words").dataset.on;
    byId("kept-switch").textContent = off ? byId("kept-switch").dataset.off : byId("kept-switch").dataset.on;
    byId("kept-clear").hidden = off;
    const print = byId("print");
    if (print) print.hidden = false;
  }
  document.addEventListener("input", function (event) {
    if (event.target.dataset && event.target.dataset.months) sayYears(event.target);
    if (event.target.form && event.target.form.id === "facts") keep();
  });
  document.addEventListener("click", function (event) {
    const pressed = event.target.closest("button, a");
    if (!pressed) return;
    if (pressed.id === "kept-clear") {
      store((s) => s.removeItem(KEY));
      send([["city", form().dataset.city], ["as_of", form().elements.as_of.value]], "push").then(function () {
        store((s) => s.removeItem(KEY));
        if (byId("kept-words")) byId("kept-words").textContent = byId("kept").dataset.cleared;
      });
    } else if (pressed.id === "kept-switch") {
      const off = !isOff();
      store((s) => { if (off) { s.removeItem(KEY); s.setItem(OFF, "yes"); } else s.removeItem(OFF); });
      refresh();
      keep();
    } else if (pressed.id === "print") window.print();
    else if (pressed.id === "open-load") byId("load-file").open = true;
  });

  document.addEventListener("DOMContentLoaded", function () {
    const source = form();
    if (!source || !byId("walk")) return;
    // A page that answered a form would ask before it is loaded again; its place is kept instead.
    history.replaceState({ at: source.elements["walk.at"].value }, "", location.pathname);
    refresh();
    const before = source.dataset.fresh && !source.elements["walk.example"] && !isOff() ? kept() : null;
    if (before) send(before, "quiet");
    else keep();
  });
})();
