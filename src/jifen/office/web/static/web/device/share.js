// To take along and to share: a link and a square code that hold the answers behind the "#", which no
// browser sends to a site; and a picture without personal data.

import { squareOf } from "./square.js";

const NAME = "#answers=";
const LEFT_OUT = /^(walk\.(past|editing|example)|city|has|spell\.employer)$/; // the name of an employer is nobody else's
const QUIET = 4;

// ------------------------------------------------------------------ answers ↔ the part behind the "#"

async function through(stream, bytes) {
  const piped = new Blob([bytes]).stream().pipeThrough(stream);
  return new Uint8Array(await new Response(piped).arrayBuffer());
}

const toText = (bytes) => btoa(String.fromCharCode(...bytes)).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
const toBytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (one) => one.charCodeAt(0));

// "z": packed; "p": plain, where a browser cannot pack.
export async function hashOf(fields) {
  const kept = fields.filter(([name, value]) => (value !== "" || name.startsWith("spell.")) && !LEFT_OUT.test(name));
  const bytes = new TextEncoder().encode(new URLSearchParams(kept).toString());
  if (!window.CompressionStream) return `${NAME}p${toText(bytes)}`;
  return `${NAME}z${toText(await through(new CompressionStream("deflate-raw"), bytes))}`;
}

// The answers in an address; null where there are none, or none that can be read.
export async function fieldsIn(hash) {
  if (!hash.startsWith(NAME)) return null;
  try {
    const bytes = toBytes(hash.slice(NAME.length + 1));
    const isPacked = hash[NAME.length] === "z";
    const plain = isPacked ? await through(new DecompressionStream("deflate-raw"), bytes) : bytes;
    return [...new URLSearchParams(new TextDecoder().decode(plain))];
  } catch (error) {
    return null;
  }
}

// ------------------------------------------------------------------ what is shown

export function drawSquare(square) {
  const size = square.length + 2 * QUIET;
  const path = square.flatMap((row, r) => row.map((dark, c) => (dark ? `M${c + QUIET} ${r + QUIET}h1v1h-1z` : ""))).join("");
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", `0 0 ${size} ${size}`);
  const part = (name, values) => {
    const made = document.createElementNS("http://www.w3.org/2000/svg", name);
    Object.entries(values).forEach(([key, value]) => made.setAttribute(key, value));
    svg.append(made);
  };
  part("rect", { width: size, height: size, class: "square-ground" });
  part("path", { d: path, class: "square-dark" });
  return svg;
}

// Link and code of a result page.
export async function fillShare(part, fields) {
  const link = `${window.location.origin}${window.location.pathname}${await hashOf(fields)}`;
  const square = squareOf(link);
  const place = part.querySelector(".square");
  if (square) {
    const svg = drawSquare(square);
    svg.setAttribute("role", "img");
    svg.setAttribute("aria-label", part.dataset.label);
    place.replaceChildren(svg);
  }
  place.hidden = !square;
  part.querySelector("#share-link").value = link;
  part.querySelector("#share-text").value = textOf(part.querySelector("#share-text").dataset, link);
  part.hidden = false;
  const leads = document.getElementById("to-share");
  if (leads) leads.hidden = false;
}

// The result in plain lines, for whoever can save nothing but a text.
function textOf({ papers, joint, opens }, link) {
  const words = (selector) => [...document.querySelectorAll(selector)].map(({ textContent }) => textContent.trim().replace(/\s+/g, " "));
  const needed = words("#papers [data-paper] > b");
  const lines = [...words("#outcome > .walk-where, #outcome > h1, #outcome > .figure"), ...words("#outcome > .next-step")];
  return [...lines, needed.length ? papers + needed.join(joint) : "", opens + link].filter(Boolean).join("\n");
}

// A picture of the city's page: its name, the line, a code that leads there. No answers.
export function picture({ title, line, words, site }) {
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [1080, 1080];
  const pen = canvas.getContext("2d");
  const fill = (colour, ...box) => { pen.fillStyle = colour; pen.fillRect(...box); };
  fill("#faf7f1", 0, 0, 1080, 1080);
  fill("#0e4a50", 0, 0, 1080, 24);
  const write = (text, size, top, colour, weight = 700) => {
    pen.fillStyle = colour;
    pen.font = `${weight} ${size}px "Noto Serif SC", "Songti SC", serif`;
    pen.fillText(text, 90, top, 900);
  };
  write(title, 84, 190, "#16262a");
  write(line, 64, 300, "#9c2a1c");
  words.forEach((text, at) => write(text, 40, 400 + at * 64, "#3c4a4d", 500));
  const square = squareOf(site);
  const unit = Math.floor(380 / (square.length + 2 * QUIET));
  const [left, top] = [90, 1080 - 70 - unit * (square.length + 2 * QUIET)];
  fill("#ffffff", left, top, unit * (square.length + 2 * QUIET), unit * (square.length + 2 * QUIET));
  square.forEach((row, r) => row.forEach((dark, c) => dark && fill("#16262a", left + (c + QUIET) * unit, top + (r + QUIET) * unit, unit, unit)));
  return canvas.toDataURL("image/png");
}
