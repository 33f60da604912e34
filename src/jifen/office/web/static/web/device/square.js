// A text as a square code (QR, ISO/IEC 18004): bytes, correction level L, versions 1 to 25.

const PER_BLOCK = [0, 7, 10, 15, 20, 26, 18, 20, 24, 30, 18, 20, 24, 26, 30, 22, 24, 28, 30, 28, 28, 28, 28, 30, 30, 26];
const BLOCKS = [0, 1, 1, 1, 1, 1, 2, 2, 2, 2, 4, 4, 4, 4, 4, 6, 6, 6, 6, 7, 8, 8, 9, 9, 10, 12];
const LARGEST = BLOCKS.length - 1;
const LEVEL = 1; // how level L is written
const MASKS = [
  (r, c) => (r + c) % 2 === 0, (r) => r % 2 === 0, (r, c) => c % 3 === 0, (r, c) => (r + c) % 3 === 0,
  (r, c) => (Math.floor(r / 2) + Math.floor(c / 3)) % 2 === 0, (r, c) => ((r * c) % 2) + ((r * c) % 3) === 0,
  (r, c) => (((r * c) % 2) + ((r * c) % 3)) % 2 === 0, (r, c) => (((r + c) % 2) + ((r * c) % 3)) % 2 === 0,
];

// → rows of true (dark) and false; null where the text is too long. `mask` (0 to 7): else the best one.
export function squareOf(text, mask = null) {
  const bytes = [...new TextEncoder().encode(text)];
  let version = 1;
  while (version <= LARGEST && bytes.length > room(version)) version += 1;
  if (version > LARGEST) return null;
  const codewords = withCorrection(dataOf(bytes, version), version);
  const made = (number) => drawn(version, codewords, number);
  if (mask !== null) return made(mask);
  return MASKS.map((_, number) => made(number)).reduce((best, one) => (unevenness(one) < unevenness(best) ? one : best));
}

// ------------------------------------------------------------------ the text as code words

const lengthBits = (version) => (version < 10 ? 8 : 16);

function modulesFor(version) {
  const marks = version < 2 ? 0 : Math.floor(version / 7) + 2;
  const all = (16 * version + 128) * version + 64;
  const aligned = marks ? (25 * marks - 10) * marks - 55 : 0;
  return all - aligned - (version >= 7 ? 36 : 0);
}

const dataWords = (version) => Math.floor(modulesFor(version) / 8) - PER_BLOCK[version] * BLOCKS[version];
const room = (version) => dataWords(version) - Math.ceil((4 + lengthBits(version)) / 8);

function dataOf(bytes, version) {
  const bits = [];
  const push = (value, count) => { for (let at = count - 1; at >= 0; at -= 1) bits.push((value >> at) & 1); };
  push(4, 4); // bytes
  push(bytes.length, lengthBits(version));
  bytes.forEach((byte) => push(byte, 8));
  const most = dataWords(version) * 8;
  push(0, Math.min(4, most - bits.length));
  push(0, (8 - (bits.length % 8)) % 8);
  for (let pad = 0xec; bits.length < most; pad ^= 0xec ^ 0x11) push(pad, 8);
  return Array.from({ length: bits.length / 8 }, (_, at) => parseInt(bits.slice(at * 8, at * 8 + 8).join(""), 2));
}

function times(a, b) {
  let product = 0;
  for (let at = 7; at >= 0; at -= 1) {
    product = (product << 1) ^ ((product >> 7) * 0x11d);
    product ^= ((b >> at) & 1) * a;
  }
  return product;
}

function divisorOf(degree) {
  const found = new Array(degree).fill(0);
  found[degree - 1] = 1;
  for (let root = 1, round = 0; round < degree; round += 1, root = times(root, 2)) {
    for (let at = 0; at < degree; at += 1) found[at] = times(found[at], root) ^ (found[at + 1] || 0);
  }
  return found;
}

function remainderOf(data, divisor) {
  const rest = new Array(divisor.length).fill(0);
  for (const byte of data) {
    const factor = byte ^ rest.shift();
    rest.push(0);
    divisor.forEach((value, at) => (rest[at] ^= times(value, factor)));
  }
  return rest;
}

// The data in blocks, each with its correction, taken by turns.
function withCorrection(data, version) {
  const count = BLOCKS[version];
  const divisor = divisorOf(PER_BLOCK[version]);
  const short = Math.floor(data.length / count);
  const longer = data.length % count;
  const blocks = [];
  for (let number = 0, start = 0; number < count; number += 1) {
    const size = short + (number < count - longer ? 0 : 1);
    blocks.push(data.slice(start, start + size));
    start += size;
  }
  const byTurns = (rows) => Array.from({ length: Math.max(...rows.map((row) => row.length)) }, (_, at) => rows.map((row) => row[at])).flat().filter((one) => one !== undefined);
  return [...byTurns(blocks), ...byTurns(blocks.map((block) => remainderOf(block, divisor)))];
}

