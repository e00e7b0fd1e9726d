// Sliders: only the newest state is asked for, the number and the curves side by side. While a hand moves on,
// answers follow it, pale: each belongs to where the hand was a moment ago. The last one is the one that stays.

const form = document.querySelector("#movers");
const base = form.dataset.base;
const status = document.querySelector("#status");
const trouble = document.querySelector("#trouble");
const page = Math.random().toString(36).slice(2, 12);
let asked = 0;

// Where nothing is known of a value, its start is "", as the field has it then.
const movers = [...form.querySelectorAll(".mover")].map((part) => ({
  part, start: part.dataset.start, range: part.querySelector("input[type=range]"), field: part.querySelector("input[type=number]"),
}));
for (const { range, field } of movers) {
  range.hidden = false;
  range.addEventListener("input", () => { field.value = shown(range); ask(); });
  field.addEventListener("input", () => {
    if (field.value === "" || !field.checkValidity()) { if (field.value === "") ask(); return; }
    range.value = field.value;
    ask();
  });
}
form.querySelector("#ask").hidden = true;
form.addEventListener("submit", (event) => { event.preventDefault(); ask(); });
form.addEventListener("change", (event) => { if (event.target.type === "checkbox") ask(); });
form.querySelector("#reset").addEventListener("click", (event) => {
  event.preventDefault();
  for (const { start, range, field } of movers) {
    range.value = start || 0;
    // Not what the slider makes of it, which knows its own steps only.
    field.value = start;
  }
  for (const box of form.querySelectorAll("input[type=checkbox]")) box.checked = true;
  ask();
});

function shown(range) {
  const places = (String(Number(range.step)).split(".")[1] || "").length;
  return Number(range.value).toFixed(places);
}

function state() {
  return new URLSearchParams([...new FormData(form)].filter(([, value]) => value !== "")).toString();
}

// One question of a kind at a time; while it is under way, only the newest state waits.
function line(kind, take) {
  let busy = false, next = null;
  async function go(query) {
    if (busy) { next = query; return; }
    busy = true;
    try {
      const response = await fetch(`${base}/${kind}?${query}&page=${page}&n=${asked += 1}`, { headers: { accept: "application/json" } });
      if (response.status !== 204) {
        const body = await response.json(), isNow = query === state();
        if (response.ok || isNow) take(body, response.ok, isNow, query);
      }
    } catch { if (query === state()) tell("The program does not answer. Is it still running?"); }
    busy = false;
    if (next !== null) { const then = next; next = null; go(then); }
  }
  return go;
}

function tell(text) { trouble.textContent = text; }

let spoken;
const number = line("rate", (body, ok, isNow, query) => {
  tell(ok ? "" : body.detail);
  if (!ok) { pale("#number", false); return; }
  document.querySelector("#number").outerHTML = body.html;
  pale("#number", isNow);
  const short = document.querySelector("#short");
  short.textContent = body.short;
  short.hidden = false;
  document.querySelector("#emg-told").textContent = body.emg.told;
  document.dispatchEvent(new CustomEvent("nerve:rate", { detail: body.emg }));
  clearTimeout(spoken);
  if (!isNow) return;
  spoken = setTimeout(() => { status.textContent = document.querySelector("#number").dataset.announce; }, 700);
  history.replaceState(null, "", `${base}?${query}`);
});

const curves = line("curves", (body, ok, isNow) => {
  if (!ok) return;
  for (const [kind, lines] of [["now", body.lines], ["was", body.today]]) {
    for (const [id, d] of Object.entries(lines)) document.querySelector(`[data-${kind}="${id}"]`).setAttribute("d", d);
  }
  document.querySelector("#tested").textContent = body.words;
  pale("#test", isNow);
  performance.mark("nerve:curves");
});

function pale(part, isNow) { document.querySelector(part).classList.toggle("waiting", !isNow); }

function ask() {
  for (const { part, start, field } of movers) {
    part.classList.toggle("moved", field.value !== "" && (start === "" || Number(field.value) !== Number(start)));
  }
  for (const part of ["#number", "#test"]) pale(part, false);
  const query = state();
  number(query);
  curves(query);
}

async function warm() {
  for (;;) {
    const { ready, error } = await (await fetch("/simulator/ready")).json();
    if (error) { tell(error); return; }
    if (ready) break;
  }
  // The whole page, now with everything that it says; what was moved meanwhile goes along.
  location.replace(`${base}?${state()}`);
}

if (document.querySelector("#warming")) warm();
