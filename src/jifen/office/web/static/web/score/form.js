// The form of the self-assessment → answers as `policy.score` takes them. The same reading as the
// server's (jifen/office/web/public/answers.py): an empty field is not known, "null" does not apply, dates
// are "none" or "some" with rows, and a row of insurance counts once both its months are typed.

const SPELL = ["from", "to", "base", "status", "schemes"];

export function answersOf(form, policy) {
  const data = new FormData(form);
  const answers = {};
  for (const [name, text] of data) {
    const fact = policy.factOf(name);
    if (fact && !fact.record) answers[name] = text; // of two fields of one name the last counts
  }
  for (const id of data.getAll("na")) if (policy.factOf(id)) answers[id] = "null";
  for (const [id, text] of Object.entries(answers)) {
    const value = valueOf(policy.factOf(id), text, data.getAll(`row.${id}`));
    if (value === undefined) delete answers[id];
    else answers[id] = value;
  }
  const spells = data.get("insurance_as") === "spells" ? spellsOf(data) : [];
  if (spells.length) answers.contributions = spells;
  // what a loaded file held beside the questions of the form: only the server reads it
  if ((data.get("other") || "").trim()) answers.other = data.get("other");
  return answers;
}

function valueOf(fact, text, rows) {
  if (text === "") return undefined;
  if (text === "null") return null;
  if (fact.type !== "dates") return text;
  if (text === "none") return [];
  if (text !== "some") return text;
  const days = rows.filter((row) => row.trim());
  return days.length ? days : undefined;
}

function spellsOf(data) {
  const columns = SPELL.map((key) => data.getAll(`spell.${key}`));
  const rows = columns[0].map((_, at) => Object.fromEntries(SPELL.map((key, column) => [key, columns[column][at]])));
  return rows.filter(({ from, to }) => from && from.trim() && to && to.trim());
}
