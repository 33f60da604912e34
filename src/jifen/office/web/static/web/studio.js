// The studio while somebody types: what is typed is saved, and what follows from it is shown: faults
// at their cells, worked cases, the effect. Everything works without this file.
const form = document.getElementById("table");
const PAUSE = 450;
const LOOK = 200;
let timer = 0;
let typed = 0;
let asking = null;

function cells() {
  return Array.from(form.elements).filter((one) => one.name.startsWith("c:"));
}

function replaceLive(page) {
  document.querySelectorAll("[data-live]").forEach((old) => {
    const fresh = page.getElementById(old.id);
    if (fresh && fresh.innerHTML !== old.innerHTML) old.replaceChildren(...fresh.childNodes);
  });
}

// A cell that nobody is typing into follows what was saved, also by somebody else.
function replaceValues(page, sent) {
  for (const cell of cells()) {
    const fresh = page.getElementById(cell.id);
    if (!fresh) continue;
    cell.toggleAttribute("aria-invalid", fresh.hasAttribute("aria-invalid"));
    if (fresh.hasAttribute("aria-invalid")) cell.setAttribute("aria-invalid", "true");
    if (cell !== document.activeElement && cell.value === sent.get(cell.name)) cell.value = fresh.value;
  }
}

function replaceEffect(html) {
  document.getElementById("effect-live").replaceChildren(...html.childNodes);
  const body = document.querySelector(".effect-body");
  const short = document.getElementById("bar-effect");
  if (short) short.textContent = (body && body.dataset.summary) || short.dataset.none;
  follow();
}

function take(page, sent) {
  replaceLive(page);
  replaceValues(page, sent);
  document.getElementById("seen").value = page.getElementById("seen").value;
  for (const name of ["difference-link", "propose-link"]) {
    const link = page.getElementById(name);
    if (link) document.getElementById(name).href = link.getAttribute("href");
  }
  replaceEffect(page.getElementById("effect-live"));
}

async function save() {
  const mine = ++typed;
  const sent = new FormData(form);
  const saved = document.getElementById("saved");
  saved.textContent = form.dataset.saving;
  try {
    const answer = await fetch(form.action, {
      method: "POST", body: sent, headers: { "X-Studio": "live" }, credentials: "same-origin",
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(String(answer.status));
    if (mine === typed) take(new DOMParser().parseFromString(text, "text/html"), sent);
  } catch {
    if (mine === typed) saved.textContent = form.dataset.failed;
  }
}

// Saves go one after another, so that an older one never comes after a newer one.
let last = Promise.resolve();
function soon() {
  clearTimeout(timer);
  timer = setTimeout(() => { last = last.then(save); }, PAUSE);
}

async function look(body) {
  asking = body.dataset.poll;
  try {
    const answer = await fetch(asking, { credentials: "same-origin" });
    const text = await answer.text();
    const here = document.querySelector(".effect-body");
    if (!answer.ok || !here || here.dataset.poll !== asking) return;
    replaceEffect(new DOMParser().parseFromString(text, "text/html").body);
  } catch {
    setTimeout(follow, LOOK * 10);
  }
}

function follow() {
  const body = document.querySelector(".effect-body");
  if (body && body.dataset.poll) setTimeout(() => look(body), LOOK);
}

if (form && form.dataset.editable) {
  form.addEventListener("input", (event) => { if (event.target.name.startsWith("c:")) soon(); });
}
follow();
