// The impulse along the drawn motor unit, the dose slider, and parts of the page that are still being made.

const status = document.querySelector("#status");
const NS = "http://www.w3.org/2000/svg";

const mover = document.querySelector("#chooser .mover");
if (mover) {
  const [range, field] = [mover.querySelector("input[type=range]"), mover.querySelector("input[type=number]")];
  range.hidden = false;
  range.addEventListener("input", () => { field.value = Number(Number(range.value).toPrecision(4)); });
  range.addEventListener("change", () => range.form.requestSubmit());
  field.addEventListener("input", () => { range.value = field.value; });
  document.querySelector("#scenario").addEventListener("change", (event) => { field.value = ""; event.target.form.requestSubmit(); });
}

// --- what is still being made -------------------------------------------------------------------------

async function refresh() {
  const working = document.querySelector("#working");
  const parts = [...document.querySelectorAll("[data-busy]")].map((part) => part.id);
  if (!working && !parts.length) return;
  const html = await (await fetch(location.href, { headers: { accept: "text/html" } })).text();
  const page = new DOMParser().parseFromString(html, "text/html");
  if (working) {
    if (!page.querySelector("#working")) { location.reload(); return; }
  } else {
    for (const id of ["sound", "downloads"]) {
      const next = page.querySelector(`#${id}`), now = document.querySelector(`#${id}`);
      if (next && now && (parts.includes(id) || next.hasAttribute("data-busy")) && !now.contains(document.activeElement)) now.replaceWith(document.adoptNode(next));
    }
    if (!document.querySelector("[data-busy]")) status.textContent = "Ready.";
  }
  setTimeout(refresh, 700);
}
setTimeout(refresh, 400);

// --- the impulse --------------------------------------------------------------------------------------

const stage = document.querySelector(".stage");
if (stage) player(stage);

function player(stage) {
  const drawing = stage.querySelector("svg");
  const bar = document.querySelector(".player");
  const where = bar.querySelector("#where");
  const button = bar.querySelector("[data-play]");
  const calm = matchMedia("(prefers-reduced-motion: reduce)");
  const PATHS = {
    soma: [["M100 100H132"]],
    axon: [["M132 104H430"]],
    terminal: [["M430 104q26-2 42-36t36-34"], ["M430 104H508"], ["M430 104q26 2 42 36t36 34"]],
    junction: [["M508 34H530"], ["M508 104H530"], ["M508 174H530"]],
    fiber: [["M530 35H708"], ["M530 105H708"], ["M530 175H708"]],
  };
  const NAMES = { soma: "Cell body", axon: "Nerve fiber", terminal: "Its ends", junction: "Junction", fiber: "Muscle fiber" };
  const order = Object.keys(PATHS);
  const first = Math.max(0, order.indexOf(stage.dataset.origin));
  const last = stage.dataset.end ? order.indexOf(stage.dataset.end) : order.length - 1;
  const stops = order.slice(first, Math.max(first, last) + 1);
  const lengths = stops.map((stop) => Number(stage.dataset.slowed) * Number(stage.dataset[stop] || 2));
  const tracks = Object.fromEntries(stops.map((stop) => [stop, PATHS[stop].map(([d]) => {
    const path = document.createElementNS(NS, "path");
    path.setAttribute("d", d);
    return path;
  })]));
  const layer = drawing.appendChild(document.createElementNS(NS, "g"));
  const dots = [0, 1, 2].map(() => {
    const dot = layer.appendChild(document.createElementNS(NS, "circle"));
    dot.setAttribute("class", "impulse");
    dot.setAttribute("r", "9");
    return dot;
  });
  let at = 0, part = 0, running = false, before = null;
  bar.hidden = false;
  show(0, 0);

  function show(index, share) {
    const stop = stops[index];
    const ends = stage.dataset.end === stop;
    const reach = ends ? Math.min(share, 0.5) : share;
    dots.forEach((dot, k) => {
      const track = tracks[stop][k];
      dot.setAttribute("visibility", track ? "visible" : "hidden");
      if (!track) return;
      const point = track.getPointAtLength(track.getTotalLength() * reach);
      dot.setAttribute("cx", point.x);
      dot.setAttribute("cy", point.y);
      dot.setAttribute("class", ends && share >= 0.5 ? "impulse ended" : "impulse");
    });
    for (const item of document.querySelectorAll(".stops > li")) {
      const here = item.dataset.place === stop || (stop === "soma" && item.dataset.place === "units");
      item.classList.toggle("here", here);
      if (here) item.setAttribute("aria-current", "step"); else item.removeAttribute("aria-current");
    }
    const text = `${index + 1} of ${stops.length}: ${NAMES[stop]}${ends ? ", where it ends" : ""}`;
    if (where.textContent !== text) where.textContent = text;
  }

  function frame(now) {
    if (!running) return;
    part += before === null ? 0 : (now - before) / lengths[at];
    before = now;
    if (part >= 1) {
      if (at === stops.length - 1) { part = 1; show(at, 1); stop(); return; }
      at += 1;
      part = 0;
    }
    show(at, part);
    requestAnimationFrame(frame);
  }

  function stop() {
    running = false;
    before = null;
    button.textContent = "Play";
  }

  function step(by) {
    stop();
    at = Math.min(stops.length - 1, Math.max(0, at + by));
    part = 0.5;
    show(at, part);
  }

  button.addEventListener("click", () => {
    if (calm.matches) { step(at === stops.length - 1 ? -at : 1); return; }
    if (running) { stop(); return; }
    if (at === stops.length - 1 && part >= 1) { at = 0; part = 0; }
    running = true;
    button.textContent = "Pause";
    requestAnimationFrame(frame);
  });
  for (const other of bar.querySelectorAll("[data-step]")) other.addEventListener("click", () => step(Number(other.dataset.step)));
}
