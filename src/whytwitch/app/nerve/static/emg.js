// A synthetic needle recording that scrolls: discharges come by chance at the rate that the page was told.

const section = document.querySelector(".emg");
const canvas = section.querySelector("canvas");
const pen = canvas.getContext("2d");
const WINDOW_S = 4, NOISE_UV = 6, TRAIN_HZ = 18, SPEED_STEPS = 4;
let perMin = Number(section.dataset.perMin), manner = section.dataset.manner;
let shapes = [], rate = 10000, reach = 100, weights = [], total = 1;
let now = 0, nextAt = 0, drawnTo = 0, live = [], running = false, last = null;
let audio = null, sounds = [];

const pick = () => { let x = Math.random() * total; let k = 0; while (k < weights.length - 1 && (x -= weights[k]) > 0) k += 1; return k; };
const gap = () => {
  if (manner === "fires") return (1 + 0.15 * (Math.random() - 0.5)) / TRAIN_HZ;
  return perMin > 0 ? -Math.log(1 - Math.random()) * 60 / perMin : Infinity;
};
const gauss = () => (Math.random() + Math.random() + Math.random() + Math.random() - 2) * 1.7;

function fit() {
  const scale = window.devicePixelRatio || 1;
  const width = Math.max(1, Math.round(canvas.clientWidth * scale)), height = Math.round(canvas.clientHeight * scale);
  if (canvas.width === width && canvas.height === height) return;
  canvas.width = width;
  canvas.height = height;
  fill();
}

function color(name) { return getComputedStyle(document.documentElement).getPropertyValue(name).trim(); }

// Least and greatest of the signal within a span of time.
function span(from, to) {
  let low = Infinity, high = -Infinity;
  const steps = Math.max(SPEED_STEPS, Math.round((to - from) * rate / 4));
  for (let i = 0; i < steps; i += 1) {
    const t = from + (to - from) * i / steps;
    let value = NOISE_UV * gauss();
    for (const one of live) {
      const k = Math.floor((t - one.at) * rate);
      if (k >= 0 && k < shapes[one.unit].length) value += shapes[one.unit][k];
    }
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return [low, high];
}

function column(x, from, to) {
  while (nextAt < to) {
    const unit = manner === "fires" ? 0 : pick();
    live.push({ at: nextAt, unit });
    if (audio && running) play(unit);
    nextAt += gap();
  }
  live = live.filter((one) => one.at + shapes[one.unit].length / rate > from);
  const [low, high] = span(from, to);
  const half = canvas.height / 2;
  pen.fillRect(x, half - high / reach * half * 0.92, 1, Math.max(1.4, (high - low) / reach * half * 0.92));
}

function paint(until) {
  const perSecond = canvas.width / WINDOW_S;
  const columns = Math.min(canvas.width, Math.floor((until - drawnTo) * perSecond));
  if (columns < 1) return;
  pen.globalCompositeOperation = "copy";
  pen.drawImage(canvas, -columns, 0);
  pen.globalCompositeOperation = "source-over";
  pen.clearRect(canvas.width - columns, 0, columns, canvas.height);
  pen.fillStyle = color("--accent");
  for (let k = 0; k < columns; k += 1) {
    const from = drawnTo + k / perSecond;
    column(canvas.width - columns + k, from, from + 1 / perSecond);
  }
  drawnTo += columns / perSecond;
}

function fill() {
  if (!shapes.length) return;
  pen.clearRect(0, 0, canvas.width, canvas.height);
  live = [];
  drawnTo = now - WINDOW_S;
  nextAt = drawnTo + (manner === "fires" ? 0 : gap());
  paint(now);
}

function frame(stamp) {
  if (!running) return;
  if (last !== null) now += Math.min(0.1, (stamp - last) / 1000);
  last = stamp;
  fit();
  paint(now);
  requestAnimationFrame(frame);
}

function run(on) {
  running = on;
  last = null;
  const button = section.querySelector("[data-run]");
  button.textContent = on ? "Pause" : "Play";
  button.setAttribute("aria-pressed", String(on));
  if (on) requestAnimationFrame(frame);
}

function play(unit) {
  const source = audio.createBufferSource();
  source.buffer = sounds[unit];
  source.connect(audio.destination);
  source.start();
}

function listen() {
  const button = section.querySelector("[data-listen]");
  if (audio) {
    audio.close();
    audio = null;
  } else {
    audio = new AudioContext();
    sounds = shapes.map((shape) => {
      const buffer = audio.createBuffer(1, shape.length, rate);
      buffer.getChannelData(0).set(shape.map((uv) => 0.8 * uv / reach));
      return buffer;
    });
    if (!running) run(true);
  }
  button.setAttribute("aria-pressed", String(audio !== null));
  button.textContent = audio ? "Silent" : "Listen";
}

document.addEventListener("nerve:rate", ({ detail }) => {
  perMin = detail.per_min;
  manner = detail.manner;
  nextAt = drawnTo + gap();
  if (!running) fill();
});

async function begin() {
  const known = await (await fetch(section.dataset.units)).json();
  shapes = known.units;
  rate = known.rate_hz;
  reach = Math.max(...shapes.flat().map(Math.abs)) * 1.05;
  weights = shapes.map(() => 1);
  total = weights.length;
  section.querySelector(".actions").hidden = false;
  section.querySelector("[data-run]").addEventListener("click", () => run(!running));
  section.querySelector("[data-listen]").addEventListener("click", listen);
  fit();
  fill();
  run(!matchMedia("(prefers-reduced-motion: reduce)").matches);
}

new ResizeObserver(fit).observe(canvas);
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", fill);
begin();
