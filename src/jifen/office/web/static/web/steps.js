// Step by step without waiting for whole pages.
// Everything works without this file; then a step is a page.
(function () {
  "use strict";

  const device = window.jifenKept;
  const byId = (id) => document.getElementById(id);
  const form = () => byId("facts");

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
    device.keep();
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
    device.keep();
    if (button && button.dataset.goes && !device.isOff() && device.has(source.dataset.city)) {
      // What is kept of that city must not be replaced by what both cities share.
      event.preventDefault();
      window.location.assign(button.getAttribute("formaction"));
      return;
    }
    // A file, another page or another language is an ordinary page.
    if (!button || button.hasAttribute("formaction") || !["go", "act"].includes(button.name)) return;
    event.preventDefault();
    const fields = device.fieldsOf(source).concat([[button.name, button.value]]);
    const day = source.elements.on;
    if (day) fields.push(["on", day.value]);
    send(fields, "push");
  });
  window.addEventListener("popstate", function (event) {
    if (!form() || !event.state || !event.state.at) return;
    const fields = device.fieldsOf(form()).filter(([name]) => name !== "walk.at");
    send(fields.concat([["walk.at", event.state.at]]), "pop");
  });

  // The way ahead takes the planner a moment: the page is there before it.
  async function fetchCards() {
    const part = byId("way");
    if (!part || !part.dataset.cards || part.dataset.asked) return;
    part.dataset.asked = "yes";
    part.setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(part.dataset.cards, {
        method: "POST", body: new URLSearchParams(device.fieldsOf(form())),
        headers: { "Content-Type": "application/x-www-form-urlencoded" },
      });
      const read = answer.ok ? new DOMParser().parseFromString(await answer.text(), "text/html") : null;
      const found = read && read.getElementById("cards");
      if (found) byId("cards").replaceWith(found);
    } catch (error) {
      // Without a connection the button below still leads to every route later.
    } finally {
      part.removeAttribute("aria-busy");
    }
  }

  // ------------------------------------------------------------------ small things
  function sayYears(input) {
    const out = byId(input.dataset.months);
    const months = /^\s*\d{1,4}\s*$/.test(input.value) ? Number(input.value) : 0;
    const words = byId("walk").dataset;
    const rest = months % 12 ? ` ${months % 12} ${words.months}` : "";
    if (out) out.textContent = months >= 12 ? `= ${Math.floor(months / 12)} ${words.years}${rest}` : "";
  }
  function refresh() {
    fetchCards();
    document.querySelectorAll("#walk input[data-months]").forEach(sayYears);
    device.refresh();
    const print = byId("print");
    if (print) print.hidden = false;
  }
  document.addEventListener("input", function (event) {
    if (event.target.dataset && event.target.dataset.months) sayYears(event.target);
  });
  document.addEventListener("click", function (event) {
    if (event.target.id === "print") window.print();
  });
  document.addEventListener("jifen:cleared", function () {
    const source = form();
    const before = byId("kept").dataset.cleared;
    send([["city", source.dataset.city], ["as_of", source.dataset.today]], "push").then(function () {
      if (byId("kept-words")) byId("kept-words").textContent = before;
    });
  });

  document.addEventListener("DOMContentLoaded", function () {
    const source = form();
    if (!source || !byId("walk")) return;
    // A page that answered a form would ask before it is loaded again; its place is kept instead.
    history.replaceState({ at: source.elements["walk.at"].value }, "", location.pathname);
    refresh();
    const before = source.dataset.fresh && !source.elements["walk.example"] && !device.isOff() ? device.kept() : null;
    if (before) send(before, "quiet");
    else device.keep();
  });
})();
