// SM2 signatures with SM3 (GB/T 32918.2 and .5, GB/T 32905), for checking a notice without the network:
// browsers have no SM2. It only checks: whatever it handles is public, so its time tells nobody anything.
(function () {
  "use strict";

  const P = BigInt("0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF00000000FFFFFFFFFFFFFFFF");
  const N = BigInt("0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFF7203DF6B21C6052B53BBF40939D54123");
  const A = P - 3n;
  const B = BigInt("0x28E9FA9E9D9F5E344D5A9E4BCF6509A7F39789F515AB8F92DDBCBD414D940E93");
  const G = {
    x: BigInt("0x32C4AE2C1F1981195F9904466A39C9948FE30BBFF2660BE1715A4589334C74C7"),
    y: BigInt("0xBC3736A2F4F6779C59BDCEE36B692153D0A9877CC62A474002DF32E52139F0A0"),
  };
  const SIGNER = "1234567812345678"; // where none was agreed (GB/T 35276)

  // ---- SM3
  const turn = (word, by) => ((word << (by & 31)) | (word >>> (32 - (by & 31)))) >>> 0;
  const spread = (word) => (word ^ turn(word, 15) ^ turn(word, 23)) >>> 0;

  function compress(state, block) {
    const words = new Uint32Array(68);
    for (let i = 0; i < 16; i++) words[i] = block.getUint32(4 * i);
    for (let i = 16; i < 68; i++) {
      const mixed = spread((words[i - 16] ^ words[i - 9] ^ turn(words[i - 3], 15)) >>> 0);
      words[i] = mixed ^ turn(words[i - 13], 7) ^ words[i - 6];
    }
    let [a, b, c, d, e, f, g, h] = state;
    for (let i = 0; i < 64; i++) {
      const base = i < 16 ? 0x79cc4519 : 0x7a879d8a;
      const first = turn((turn(a, 12) + e + (i % 32 ? turn(base, i) : base)) >>> 0, 7);
      const ff = i < 16 ? a ^ b ^ c : (a & b) | (a & c) | (b & c);
      const gg = i < 16 ? e ^ f ^ g : (e & f) | (~e & g);
      const one = (ff + d + ((first ^ turn(a, 12)) >>> 0) + ((words[i] ^ words[i + 4]) >>> 0)) >>> 0;
      const two = (gg + h + first + words[i]) >>> 0;
      [d, c, b, a] = [c, turn(b, 9), a, one];
      [h, g, f, e] = [g, turn(f, 19), e, (two ^ turn(two, 9) ^ turn(two, 17)) >>> 0];
    }
    [a, b, c, d, e, f, g, h].forEach((word, i) => (state[i] ^= word));
  }

  function sm3(bytes) {
    const length = (Math.floor((bytes.length + 8) / 64) + 1) * 64;
    const padded = new Uint8Array(length);
    padded.set(bytes);
    padded[bytes.length] = 0x80;
    const view = new DataView(padded.buffer);
    view.setUint32(length - 8, Math.floor(bytes.length / 0x20000000));
    view.setUint32(length - 4, (bytes.length * 8) >>> 0);
    const state = Uint32Array.of(
      0x7380166f, 0x4914b2b9, 0x172442d7, 0xda8a0600, 0xa96f30bc, 0x163138aa, 0xe38dee4d, 0xb0fb0e4e
    );
    for (let at = 0; at < length; at += 64) compress(state, new DataView(padded.buffer, at, 64));
    const digest = new DataView(new ArrayBuffer(32));
    state.forEach((word, i) => digest.setUint32(4 * i, word));
    return new Uint8Array(digest.buffer);
  }

  // ---- the curve
  const modulo = (value, by) => ((value % by) + by) % by;

  function invert(value) {
    let [low, high, one, other] = [modulo(value, P), P, 1n, 0n];
    while (low > 1n) {
      const times = high / low;
      [low, high, one, other] = [high - times * low, low, other - times * one, one];
    }
    return modulo(one, P);
  }

  function add(first, second) {
    if (!first) return second;
    if (!second) return first;
    if (first.x === second.x && modulo(first.y + second.y, P) === 0n) return null;
    const slope =
      first.x === second.x
        ? (3n * first.x * first.x + A) * invert(2n * first.y)
        : (second.y - first.y) * invert(second.x - first.x);
    const x = modulo(slope * slope - first.x - second.x, P);
    return { x, y: modulo(slope * (first.x - x) - first.y, P) };
  }

  function multiply(times, point) {
    let sum = null;
    for (const bit of times.toString(2)) {
      sum = add(sum, sum);
      if (bit === "1") sum = add(sum, point);
    }
    return sum;
  }

  // ---- the signature
  const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  const number = (bytes) => BigInt(`0x${hex(bytes)}`);
  const bytesOf = (value) =>
    Uint8Array.from(value.toString(16).padStart(64, "0").match(/../g), (pair) => parseInt(pair, 16));

  function join(...parts) {
    const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
    let at = 0;
    for (const part of parts) {
      whole.set(part, at);
      at += part.length;
    }
    return whole;
  }

  // Whether 64 bytes (r and s) are the signature of a message under a key (x and y, 32 bytes each).
  function verify(x, y, message, signature) {
    const key = { x: number(x), y: number(y) };
    const onCurve = modulo(key.y * key.y - key.x * key.x * key.x - A * key.x - B, P) === 0n;
    if (!onCurve || key.x >= P || key.y >= P || signature.length !== 64) return false;
    const [r, s] = [number(signature.subarray(0, 32)), number(signature.subarray(32))];
    const t = (r + s) % N;
    if (r < 1n || r >= N || s < 1n || s >= N || t === 0n) return false;
    const signer = new TextEncoder().encode(SIGNER);
    const bits = Uint8Array.of((signer.length * 8) >> 8, (signer.length * 8) & 255);
    const curve = [A, B, G.x, G.y, key.x, key.y].map(bytesOf);
    const digest = number(sm3(join(sm3(join(bits, signer, ...curve)), message)));
    const point = add(multiply(s, G), multiply(t, key));
    return point !== null && (digest + point.x) % N === r;
  }

  globalThis.jifenSm2 = { sm3, verify };
})();
