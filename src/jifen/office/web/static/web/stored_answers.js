// Answers that last: kept on this device only, and only while the visitor wants it. Nothing of it is
// sent anywhere but into the form. Everything works without this file.
(function () {
  "use strict";

  const KEY = "jifen.answers";
  const OFF = "jifen.keeps-nothing";
  const HANDED = "jifen.handed-over";
  const byId = (id) => document.getElementById(id);
  const form = () => byId("facts");

  function store(act) {
    try { return act(window.localStorage); } catch (error) { return null; }
  }
  const isOff = () => store((s) => s.getItem(OFF)) === "yes";
  let tried; // whether anything can be kept here; asked of the browser once a page
  function works() {
    tried ??= store((s) => { s.setItem(`${KEY}.try`, "1"); s.removeItem(`${KEY}.try`); return true; }) === true;
    return tried;
  }
  const isExample = () => Boolean(form().elements["walk.example"] || form().dataset.example);

  function readAll() {
    const none = { cities: {}, shared: {} };
    try {
      const read = JSON.parse(store((s) => s.getItem(KEY)) || "{}");
      return read && typeof read.cities === "object" && typeof read.shared === "object" ? read : none;
    } catch (error) { return none; }
  }
  const factOf = (name) => name.replace(/^row\./, "");
  const NO_ANSWER = ["as_of", "city", "on", "insurance_as", "erring", "typing"];
  const isAnswer = ([name, value]) => value !== "" && !name.startsWith("walk.") && !NO_ANSWER.includes(name)
    && !/^spell\.(status|schemes|amount_is)$/.test(name) && (!name.startsWith("reading.") || name === "reading.purpose");

  // A day that the visitor did not choose is today's, also tomorrow.
  function fieldsOf(source) {
    return Array.from(new FormData(source)).filter(([name, value]) => typeof value === "string" && !["on", "erring", "paste"].includes(name));
  }
  const sharedOf = (source) => (source.dataset.shared || "").split(" ").filter(Boolean);

  function keep() {
    const source = form();
    if (!source || !source.dataset.city || isOff() || isExample()) return;
    const today = source.dataset.today;
    const fields = fieldsOf(source).filter(([name, value]) => name !== "as_of" || value !== today);
    const all = readAll();
    if (!fields.some(isAnswer) && !all.cities[source.dataset.city]) return;
    all.cities[source.dataset.city] = fields;
    for (const ident of sharedOf(source)) {
      const own = fields.filter(([name, value]) => factOf(name) === ident && value !== "");
      if (own.length) all.shared[ident] = own;
      else delete all.shared[ident];
    }
    store((s) => s.setItem(KEY, JSON.stringify(all)));
  }

  // What is kept for this city, with what means the same in another one as it was said there last.
  function kept(source = form()) {
    const all = readAll();
    const own = all.cities[source.dataset.city] || [];
    const shared = sharedOf(source).filter((ident) => all.shared[ident]);
    const rest = own.filter(([name]) => !shared.includes(factOf(name)));
    const found = rest.concat(...shared.map((ident) => all.shared[ident]));
    return found.some(isAnswer) ? found.filter(([name]) => name !== "city").concat([["city", source.dataset.city]]) : null;
  }

  // Answers that go to the next page of this tab only: another language or view, another city.
  function handOver(fields) {
    try {
      window.sessionStorage.setItem(HANDED, JSON.stringify(fields));
      return true;
    } catch (error) { return false; }
  }
  function takeOver() {
    try {
      const fields = JSON.parse(window.sessionStorage.getItem(HANDED) || "null");
      window.sessionStorage.removeItem(HANDED);
      const source = form();
      const [, city] = (fields || []).find(([name]) => name === "city") || [];
      if (!city || city === source.dataset.city) return fields;
      const shared = sharedOf(source);
      return fields.filter(([name]) => shared.includes(factOf(name))).concat([["city", source.dataset.city]]);
    } catch (error) { return null; }
  }

  function clear() { store((s) => s.removeItem(KEY)); }
  function turn(off) {
    store((s) => { if (off) { s.removeItem(KEY); s.setItem(OFF, "yes"); } else s.removeItem(OFF); });
    if (!off) keep();
  }

  // The line that says so, with its two buttons.
  function refresh() {
    const line = byId("kept");
    if (!line) return;
    const off = isOff();
    line.hidden = !works() || isExample();
    byId("kept-words").textContent = off ? line.dataset.off : byId("kept-words").dataset.on;
    const place = byId("scored-words");
    if (place) place.textContent = place.dataset[form().dataset.scored || "site"];
    byId("kept-switch").textContent = off ? byId("kept-switch").dataset.off : byId("kept-switch").dataset.on;
    byId("kept-clear").hidden = off;
  }
  document.addEventListener("click", function (event) {
    const pressed = event.target.closest && event.target.closest("#kept-clear, #kept-switch");
    if (!pressed) return;
    if (pressed.id === "kept-switch") turn(!isOff());
    else {
      clear();
      document.dispatchEvent(new CustomEvent("jifen:cleared"));
    }
    refresh();
  });
  document.addEventListener("input", function (event) {
    if (event.target.form && event.target.form.id === "facts") keep();
  });

  window.jifenAnswers = { keep, kept, clear, refresh, isOff, fieldsOf, handOver, takeOver, has: (city) => Boolean(readAll().cities[city]) };
})();
