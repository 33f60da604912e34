// All files at once: dropped or chosen, sent one by one, with how far it is. Without this file the
// form sends them together.
(function () {
  "use strict";

  function setUp(form) {
    const input = form.querySelector("input[type=file]");
    const line = form.querySelector("[data-progress]");
    const bar = line.querySelector("progress");
    const words = line.querySelector("output");
    const faults = form.querySelector("[data-faults]");

    function send(file) {
      return new Promise(function (done) {
        const body = new FormData();
        body.append("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
        body.append("by", "one");
        body.append("files", file);
        const request = new XMLHttpRequest();
        request.open("POST", form.action);
        request.responseType = "json";
        request.onload = function () {
          const said = request.response && request.response.words;
          done(request.status === 200 ? "" : said || form.dataset.failed);
        };
        request.onerror = function () { done(form.dataset.failed); };
        request.send(body);
      });
    }

    function tell(name, why) {
      const row = document.createElement("li");
      row.textContent = name + form.dataset.colon + why;
      faults.append(row);
    }

    async function sendAll(files) {
      line.hidden = false;
      faults.replaceChildren();
      bar.max = files.length;
      let failed = 0;
      for (const [place, file] of files.entries()) {
        bar.value = place;
        words.textContent = (place + 1) + " / " + files.length + " " + file.name;
        const why = await send(file);
        if (why) { failed += 1; tell(file.name, why); }
      }
      bar.value = files.length;
      if (!failed) { location.hash = "unsorted"; location.reload(); return; }
      words.textContent = form.dataset.rest;
    }

    form.addEventListener("submit", function (event) {
      if (!input.files.length) return;
      event.preventDefault();
      sendAll(Array.from(input.files));
    });
    form.addEventListener("dragover", function (event) {
      event.preventDefault();
      form.classList.add("over");
    });
    form.addEventListener("dragleave", function () { form.classList.remove("over"); });
    form.addEventListener("drop", function (event) {
      event.preventDefault();
      form.classList.remove("over");
      sendAll(Array.from(event.dataTransfer.files));
    });
  }

  document.addEventListener("DOMContentLoaded", function () {
    document.querySelectorAll("form[data-uploads]").forEach(setUp);
  });
})();
