// Beginning an application: a box to bring the answers that this device keeps. Nothing is read into
// the form before the box is ticked and the form is sent.
(function () {
  "use strict";

  function offer() {
    const device = window.jifenAnswers;
    if (!device || device.isOff()) return;
    document.querySelectorAll("form[data-brings]").forEach(function (form) {
      if (!device.has(form.dataset.city) || !device.kept(form)) return;
      form.querySelector("[data-bring]").hidden = false;
      form.addEventListener("submit", function () {
        const ticked = form.elements.bring.checked;
        const fields = ticked ? device.kept(form) || [] : [];
        form.elements.answers.value = new URLSearchParams(fields).toString();
      });
    });
  }
  document.addEventListener("DOMContentLoaded", offer);
})();
