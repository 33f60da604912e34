// Walks through the questions in a page: each step is answered by the device and by the site, and both
// screens are written down as what a visitor sees and what the form would post.
(() => {
  const text = (node) => node.textContent.replace(/\s+/g, "");

  const places = (bar) => [...bar.querySelectorAll("rect")].map((part) => [Number(part.getAttribute("x")), Number(part.getAttribute("width"))]);

  function written(walk) {
    const copy = walk.cloneNode(true);
    // who works it out is said in other words, and the way ahead waits until it is asked for
    copy.querySelectorAll("#way, [data-device-words], .walk-foot, .notice").forEach((part) => part.remove());
    const form = copy.querySelector("#facts");
    // some faults have words of their own for a form (decision 0030); test_device.py holds their codes equal
    form.querySelectorAll(".error p, span.error, [role=alert] li").forEach((fault) => {
      fault.textContent = fault.textContent.replace(/^(\S+[:：] ?)?(现为|Found ).*$/, "…");
    });
    const fields = [...form.querySelectorAll("input")].map((input) =>
      [input.type, input.name, input.getAttribute("value"), input.id, input.hasAttribute("checked"), input.getAttribute("aria-invalid")].join("|"));
    const chosen = [...form.querySelectorAll("select")].map((one) => [one.name, one.id, [...one.options].findLast((option) => option.hasAttribute("selected"))?.value || ""].join("|"));
    const hidden = fields.filter((field) => field.startsWith("hidden|")).sort();
    const shown = fields.filter((field) => !field.startsWith("hidden|"));
    const pressed = [...form.querySelectorAll("button")].filter((one) => !one.hasAttribute("formaction"))
      .map((one) => [one.name, one.value, one.getAttribute("aria-pressed"), text(one)].join("|"));
    const bar = form.querySelector("svg.bar");
    const rows = [...form.querySelectorAll("tr, li, .outcome, [role=alert]")].map((one) => `${one.className}|${text(one)}`);
    form.querySelectorAll("input, button").forEach((part) => part.remove());
    return { text: text(form), hidden, shown, chosen, pressed, rows, bar: bar ? [bar.getAttribute("aria-label"), ...places(bar)] : [] };
  }

  window.walks = {
    async open() {
      const { module, measure, screens } = document.getElementById("facts").dataset;
      const lang = document.documentElement.lang === "en" ? "en" : "zh";
      window.walks.device = await (await import(module)).openDevice({ measure, screens }, lang);
    },
    async step([fields, pressed]) {
      if (pressed) window.walks.device.prepare(fields, pressed); // as a page does before it is pressed
      const screen = await window.walks.device.respond(fields, pressed);
      if (screen.ask || screen.refused) return { ask: screen.ask || screen.refused };
      const walk = document.createElement("div");
      const form = document.createElement("form");
      form.id = "facts";
      form.append(...screen.fields, screen.content);
      walk.append(form);
      const seen = written(walk);
      document.getElementById("walk").replaceChildren(form);
      return { title: screen.title, screen: seen, ...window.walks.offers(form) };
    },
    // What may be posted next: the fields of the form, and its buttons.
    offers(form) {
      const fields = [...new FormData(form)].filter(([name]) => name !== "on");
      const boxes = [...form.querySelectorAll("input[name=has]")].map(({ value }) => value);
      const typed = [...form.querySelectorAll("input.typed")].map(({ name }) => name).filter((name) => name !== "on" && name !== "paste");
      const buttons = [...form.querySelectorAll("button[name]")].filter((one) => !one.hasAttribute("formaction")).map(({ name, value }) => [name, value]);
      return { fields, boxes, typed, buttons };
    },
    site(html) {
      const read = new DOMParser().parseFromString(html, "text/html");
      return { title: read.title, screen: written(read.getElementById("walk")) };
    },
  };
})();
