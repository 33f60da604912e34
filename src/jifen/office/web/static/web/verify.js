// Checks the text of a notice's square code without the network: the signature against the keys
// that came with this page, the last day, and the dated list of what was revoked.
(function () {
  "use strict";

  const byId = (id) => document.getElementById(id);
  const inside = JSON.parse(byId("inside").textContent);
  const say = (zh, en) => (inside.lang === "en" ? en : zh);

  function bytes(text) {
    const plain = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
    return Uint8Array.from(plain, (c) => c.charCodeAt(0));
  }
  const json = (text) => JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes(text)));

  // What a JWS says; `genuine` is null where its key is not on the list.
  async function read(text) {
    const parts = text.split(".");
    if (parts.length !== 3) throw new Error("no statement");
    const header = json(parts[0]);
    const claims = json(parts[1]);
    const found = inside.keys.keys.find((key) => key.kid === header.kid);
    const suite = { ES256: "P-256", SGD_SM3_SM2: "SM2" }[header.alg];
    if (!suite || header.crit) return { header, claims, genuine: false };
    if (!found) return { header, claims, genuine: null };
    if (found.crv !== suite) return { header, claims, genuine: false };
    if (suite === "SM2") {
      const signed = new TextEncoder().encode(`${parts[0]}.${parts[1]}`);
      const [x, y] = [bytes(found.x), bytes(found.y)];
      return { header, claims, genuine: jifenSm2.verify(x, y, signed, bytes(parts[2])) };
    }
    const kind = { name: "ECDSA", namedCurve: "P-256" };
    const bare = { kty: found.kty, crv: found.crv, x: found.x, y: found.y };
    const key = await crypto.subtle.importKey("jwk", bare, kind, false, ["verify"]);
    const how = { name: "ECDSA", hash: "SHA-256" };
    const message = new TextEncoder().encode(`${parts[0]}.${parts[1]}`);
    return { header, claims, genuine: await crypto.subtle.verify(how, key, bytes(parts[2]), message) };
  }

  // The list of what was revoked: one bit for each notice, the lowest first.
  async function revoked() {
    const found = await read(inside.revoked.trim());
    if (found.genuine !== true || found.header.typ !== "statuslist+jwt") return null;
    const packed = new Blob([bytes(found.claims.status_list.lst)]).stream();
    const plain = packed.pipeThrough(new DecompressionStream("deflate"));
    const bits = new Uint8Array(await new Response(plain).arrayBuffer());
    const [at, ttl] = [found.claims.iat * 1000, (found.claims.ttl || 0) * 1000];
    // a clock that is far behind would hold any list for young
    const young = at - 600000 <= Date.now() && Date.now() <= at + ttl;
    return { at: new Date(at), young, many: found.claims.many, bits };
  }

  function today() {
    const parts = new Intl.DateTimeFormat("sv-SE", { timeZone: "Asia/Shanghai" }).format(new Date());
    return parts.slice(0, 10);
  }

  async function check(text) {
    const found = await read(text.trim().split("#").pop());
    if (found.genuine === null) return { state: "unknown_key" };
    if (!found.genuine) return { state: "forged" };
    const said = found.claims;
    if (found.header.typ === "jifen-list+jwt") return { state: "list" };
    if (said.v !== 1) return { state: "other" };
    const list = await revoked();
    const known = list && said.idx < list.many;
    const at = known ? list.at : null;
    if (known && (list.bits[said.idx >> 3] >> (said.idx & 7)) & 1) return { state: "revoked", said, at };
    if (said.from && today() < said.from) return { state: "not_yet", said, at };
    if (said.to && said.to < today()) return { state: "expired", said, at };
    return { state: list && list.young ? "valid" : "unchecked", said, at };
  }

  const STATES = {
    valid: say("签名真实，在有效期内", "Genuine and within its time"),
    unchecked: say(
      "签名真实，在有效期内，但本页的作废清单已过时，没有核对是否作废：请重新下载本页，或上网查验",
      "Genuine and within its time, but this page's list of revocations is too old to tell whether it was revoked: download the page again, or check online"
    ),
    not_yet: say("签名真实，但有效期尚未开始", "Genuine, but not valid yet"),
    expired: say("签名真实，但已过期", "Genuine, but expired"),
    revoked: say("已作废", "Revoked"),
    forged: say("签名不对：不要采信", "The signature is wrong: do not rely on it"),
    unknown_key: say(
      "签名的公钥不在本页中：请下载新的离线查验页，或上网查验",
      "Signed with a key that this page does not have: download a newer page, or check online"
    ),
    list: say(
      "签名真实，但这是名单的签名，不是通知书的：请用 jifen verify 和名单文件核对",
      "Genuine, but the signature of a list and not of a notice: check it with jifen verify and the file of the list"
    ),
    other: say(
      "签名真实，但不是这个页面认识的通知书：请下载新的离线查验页，或上网查验",
      "Genuine, but no notice that this page knows: download a newer page, or check online"
    ),
    unreadable: say(
      "这不是通知书二维码的内容：请重新扫描，把全部文字粘贴到这里",
      "This is not what a notice's square code says: scan it again and paste the whole text"
    ),
  };
  const KINDS = inside.kinds;
  const RESULTS = {
    reached: (line) => say(`达到标准分值 ${line} 分`, `the line of ${line} is reached`),
    below: (line) => say(`未达到标准分值 ${line} 分`, `below the line of ${line}`),
    refused: () => say("不符合申请条件", "a condition is not met"),
    vetoed: () => say("不予积分", "no points are given"),
  };

  function row(list, label, value) {
    if (!value) return;
    const line = document.createElement("div");
    for (const [tag, words] of [["dt", label], ["dd", value]]) {
      const part = document.createElement(tag);
      part.textContent = words;
      line.append(part);
    }
    list.append(line);
  }

  function show(found) {
    const out = byId("result");
    out.replaceChildren();
    const state = document.createElement("p");
    state.className = `state ${found.state}`;
    state.textContent = STATES[found.state];
    out.append(state);
    if (!found.said) return;
    const said = found.said;
    const list = document.createElement("dl");
    row(list, say("文书", "Paper"), KINDS[said.kind] || said.kind);
    row(list, say("编号", "Number"), said.no);
    row(list, say("持有人", "Holder"), said.name);
    row(list, say("结果", "Result"), RESULTS[said.result] ? RESULTS[said.result](said.line) : "");
    row(list, say("有效期自", "Valid from"), said.from);
    row(list, say("有效期至", "Valid until"), said.to || say("未载明", "not stated"));
    row(list, say("签发部门", "Office"), said.office);
    row(list, say("签发日期", "Issued on"), said.on);
    row(
      list,
      say("作废清单", "Revocations"),
      found.at
        ? say(`查到 ${found.at.toLocaleString()} 为止`, `known up to ${found.at.toLocaleString()}`)
        : say("没有核对：文书比清单新，请上网查验", "not checked: the paper is newer than the list; check online")
    );
    out.append(list);
  }

  byId("check").addEventListener("submit", async function (event) {
    event.preventDefault();
    try {
      show(await check(byId("text").value));
    } catch {
      show({ state: "unreadable" });
    }
  });
})();