// ------------------------------------------------------------------ the drawing

function drawn(version, codewords, mask) {
  const size = version * 4 + 17;
  const dark = Array.from({ length: size }, () => new Array(size).fill(false));
  const fixed = dark.map((row) => row.slice());
  const set = (row, column, value) => {
    if (row < 0 || column < 0 || row >= size || column >= size) return;
    dark[row][column] = Boolean(value);
    fixed[row][column] = true;
  };
  drawMarks(version, size, set);
  drawFormat(size, mask, set);
  drawVersion(version, size, set);
  let bit = 0;
  eachFreePlace(size, fixed, (row, column) => {
    const word = codewords[bit >> 3];
    const value = word !== undefined && ((word >> (7 - (bit & 7))) & 1) === 1;
    dark[row][column] = value !== MASKS[mask](row, column);
    bit += 1;
  });
  return dark;
}

function drawMarks(version, size, set) {
  for (let at = 0; at < size; at += 1) {
    set(6, at, at % 2 === 0);
    set(at, 6, at % 2 === 0);
  }
  const places = alignment(version, size);
  const last = places.length - 1;
  places.forEach((row, r) => places.forEach((column, c) => {
    if ((r === 0 && c === 0) || (r === 0 && c === last) || (r === last && c === 0)) return;
    ring(row, column, 2, (distance) => distance !== 1, set);
  }));
  for (const [row, column] of [[3, 3], [3, size - 4], [size - 4, 3]]) ring(row, column, 4, (distance) => distance !== 2 && distance !== 4, set);
}

function ring(row, column, radius, isDark, set) {
  for (let r = -radius; r <= radius; r += 1) {
    for (let c = -radius; c <= radius; c += 1) set(row + r, column + c, isDark(Math.max(Math.abs(r), Math.abs(c))));
  }
}

function alignment(version, size) {
  if (version === 1) return [];
  const count = Math.floor(version / 7) + 2;
  const step = Math.ceil((size - 13) / (2 * count - 2)) * 2;
  return [6, ...Array.from({ length: count - 1 }, (_, at) => size - 7 - at * step).reverse()];
}

function checked(value, length, generator) {
  let rest = value;
  for (let round = 0; round < length; round += 1) rest = (rest << 1) ^ ((rest >> (length - 1)) * generator);
  return (value << length) | rest;
}

function drawFormat(size, mask, set) {
  const bits = checked((LEVEL << 3) | mask, 10, 0x537) ^ 0x5412;
  const bit = (at) => (bits >> at) & 1;
  for (let at = 0; at < 6; at += 1) set(at, 8, bit(at));
  [[7, 8, 6], [8, 8, 7], [8, 7, 8]].forEach(([row, column, at]) => set(row, column, bit(at)));
  for (let at = 9; at < 15; at += 1) set(8, 14 - at, bit(at));
  for (let at = 0; at < 8; at += 1) set(8, size - 1 - at, bit(at));
  for (let at = 8; at < 15; at += 1) set(size - 15 + at, 8, bit(at));
  set(size - 8, 8, true);
}

function drawVersion(version, size, set) {
  if (version < 7) return;
  const bits = checked(version, 12, 0x1f25);
  for (let at = 0; at < 18; at += 1) {
    const [near, far] = [size - 11 + (at % 3), Math.floor(at / 3)];
    set(far, near, (bits >> at) & 1);
    set(near, far, (bits >> at) & 1);
  }
}

// From the right in pairs of columns, up and down by turns.
function eachFreePlace(size, fixed, act) {
  for (let right = size - 1, up = true; right >= 1; right -= 2, up = !up) {
    if (right === 6) right = 5;
    for (let step = 0; step < size; step += 1) {
      const row = up ? size - 1 - step : step;
      for (const column of [right, right - 1]) if (!fixed[row][column]) act(row, column);
    }
  }
}

// How hard a drawing is to read: long runs of one colour, and blocks.
function unevenness(dark) {
  const size = dark.length;
  let sum = 0;
  for (let row = 0; row < size; row += 1) {
    for (const at of [(n) => dark[row][n], (n) => dark[n][row]]) {
      for (let n = 1, run = 1; n <= size; n += 1) {
        if (n < size && at(n) === at(n - 1)) run += 1;
        else { if (run >= 5) sum += run - 2; run = 1; }
      }
    }
    for (let column = 0; row > 0 && column < size - 1; column += 1) {
      const one = dark[row][column];
      if (one === dark[row - 1][column] && one === dark[row][column + 1] && one === dark[row - 1][column + 1]) sum += 3;
    }
  }
  return sum;
}
