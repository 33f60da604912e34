// The screens that the server made without answers, filled in: data-if takes parts out, data-slot puts
// words in, data-each is there once for each of several.

const parsed = new Map(); // what a screen is made of is parsed once

export function fragment(html) {
  if (!parsed.has(html)) {
    const template = document.createElement("template");
    template.innerHTML = html;
    parsed.set(html, template);
  }
  return parsed.get(html).content.cloneNode(true);
}

// Keep the parts of which one of the named conditions holds; what has no name here stays.
export function choose(root, holds) {
  for (const part of root.querySelectorAll("[data-if]")) {
    const names = part.dataset.if.split(" ").filter((name) => name in holds);
    if (names.length && !names.some((name) => holds[name])) part.remove();
  }
}

export function put(root, words) {
  for (const [name, text] of Object.entries(words)) {
    root.querySelectorAll(`[data-slot="${name}"]`).forEach((slot) => (slot.textContent = text));
  }
}

// A sentence with %d in it.
export const counted = (words, ...numbers) => numbers.reduce((text, number) => text.replace("%d", number), words);

// The part that is there once for each → a copy of it for each item, filled in by `fill`.
export function repeat(root, name, items, fill) {
  const pattern = root.querySelector(`[data-each="${name}"]`);
  const copies = items.map((item, at) => {
    const copy = pattern.cloneNode(true);
    fill(copy, item, at);
    return copy;
  });
  pattern.replaceWith(...copies);
}

export function hidden([name, value]) {
  const input = document.createElement("input");
  Object.assign(input, { type: "hidden", name, value });
  return input;
}
