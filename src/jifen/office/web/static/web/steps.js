// Step by step without waiting for whole pages: the page answers by itself where it can, else the site.
// Everything works without this file; then a step is a page.
(function () {
  "use strict";

  const answers = window.jifenAnswers;
  const AGREED = "jifen.may-send";
  const byId = (id) => document.getElementById(id);
  const form = () => byId("facts");

  // ------------------------------------------------------------------ who answers
  let device = null;
  // What answers in this page; null where the site does. It is tried again after a failure.
  async function opened() {
    const { module, measure, screens } = form().dataset;
    if (!module) return null;
    const lang = document.documentElement.lang === "en" ? "en" : "zh";
    device = device || import(module).then((made) => made.openDevice({ measure, screens }, lang));
    try {
      return await device;
    } catch (error) {
      device = null;
      return null;
    }
  }
  const isLocal = () => form().dataset.scored === "device";
  function mayBeSent() {
    try { return window.sessionStorage.getItem(AGREED) === "yes"; } catch (error) { return false; }
  }
  function agree() {
    try { window.sessionStorage.setItem(AGREED, "yes"); } catch (error) { /* asked again the next time */ }
  }

  // ------------------------------------------------------------------ one step after the other
  let turn = 0;
  let returning = null; // answers of before, until their screen is there
  async function send(fields, how, pressed = null) {
    const own = (turn += 1);
    const local = await opened();
    try {
      const screen = local && (await local.respond(fields, pressed));
      if (own !== turn) return null; // something else was pressed meanwhile
      if (screen && screen.refused) return notice(screen.refused.words);
      if (screen && !screen.ask) return show(screen, how, pressed);
      if (screen && !mayBeSent()) return askToSend(screen.ask, () => post(fields, how, pressed));
    } catch (error) {
      // Another day's measure is not to be had: nothing is sent for that.
      return failed();
    }
    return post(fields, how, pressed);
  }
  function show({ title, content, fields }, how, pressed) {
    const source = form();
    source.replaceChildren(...fields, content);
    source.dataset.scored = "device";
    document.querySelectorAll("#walk > .notice, #load-file, #walk-failed, #walk-asks").forEach((part) => part.remove());
    document.title = `${title} · ${byId("walk").dataset.title}`;
    arrive(how, pressed);
  }
  let waiting = null;
  async function post(fields, how, pressed) {
    const page = byId("walk");
    const source = form();
    if (waiting) waiting.abort();
    waiting = new AbortController();
    page.setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(source.getAttribute("action"), {
        method: "POST", body: new URLSearchParams(pressed ? fields.concat([pressed]) : fields), signal: waiting.signal,
        headers: { "Content-Type": "application/x-www-form-urlencoded" },
      });
      if (!answer.ok) throw new Error(String(answer.status));
      const read = new DOMParser().parseFromString(await answer.text(), "text/html");
      const next = read.getElementById("walk");
      if (!next) throw new Error("no step");
      page.replaceWith(next);
      document.title = read.title;
      arrive(how, pressed);
    } catch (error) {
      if (error.name === "AbortError") return;
      page.removeAttribute("aria-busy");
      failed();
    }
  }
  function arrive(how, pressed) {
    returning = null;
    form().removeAttribute("data-fresh");
    const at = form().elements["walk.at"].value;
    if (how === "push" && (!history.state || history.state.at !== at)) history.pushState({ at }, "");
    else history.replaceState({ at }, "");
    refresh();
    keepSoon();
    document.dispatchEvent(new CustomEvent("jifen:step"));
    prepareNext();
    if (how === "quiet") return;
    if (pressed && pressed[0] === "act" && stay(pressed[1].split(":"))) return;
    window.scrollTo({ top: 0, behavior: "instant" });
    const field = document.querySelector("#facts [aria-invalid=true]") || document.querySelector("#facts fieldset .typed");
    (field || byId("ask")).focus({ preventScroll: true });
  }

  // What is kept is written once the screen is there, and at the latest when the page goes away.
  let unkept = false;
  function keepNow() {
    if (unkept) answers.keep();
    unkept = false;
  }
  function keepSoon() {
    if (!unkept) requestAnimationFrame(() => setTimeout(keepNow));
    unkept = true;
  }
  window.addEventListener("pagehide", keepNow);
  document.addEventListener("visibilitychange", () => document.hidden && keepNow());

  // While nothing is pressed, what each answer of the screen leads to is worked out: then it is there at once.
  const whenIdle = (act) => (window.requestIdleCallback ? requestIdleCallback(act) : setTimeout(act, 100));
  async function prepareNext() {
    const local = isLocal() && (await opened());
    if (!local) return;
    const [own, fields] = [turn, answers.fieldsOf(form())];
    const waiting = Array.from(document.querySelectorAll("#walk button[name=go]:not([formaction])"), ({ value }) => value);
    const prepare = () => {
      if (own !== turn || !waiting.length) return;
      local.prepare(fields, ["go", waiting.shift()]);
      whenIdle(prepare);
    };
    whenIdle(prepare);
  }

  // A button that changes the screen on which it stands leads to what it changed.
  function stay([act, number]) {
    const rows = document.querySelectorAll("#facts [name='spell.from']");
    const dates = document.querySelectorAll("#facts .rows .typed");
    const fields = { spell: rows[rows.length - 1], drop: rows[Math.max(Number(number) - 1, 0)], row: dates[dates.length - 1] };
    const account = document.querySelector("#facts .error:not(:empty):not([hidden])") || byId("derived");
    const target = act === "account" ? account : fields[act];
    if (!target) return false;
    if (act === "account") target.tabIndex = -1;
    target.focus({ preventScroll: true });
    target.scrollIntoView({ block: act === "account" ? "start" : "center" });
    return true;
  }

  // ------------------------------------------------------------------ words above the step
  function above(id, ...parts) {
    if (byId(id)) byId(id).remove();
    const box = document.createElement("div");
    box.id = id;
    box.className = "warning walk-failed";
    box.setAttribute("role", "alert");
    box.append(...parts);
    byId("walk").prepend(box);
    box.scrollIntoView({ block: "start" });
    return box;
  }
  function paragraph(words) {
    return Object.assign(document.createElement("p"), { textContent: words });
  }
  function failed() {
    above("walk-failed", paragraph(byId("walk").dataset.failed));
  }
  const inLanguage = (words) => words[document.documentElement.lang === "en" ? "en" : "zh"];
  function notice(words) {
    above("walk-failed", paragraph(inLanguage(words)));
  }
  // Nothing is sent before the visitor has agreed, once in a tab.
  function askToSend(ask, go) {
    const { sends, send: yes, stay } = byId("walk").dataset;
    askAbove("walk-asks", `${inLanguage(ask.words)}${sends}`, [yes, () => { agree(); go(); }], [stay, () => byId("ask").focus()]);
  }
  function askAbove(id, words, first, second) {
    const button = ([text, act], className) => {
      const made = Object.assign(document.createElement("button"), { type: "button", textContent: text, className });
      made.addEventListener("click", () => { byId(id).remove(); act(); });
      return made;
    };
    const acts = Object.assign(document.createElement("div"), { className: "step-go" });
    acts.append(button(first, "button"), button(second, "quiet"));
    above(id, paragraph(words), acts).querySelector("button").focus({ preventScroll: true });
  }

  // ------------------------------------------------------------------ buttons
  function leadsAway(button, source) {
    const target = button.getAttribute("formaction");
    const other = button.dataset.goes;
    // What is stored of that city must not be replaced by what both cities share.
    if (other && !answers.isOff() && (isLocal() || answers.has(other))) return target;
    if (!source.dataset.module || !(other || button.classList.contains("switch"))) return "";
    return answers.handOver(returning || answers.fieldsOf(source)) ? target : "";
  }
  document.addEventListener("submit", function (event) {
    const source = event.target;
    const button = event.submitter;
    if (source.id !== "facts") return;
    if (button && button.hasAttribute("formaction")) answers.keep();
    const target = button && button.hasAttribute("formaction") ? leadsAway(button, source) : "";
    if (target) {
      event.preventDefault();
      window.location.assign(target);
      return;
    }
    // A file or another page is an ordinary page.
    if (!button || button.hasAttribute("formaction") || !["go", "act"].includes(button.name)) return;
    event.preventDefault();
    const fields = answers.fieldsOf(source);
    const day = source.elements.on;
    if (day) fields.push(["on", day.value]);
    if (source.elements.paste) fields.push(["paste", source.elements.paste.value]);
    send(fields, "push", [button.name, button.value]);
  });
  window.addEventListener("popstate", function (event) {
    if (!form() || !event.state || !event.state.at) return;
    const fields = answers.fieldsOf(form()).filter(([name]) => name !== "walk.at");
    send(fields.concat([["walk.at", event.state.at]]), "pop");
  });

  // The way ahead takes the planner of the site a moment: the page is there before it. A page that has
  // sent nothing yet waits until it is asked to.
  async function fetchCards(address) {
    const part = byId("way");
    part.setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(address, {
        method: "POST", body: new URLSearchParams(answers.fieldsOf(form())),
        headers: { "Content-Type": "application/x-www-form-urlencoded" },
      });
      const read = answer.ok ? new DOMParser().parseFromString(await answer.text(), "text/html") : null;
      const cards = read && read.getElementById("cards");
      if (!cards) throw new Error("no cards");
      byId("cards").replaceWith(cards);
      if (byId("ask-cards")) byId("ask-cards").remove();
    } catch (error) {
      // Without a connection the button still leads to every route later.
      if (byId("ask-cards")) failed();
    } finally {
      part.removeAttribute("aria-busy");
    }
  }

  // ------------------------------------------------------------------ to take along and to share
  const share = () => import(form().dataset.share);
  async function fillShare() {
    const part = byId("share");
    if (part && part.hidden) (await share()).fillShare(part, answers.fieldsOf(form()));
  }
  // A browser inside another app may refuse to copy: then the text stands there, marked.
  async function copyFrom(button) {
    const field = byId(button.dataset.copies);
    field.hidden = false;
    field.focus({ preventScroll: true });
    field.select();
    let copied = true;
    try { await navigator.clipboard.writeText(field.value); } catch (error) { copied = document.execCommand("copy"); }
    button.textContent = copied ? button.dataset.done : button.dataset.byHand;
  }
  // A link with answers, wherever it stands in what was pasted.
  async function takePasted(button) {
    const link = /#answers=[\w-]+/.exec(byId("pasted-answers").value);
    const fields = link && (await (await share()).fieldsIn(link[0]));
    byId("e-file").textContent = fields ? "" : button.dataset.none;
    if (!fields) return;
    const found = await linked(link[0]);
    if (found) send(found, "quiet");
  }
  async function showPicture({ dataset: { title, line, words } }) {
    const site = window.location.origin + window.location.pathname;
    const image = document.querySelector("#picture img");
    image.src = (await share()).picture({ title, line, words: words.split("|"), site });
    byId("picture").hidden = false;
  }
  // Answers behind the "#" of the address; those that are kept here are replaced only on request.
  async function linked(hash) {
    const fields = hash ? await (await share()).fieldsIn(hash) : null;
    if (!fields) return null;
    const found = fields.concat([["city", form().dataset.city]]);
    if (answers.isOff() || !answers.kept()) return found;
    askAbove("walk-linked", byId("walk").dataset.linked, [byId("walk").dataset.use, () => send(found, "quiet")], [byId("walk").dataset.own, () => byId("ask").focus()]);
    return null;
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
    const way = byId("way");
    if (way && way.dataset.cards && !way.dataset.asked) {
      way.dataset.asked = "yes";
      fetchCards(way.dataset.cards);
    }
    document.querySelectorAll("#walk input[data-months]").forEach(sayYears);
    answers.refresh();
    fillShare();
    ["print", "paste-answers"].forEach((id) => byId(id) && (byId(id).hidden = false));
  }
  document.addEventListener("input", function (event) {
    if (event.target.dataset && event.target.dataset.months) sayYears(event.target);
    if (event.target.matches("#facts .step .typed, #facts [name=has]")) prepareNext();
  });
  document.addEventListener("click", function (event) {
    if (event.target.id === "print") window.print();
    if (event.target.dataset && event.target.dataset.copies) copyFrom(event.target);
    if (event.target.id === "take-answers") takePasted(event.target);
    if (event.target.id === "show-picture") showPicture(event.target);
    if (event.target.id === "ask-cards") fetchCards(event.target.dataset.cards);
  });
  document.addEventListener("jifen:cleared", function () {
    const source = form();
    const before = byId("kept").dataset.cleared;
    send([["city", source.dataset.city], ["as_of", source.dataset.today]], "push").then(function () {
      if (byId("kept-words")) byId("kept-words").textContent = before;
    });
  });

  // The page works without a network from now on; where no worker may run it goes on as before.
  async function keepPage() {
    const { worker } = form().dataset;
    if (!worker || !navigator.serviceWorker) return;
    try {
      await navigator.serviceWorker.register(worker, { updateViaCache: "none" });
      const { active } = await navigator.serviceWorker.ready;
      active.postMessage({ page: location.pathname });
    } catch (error) { /* a private window, or a site without https */ }
  }
  // Answers of before are in the form at once, so that nothing that is pressed meanwhile loses them.
  function carry(fields) {
    const source = form();
    const shown = new Set(Array.from(source.elements, ({ name }) => name));
    const hidden = fields.filter(([name]) => !shown.has(name)).map(([name, value]) =>
      Object.assign(document.createElement("input"), { type: "hidden", name, value }));
    source.prepend(...hidden);
  }
  async function start() {
    const source = form();
    if (!source || !byId("walk")) return null;
    const hash = location.hash;
    // A page that answered a form would ask before it is loaded again; its place is kept instead.
    history.replaceState({ at: source.elements["walk.at"].value }, "", location.pathname);
    refresh();
    const isOwn = source.dataset.fresh && !source.elements["walk.example"];
    const handed = isOwn ? answers.takeOver() || (await linked(hash)) : null;
    const before = handed || (isOwn && !answers.isOff() ? answers.kept() : null);
    if (before) {
      returning = before;
      carry(before);
      keepPage();
      return send(before, "quiet");
    }
    answers.keep();
    keepPage();
    if (source.dataset.fresh && (await opened())) {
      form().dataset.scored = "device";
      answers.refresh();
      prepareNext();
    }
    return null;
  }
  document.addEventListener("DOMContentLoaded", start);
})();
