// Sliders: only the newest state is asked for, the number and the curves side by side. Answers carry the
// state they belong to, and one that is no longer wanted is dropped.

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
    field.value = start && shown(range);
  }
  for (const box of form.querySelectorAll("input[type=checkbox]")) box.checked = true;
  ask();
});

function shown(range) {
  const places = (range.step.split(".")[1] || "").length;
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
        const body = await response.json();
        if (query === state()) take(body, response.ok, query);
      }
    } catch { if (query === state()) tell("The program does not answer. Is it still running?"); }
    busy = false;
    if (next !== null) { const then = next; next = null; go(then); }
  }
  return go;
}

function tell(text) { trouble.textContent = text; }

let spoken;
const number = line("rate", (body, ok, query) => {
  tell(ok ? "" : body.detail);
  const place = document.querySelector("#number");
  place.classList.toggle("waiting", !ok);
  if (!ok) return;
  place.outerHTML = body.html;
  const short = document.querySelector("#short");
  short.textContent = body.short;
  short.hidden = false;
  document.querySelector("#emg-told").textContent = body.emg.told;
  document.dispatchEvent(new CustomEvent("nerve:rate", { detail: body.emg }));
  clearTimeout(spoken);
  spoken = setTimeout(() => { status.textContent = document.querySelector("#number").dataset.announce; }, 700);
  history.replaceState(null, "", `${base}?${query}`);
});

const curves = line("curves", (body, ok) => {
  if (!ok) return;
  for (const [kind, lines] of [["now", body.lines], ["was", body.today]]) {
    for (const [id, d] of Object.entries(lines)) document.querySelector(`[data-${kind}="${id}"]`).setAttribute("d", d);
  }
  document.querySelector("#tested").textContent = body.words;
  performance.mark("nerve:curves");
});

function ask() {
  for (const { part, start, range, field } of movers) {
    const moved = start === "" ? field.value !== "" : Math.abs(range.value - start) > range.step / 2;
    part.classList.toggle("moved", moved);
  }
  document.querySelector("#number").classList.add("waiting");
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
