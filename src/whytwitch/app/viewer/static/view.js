// The viewer: what is shown, from where to where, and what keys, mouse and fingers do to it.

import { Tiles, WIDE } from "./tiles.js";
import { LANE, RULER, clock, cursor, marks as drawMarks, names, overview, ruler, scaleBar, tilePicture, windowOn } from "./draw.js";
import { mark, shapeName, theme } from "./marks.js";
import { listen } from "./listen.js";
import { Review } from "./review.js";

const $ = (name) => document.querySelector(name);
const KINDS = ["fasciculation", "voluntary", "train", "fibrillation"];
const GAINS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000, 20000, 50000];
const POINTER = 9, FINGER = 20; // px to either side that a click and a tap mean
const ROW_MOST = 40; // rows of the table that goes with the picture

const signal = $("#signal");
if (signal) start(signal.dataset.recording).catch(() => say("The signal could not be read. Is the program still running?"));

function say(text) {
  const status = $("#status");
  if (status && text) { status.textContent = ""; requestAnimationFrame(() => { status.textContent = text; }); }
}

async function start(address) {
  const response = await fetch(`${address}/data`, { headers: { accept: "application/json" } });
  if (!response.ok) return;
  const data = await response.json();
  $("#viewer").hidden = false;
  new Viewer(address, data).begin();
}

class Viewer {
  constructor(address, data) {
    this.data = data;
    this.rate = data.sampling_rate_hz;
    this.duration = data.duration_s;
    this.t0 = 0;
    this.wanted = data.emg.length ? data.emg.slice() : data.channels.map((_, i) => i);
    this.base = new Float32Array(data.channels.length);
    this.middles = new Float32Array(data.channels.length);
    this.gain = 100; // units of the signal in the space of one channel
    this.rowHeight = "fit";
    this.hidden = new Set();
    this.colors = theme();
    this.frame = $("#frame");
    this.stage = $("#stage");
    this.traces = $("#traces");
    this.marksCanvas = $("#marks");
    this.overviewCanvas = $("#overview");
    this.tiles = new Tiles(address, this.duration, () => this.redraw(), (done) => this.filtering(done));
    this.snapshot = null;
    this.channel = this.wanted[0];
    this.cursorAt = null;
    this.chosen = 0;
    this.shape = null;
    this.review = new Review(address, signal.dataset.query, this, say);
    this.take(data.events);
  }

  async begin() {
    this.stage.setAttribute("aria-busy", "true");
    this.tiles.choose(this.wanted);
    this.measure();
    this.zoomTo(Math.min(this.duration, 10), 0);
    await this.learn();
    this.listChannels();
    this.wire();
    const first = this.events.find((e) => e.status !== "rejected" && e.kind === KINDS[0]);
    const asked = Number(new URLSearchParams(location.search).get("at_s"));
    if (asked > 0) this.center(asked);
    else if (first) this.center(Math.max(first.onset, this.span / 2 - 0.001));
    this.stage.removeAttribute("aria-busy");
    this.changed();
  }

  // --- what is known ----------------------------------------------------------------------------

  take(events) {
    this.events = !events ? [] : events.onset_s.map((onset, i) => ({
      onset, number: events.number[i], unit: events.unit[i], kind: KINDS[events.kind[i]], status: events.status[i],
      amplitude: events.amplitude[i], duration: events.duration_ms[i], confidence: events.confidence[i],
      channel: this.data.emg[events.channel[i]],
    }));
    this.units = events ? events.units : [];
    this.undoable = events ? events.undoable : 0;
    this.redoable = events ? events.redoable : 0;
    this.legend(events ? events.unsorted : 0);
    this.wholeDirty = true;
    this.changed();
  }

  find(number) { return this.events.find((e) => e.number === number); }

  // A first look at the whole: where each channel's middle is, and how large the signal gets.
  async learn() {
    const columns = Math.max(1, Math.min(600, Math.floor((1 << 20) / this.data.channels.length)));
    const every = this.data.channels.map((_, i) => i);
    const { values, rows, columns: n } = await this.tiles.ask(0, this.duration, columns, every);
    const shape = new Float32Array(n);
    every.forEach((c) => {
      const middle = [], wide = [];
      for (let i = 0; i < n; i += 1) {
        const low = values[(c * rows) * n + i], high = values[(c * rows + rows - 1) * n + i];
        if (Number.isNaN(low)) continue;
        middle.push((low + high) / 2);
        wide.push(high - low);
      }
      this.middles[c] = this.base[c] = median(middle);
      const usual = median(wide) || 1;
      if (this.wanted.includes(c)) for (let i = 0; i < n; i += 1) {
        const size = values[(c * rows + rows - 1) * n + i] - values[(c * rows) * n + i];
        if (size > 0) shape[i] = Math.max(shape[i], Math.log2(1 + size / usual));
      }
    });
    const most = Math.max(...shape, 1e-9);
    this.shape = shape.map((v) => v / most);
    await this.fitGain();
    this.wholeDirty = true;
  }

  // So that noise is a band and twitches stand out of it: from how far the signal swings in ten milliseconds.
  async fitGain() {
    const middle = 0.4 * this.duration, span = Math.min(this.duration - middle, 2);
    const { values, rows, columns: n } = await this.tiles.ask(middle, middle + span, Math.max(1, Math.round(span * 100)), this.wanted);
    const swings = this.wanted.map((_, at) => {
      const wide = [];
      for (let i = 0; i < n && rows === 2; i += 1) wide.push(values[(at * 2 + 1) * n + i] - values[at * 2 * n + i]);
      return quantile(wide.filter((v) => v > 0), 0.5);
    });
    const wanted = (this.rowTall < 24 ? 3 : 6) * quantile(swings, 0.5);
    this.gain = GAINS.find((g) => g >= wanted) || GAINS[GAINS.length - 1];
  }

  // --- sizes ------------------------------------------------------------------------------------

  measure() {
    this.dpr = window.devicePixelRatio || 1;
    const box = this.frame.getBoundingClientRect();
    const wide = Math.max(200, this.frame.clientWidth || box.width);
    const tall = Math.round(Math.max(300, Math.min(window.innerHeight * 0.72, 760)));
    const room = tall - LANE - RULER;
    const n = Math.max(1, this.wanted.length);
    this.rowTall = this.rowHeight === "fit" ? Math.max(6, Math.min(90, room / n)) : Number(this.rowHeight);
    const all = this.rowTall * n;
    this.viewTall = Math.round(Math.min(tall, all + LANE + RULER));
    this.frame.style.height = `${this.viewTall}px`;
    this.stage.style.height = `${this.viewTall}px`;
    $("#spacer").style.height = `${Math.max(0, Math.round(all + LANE + RULER - this.viewTall))}px`;
    const scroll = all + LANE + RULER > this.viewTall + 1;
    this.frame.classList.toggle("scrolls", scroll);
    const span = this.span;
    this.width = Math.round((scroll ? this.frame.clientWidth : wide) * this.dpr);
    this.height = Math.round(this.viewTall * this.dpr);
    for (const canvas of [this.traces, this.marksCanvas]) this.size(canvas, this.width, this.height);
    const strip = this.overviewCanvas;
    this.size(strip, Math.round(strip.clientWidth * this.dpr), Math.round(strip.clientHeight * this.dpr));
    if (span) this.step = span / this.width;
    this.wholeDirty = true;
    this.snapshot = null;
  }

  size(canvas, width, height) {
    if (canvas.width !== width) canvas.width = width;
    if (canvas.height !== height) canvas.height = height;
  }

  get span() { return (this.step || 0) * this.width; }
  get t1() { return this.t0 + this.span; }
  x(t) { return (t - this.t0) / this.step; }
  time(x) { return this.t0 + x * this.dpr * this.step; }

  rows() {
    const top = LANE * this.dpr - this.frame.scrollTop * this.dpr;
    const tall = this.rowTall * this.dpr;
    return this.wanted.map((c, i) => ({
      channel: c, at: i, name: this.data.channels[c].name, top: top + i * tall, tall,
      middle: top + (i + 0.5) * tall, base: this.base[c], marked: c === this.channel,
    }));
  }

  rowOf(channel) {
    const i = this.wanted.indexOf(channel);
    if (i < 0) return null;
    const tall = this.rowTall * this.dpr;
    const top = LANE * this.dpr - this.frame.scrollTop * this.dpr + i * tall;
    return top + tall < LANE * this.dpr || top > this.height ? null : { top, tall };
  }

  // --- moving -----------------------------------------------------------------------------------

  zoomTo(span, t0) {
    this.step = this.fitting(span) / this.width;
    this.tiles.drop(this.step);
    this.moveTo(t0);
  }

  fitting(span) { return Math.min(this.duration, Math.max(this.least, span)); }

  moveTo(t0) {
    const most = Math.max(0, this.duration - this.span);
    // Whole device pixels, so that tiles fall on the grid of the screen.
    this.t0 = Math.round(Math.min(most, Math.max(0, t0)) / this.step) * this.step;
    this.changed();
  }

  zoomBy(factor, at = this.t0 + this.span / 2) {
    const share = (at - this.t0) / this.span;
    const span = Math.min(this.duration, this.span * factor);
    this.zoomTo(span, at - share * span);
  }

  center(t) { this.moveTo(t - this.span / 2); }

  louder(by) {
    const i = GAINS.findIndex((g) => g >= this.gain);
    this.gain = GAINS[Math.min(GAINS.length - 1, Math.max(0, i - by))];
    this.snapshot = null;
    say(`${this.scaleText(this.gain)} a channel`);
    this.changed();
  }

  // What is seen, and heard, is filtered; what is searched and saved is not.
  look(band) {
    this.tiles.choose(this.wanted, band);
    this.base = Float32Array.from(this.middles, (middle, c) => (band && this.data.channels[c].kind === "emg" ? 0 : middle));
    this.snapshot = null;
    const named = this.data.bands.find((one) => one.key === band);
    $("#band-said").hidden = !named;
    this.bandSaid = named ? `The picture is filtered: ${named.words}. The search and what is saved use the signal as it was recorded.` : "";
    $("#band-said").textContent = this.bandSaid;
    say(this.bandSaid || "The picture is as recorded.");
    this.changed();
  }

  filtering(done) {
    if (this.bandSaid) $("#band-said").textContent = `${this.bandSaid} Getting it ready: ${Math.round(100 * done)} %.`;
  }

  scaleText(value) {
    const calibrated = this.data.channels[this.wanted[0] ?? 0]?.calibrated;
    if (!calibrated) return `${value}`;
    return value >= 1000 ? `${value / 1000} mV` : `${value} µV`;
  }

  hop(by) {
    const shown = this.events.filter((e) => !this.hidden.has(e.unit));
    if (!shown.length) return say("There are no signals.");
    // With none chosen, the first that is in sight, so that none at the start is passed over.
    const chosen = this.find(this.chosen)?.onset;
    const next = by > 0
      ? shown.find((e) => (chosen === undefined ? e.onset >= this.t0 : e.onset > chosen + 1e-6))
      : [...shown].reverse().find((e) => (chosen === undefined ? e.onset <= this.t1 : e.onset < chosen - 1e-6));
    if (!next) return say(by > 0 ? "That was the last one." : "That was the first one.");
    this.choose(next, this.review.open);
  }

  choose(event, open = true) {
    this.chosen = event.number;
    this.cursorAt = event.onset;
    this.channel = event.channel;
    if (event.onset < this.t0 + 0.08 * this.span || event.onset > this.t1 - 0.08 * this.span) this.center(event.onset);
    say(`Signal at ${clock(event.onset, 0.001)}, ${event.unit ? `unit ${event.unit}, ${shapeName(event.unit)}` : "no unit"}, ${event.status}.`);
    if (open) this.review.show(event.number);
    this.changed();
  }

  // --- drawing ----------------------------------------------------------------------------------

  changed() {
    this.dirty = true;
    this.redraw();
    clearTimeout(this.later);
    this.later = setTimeout(() => this.settle(), 220);
  }

  redraw() {
    if (this.asked) return;
    this.asked = requestAnimationFrame(() => { this.asked = 0; this.paint(); });
  }

  paint() {
    if (!this.step) return;
    const rows = this.rows();
    const whole = this.paintTraces(rows);
    const c = this.marksCanvas.getContext("2d");
    c.clearRect(0, 0, this.width, this.height);
    c.fillStyle = this.colors.card;
    c.fillRect(0, 0, this.width, LANE * this.dpr);
    c.fillRect(0, this.height - RULER * this.dpr, this.width, RULER * this.dpr);
    ruler(c, this, this.colors);
    drawMarks(c, this, this.within(this.t0, this.t1), this.colors);
    if (this.cursorAt !== null) cursor(c, this, this.cursorAt, this.colors);
    names(c, this, rows, this.colors);
    scaleBar(c, this, this.scaleText(this.gain), this.rowTall * this.dpr, this.colors);
    this.paintOverview();
    if (whole) performance.mark("viewer:painted");
    window.dispatchEvent(new CustomEvent("viewer:painted", { detail: { whole } }));
  }

  paintTraces(rows) {
    const c = this.traces.getContext("2d", { alpha: false });
    const { dpr } = this;
    c.fillStyle = this.colors.card;
    c.fillRect(0, 0, this.width, this.height);
    if (this.snapshot) { // what was last there, moved and stretched, until the new is in
      const s = this.snapshot;
      const x = (s.t0 - this.t0) / this.step;
      c.globalAlpha = 0.7;
      c.drawImage(s.canvas, x, 0, s.canvas.width * (s.step / this.step), this.height);
      c.globalAlpha = 1;
    }
    const tall = this.rowTall * dpr;
    const height = this.height - (LANE + RULER) * dpr;
    const look = {
      height, line: Math.max(1, dpr * 0.9), scale: tall / this.gain, reach: height,
      rows: rows.map((row) => ({ ...row, middle: row.middle - LANE * dpr, color: this.tint(row) })),
    };
    const name = [this.gain, this.rowTall, this.frame.scrollTop, height, dpr, this.channel, this.colors.ink].join("|");
    const wide = WIDE * this.step;
    const first = Math.floor(this.t0 / wide + 1e-9), last = Math.floor((this.t1 - this.step / 2) / wide);
    let whole = true;
    for (let k = first; k <= last; k += 1) {
      const tile = this.tiles.get(this.step, k);
      if (!tile) { whole = whole && k * wide >= this.duration; continue; }
      this.picture(tile, k, name, look);
      const x = Math.round((k * wide - this.t0) / this.step), y = Math.round(LANE * dpr);
      c.fillRect(x, y, WIDE, tile.picture.height);
      c.drawImage(tile.picture, x, y);
    }
    if (whole) {
      if (this.bandSaid) $("#band-said").textContent = this.bandSaid;
      this.keep();
      this.ahead(first, last, name, look);
    }
    return whole;
  }

  picture(tile, k, name, look) {
    if (tile.name === name) return false;
    tile.picture = tilePicture(tile, this.step, k * WIDE * this.step, look);
    tile.name = name;
    return true;
  }

  // The page to either side: sent for at once, painted when there is nothing else to do.
  ahead(first, last, name, look) {
    const beside = [];
    for (let i = 1; i <= last - first + 1; i += 1) beside.push(last + i, first - i);
    const { step } = this;
    for (const k of beside) this.tiles.get(step, k);
    if (this.idle) cancelIdle(this.idle);
    const paint = () => {
      const next = beside.find((k) => { const tile = this.tiles.get(step, k); return tile && tile.name !== name; });
      if (next === undefined || step !== this.step) return;
      this.picture(this.tiles.get(step, next), next, name, look);
      this.idle = whenIdle(paint);
    };
    this.idle = whenIdle(paint);
  }

  tint(row) { return row.marked ? this.colors.accent : this.colors.ink; }

  keep() {
    const s = this.snapshot || { canvas: document.createElement("canvas") };
    this.size(s.canvas, this.width, this.height);
    s.canvas.getContext("2d", { alpha: false }).drawImage(this.traces, 0, 0);
    this.snapshot = { ...s, t0: this.t0, step: this.step };
  }

  paintOverview() {
    const strip = this.overviewCanvas;
    const size = { width: strip.width, height: strip.height, dpr: this.dpr };
    if (!size.width) return;
    const whole = { duration: this.duration, quality: this.data.quality, shape: this.shape, events: this.events };
    if (this.wholeDirty) {
      this.wholePicture ||= document.createElement("canvas");
      this.size(this.wholePicture, size.width, size.height);
      overview(this.wholePicture.getContext("2d"), size, whole, this.colors);
      this.wholeDirty = false;
    }
    const c = strip.getContext("2d");
    c.drawImage(this.wholePicture, 0, 0);
    windowOn(c, size, whole, this.t0, this.t1, this.colors);
  }

  // Potentials between two times, and of units that are shown.
  within(a, b) {
    let low = 0, high = this.events.length;
    while (low < high) { const mid = (low + high) >> 1; if (this.events[mid].onset < a) low = mid + 1; else high = mid; }
    const found = [];
    for (let i = low; i < this.events.length && this.events[i].onset <= b; i += 1) if (!this.hidden.has(this.events[i].unit)) found.push(this.events[i]);
    return found;
  }

  // --- words beside the picture -----------------------------------------------------------------

  settle() {
    const here = this.within(this.t0, this.t1);
    const count = here.filter((e) => e.status !== "rejected").length;
    const step = this.span > 20 ? 1 : this.span > 2 ? 0.1 : 0.001;
    const place = `${clock(this.t0, step)} to ${clock(this.t1, step)} of ${clock(this.duration, 1)}`;
    $("#place").textContent = `${place}: ${count} ${count === 1 ? "signal" : "signals"}`;
    $("#span").textContent = this.span >= 120 ? `${+(this.span / 60).toFixed(1)} min` : this.span >= 1 ? `${+this.span.toFixed(1)} s` : `${Math.round(this.span * 1000)} ms`;
    $("#gain").textContent = this.scaleText(this.gain);
    const strip = this.overviewCanvas;
    strip.setAttribute("aria-valuenow", this.t0.toFixed(1));
    strip.setAttribute("aria-valuetext", place);
    if (this.spoken && this.spoken !== place && document.activeElement === this.stage) say(`${place}, ${count} signals`);
    this.spoken = place;
    this.fill(here);
    this.tiles.drop(this.step);
    this.zoomAhead();
  }

  // What one step of zoom, in or out, would show.
  zoomAhead() {
    const middle = this.t0 + this.span / 2;
    for (const factor of [0.5, 2]) {
      const span = Math.min(this.duration, this.span * factor);
      if (span < this.least || span === this.span) continue;
      const step = span / this.width, wide = WIDE * step;
      const from = Math.max(0, middle - span / 2);
      for (let k = Math.floor(from / wide); k * wide < from + span; k += 1) this.tiles.get(step, k);
    }
  }

  get least() { return Math.min(this.duration, Math.max(0.02, 12 / this.rate)); }

  fill(here) {
    const body = $("#rows");
    if (!body) return;
    $("#list-pages").hidden = true;
    $("#list-said").textContent = here.length > ROW_MOST ? `${here.length} in the picture; the first ${ROW_MOST} are here. Zoom in for the rest.` : `${here.length} in the picture.`;
    const kinds = this.review.words.kinds, states = this.review.words.states;
    body.replaceChildren(...here.slice(0, ROW_MOST).map((e) => {
      const row = document.createElement("tr");
      const head = document.createElement("th");
      head.scope = "row";
      const link = document.createElement("a");
      link.href = this.review.address(e.number);
      link.textContent = clock(e.onset, 0.001);
      link.dataset.number = e.number;
      head.append(link);
      row.append(head);
      const channel = this.data.channels[e.channel];
      const size = channel.calibrated ? `${Math.round(e.amplitude)} µV` : "–";
      for (const text of [e.unit || "–", kinds[e.kind] || e.kind, size, `${Math.round(e.duration)} ms`, e.confidence.toFixed(2), channel.name, states[e.status] || e.status]) {
        const cell = document.createElement("td");
        cell.textContent = text;
        row.append(cell);
      }
      return row;
    }));
  }

  legend(unsorted) {
    const place = $("#legend");
    const all = [...this.units, ...(unsorted ? [{ id: 0, n: unsorted }] : [])];
    place.replaceChildren(...all.map((unit) => {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "chip";
      button.setAttribute("aria-pressed", String(!this.hidden.has(unit.id)));
      const glyph = document.createElement("canvas");
      this.glyph(glyph, unit.id);
      const text = document.createElement("span");
      text.textContent = `${unit.id ? `Unit ${unit.id}` : "No unit"} (${unit.n})`;
      button.append(glyph, text);
      button.addEventListener("click", () => {
        if (!this.hidden.delete(unit.id)) this.hidden.add(unit.id);
        button.setAttribute("aria-pressed", String(!this.hidden.has(unit.id)));
        this.changed();
      });
      return button;
    }));
  }

  glyph(canvas, unit) {
    const dpr = window.devicePixelRatio || 1;
    canvas.width = canvas.height = Math.round(16 * dpr);
    canvas.setAttribute("aria-hidden", "true");
    mark(canvas.getContext("2d"), unit, "found", canvas.width / 2, canvas.width / 2, 5 * dpr, this.colors);
  }

  listChannels() {
    const list = $("#channel-list");
    list.append(...this.data.channels.map((channel, i) => {
      const label = document.createElement("label");
      label.className = "choice";
      const box = document.createElement("input");
      box.type = "checkbox";
      box.checked = this.wanted.includes(i);
      box.dataset.channel = i;
      const name = document.createElement("span");
      name.textContent = channel.kind === "emg" ? channel.name : `${channel.name} (${channel.kind})`;
      label.append(box, name);
      return label;
    }));
    const take = () => {
      const text = $("#filter").value.trim().toLowerCase();
      for (const label of list.querySelectorAll("label")) label.hidden = Boolean(text) && !label.textContent.toLowerCase().includes(text);
      const on = [...list.querySelectorAll("label:not([hidden]) input:checked")].map((box) => Number(box.dataset.channel));
      if (!on.length || on.join() === this.wanted.join()) return;
      this.wanted = on;
      if (!on.includes(this.channel)) [this.channel] = on;
      this.tiles.choose(on);
      this.measure();
      this.moveTo(this.t0);
    };
    list.addEventListener("change", take);
    $("#filter").addEventListener("input", take);
  }

  // --- hands ------------------------------------------------------------------------------------

  wire() {
    const does = {
      back: () => this.moveTo(this.t0 - 0.25 * this.span), on: () => this.moveTo(this.t0 + 0.25 * this.span),
      wider: () => this.zoomBy(2), closer: () => this.zoomBy(0.5),
      smaller: () => this.louder(-1), larger: () => this.louder(1),
      last: () => this.hop(-1), next: () => this.hop(1),
      listen: async () => say(await listen(this.tiles, this.channel, this.t0, this.t1, this.rate)),
    };
    $(".tools").addEventListener("click", (event) => does[event.target.closest("[data-do]")?.dataset.do]?.());
    $("#height").addEventListener("change", (event) => { this.rowHeight = event.target.value; this.measure(); this.moveTo(this.t0); });
    this.frame.addEventListener("scroll", () => { this.snapshot = null; this.changed(); }, { passive: true });
    $("#band").append(...this.data.bands.map((band) => new Option(band.words, band.key)));
    $("#band").closest(".group").hidden = !this.data.bands.length;
    $("#band").addEventListener("change", (event) => this.look(event.target.value));
    const fit = () => { this.measure(); this.moveTo(this.t0); };
    let wide = this.frame.parentElement.clientWidth;
    new ResizeObserver(([{ target }]) => {
      if (target.clientWidth === wide) return;
      wide = target.clientWidth;
      fit();
    }).observe(this.frame.parentElement);
    window.addEventListener("resize", fit);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
      this.colors = theme();
      this.snapshot = null;
      this.wholeDirty = true;
      this.legend(this.events.filter((e) => !e.unit && e.status !== "rejected").length);
      this.changed();
    });
    $("#rows")?.addEventListener("click", (event) => {
      const link = event.target.closest("a[data-number]");
      if (!link || event.ctrlKey || event.metaKey) return;
      event.preventDefault();
      const found = this.find(Number(link.dataset.number));
      if (found) this.choose(found);
    });
    this.wireKeys();
    this.wirePointer();
    this.wireStrip();
  }

  wireKeys() {
    const keys = {
      ArrowLeft: (e) => this.moveTo(this.t0 - (e.shiftKey ? 1 : 0.1) * this.span),
      ArrowRight: (e) => this.moveTo(this.t0 + (e.shiftKey ? 1 : 0.1) * this.span),
      ArrowUp: () => this.louder(1), ArrowDown: () => this.louder(-1),
      Home: () => this.moveTo(0), End: () => this.moveTo(this.duration),
      PageUp: () => { this.frame.scrollTop -= 0.8 * this.viewTall; }, PageDown: () => { this.frame.scrollTop += 0.8 * this.viewTall; },
      "+": () => this.zoomBy(0.5), "=": () => this.zoomBy(0.5), "-": () => this.zoomBy(2),
      n: () => this.hop(1), p: () => this.hop(-1),
      a: () => this.decide("accept"), r: () => this.decide("reject"),
      i: () => this.insert(),
      Enter: () => { if (this.chosen) this.review.show(this.chosen, true); },
      Escape: () => this.review.hide(),
    };
    const heard = (event) => {
      if (event.target.closest("input, select, textarea")) return;
      if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "z") {
        event.preventDefault();
        return this.review.do(event.shiftKey ? "redo" : "undo");
      }
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      const inPanel = event.currentTarget.id === "panel";
      if (inPanel && (event.key === "Enter" || event.key.startsWith("Arrow") || event.key.startsWith("Page"))) return;
      const act = /^[1-9]$/.test(event.key) ? () => this.decide("move", { unit: event.key }) : keys[event.key];
      if (!act) return;
      event.preventDefault();
      act(event);
    };
    this.stage.addEventListener("keydown", heard);
    $("#panel").addEventListener("keydown", heard);
  }

  // Nothing is decided about what is out of sight: first it is shown.
  decide(action, fields = {}) {
    const event = this.find(this.chosen);
    if (event && (event.onset < this.t0 || event.onset > this.t1)) {
      this.center(event.onset);
      return say("Here is the chosen signal. Press the key again.");
    }
    return this.review.do(action, this.chosen, fields);
  }

  insert() {
    const at = this.cursorAt ?? this.t0 + this.span / 2;
    return this.review.do("add", 0, { at_s: at.toFixed(5) });
  }

  wirePointer() {
    const fingers = new Map();
    let began = null;
    const place = (event) => event.clientX - this.stage.getBoundingClientRect().left;
    this.stage.addEventListener("pointerdown", (event) => {
      if (event.button) return;
      fingers.set(event.pointerId, place(event));
      // Two fingers are never a tap; what lies between them stays between them.
      began = { x: between(fingers), t0: this.t0, span: this.span, moved: fingers.size > 1, apart: apart(fingers) };
      if (event.pointerType !== "touch") this.stage.setPointerCapture(event.pointerId);
    });
    this.stage.addEventListener("pointermove", (event) => {
      if (!fingers.has(event.pointerId)) return this.hover(event);
      fingers.set(event.pointerId, place(event));
      if (fingers.size === 2 && began.apart) {
        const wide = this.width / this.dpr;
        const span = this.fitting(began.span * (began.apart / Math.max(8, apart(fingers))));
        return this.zoomTo(span, began.t0 + began.span * (began.x / wide) - span * (between(fingers) / wide));
      }
      const dx = place(event) - began.x;
      if (Math.abs(dx) > 4) began.moved = true;
      if (began.moved) this.moveTo(began.t0 - dx * this.dpr * this.step);
    });
    const over = (event) => {
      if (!fingers.delete(event.pointerId)) return;
      if (event.type === "pointerup" && began && !began.moved) this.click(place(event), event.clientY, event.pointerType === "touch" ? FINGER : POINTER);
      if (fingers.size) began = { x: [...fingers.values()][0], t0: this.t0, span: this.span, moved: true, apart: 0 };
    };
    this.stage.addEventListener("pointerup", over);
    this.stage.addEventListener("pointercancel", over);
    this.stage.addEventListener("pointerleave", () => { $("#tip").hidden = true; });
    this.stage.addEventListener("wheel", (event) => {
      if (event.altKey) return;
      event.preventDefault();
      if (event.ctrlKey || event.metaKey) return this.zoomBy(Math.exp(Math.sign(event.deltaY) * Math.min(0.4, Math.abs(event.deltaY) * 0.004)), this.time(place(event)));
      const by = Math.abs(event.deltaX) > Math.abs(event.deltaY) ? event.deltaX : event.deltaY;
      this.moveTo(this.t0 + by * (event.deltaMode ? 24 : 1) * this.dpr * this.step);
    }, { passive: false });
    this.stage.addEventListener("dblclick", (event) => this.zoomBy(0.25, this.time(place(event))));
  }

  // What is under the pointer: the nearest mark within its width, rather on the row that is pointed at.
  nearest(x, y, wide = POINTER) {
    const reach = wide * this.dpr * this.step, t = this.time(x);
    const channel = this.channelAt(y);
    const near = this.within(t - reach, t + reach);
    near.sort((a, b) => Math.abs(a.onset - t) - Math.abs(b.onset - t) || (a.channel === channel ? -1 : 1));
    return near[0];
  }

  channelAt(clientY) {
    const y = clientY - this.stage.getBoundingClientRect().top - LANE + this.frame.scrollTop;
    return this.wanted[Math.floor(y / this.rowTall)];
  }

  click(x, y, wide) {
    const found = this.nearest(x, y, wide);
    if (found) return this.choose(found);
    this.chosen = 0;
    this.cursorAt = this.time(x);
    this.channel = this.channelAt(y) ?? this.channel;
    this.review.atCursor(this.cursorAt, this.data.channels[this.channel].name);
    this.changed();
  }

  hover(event) {
    const tip = $("#tip");
    const box = this.stage.getBoundingClientRect();
    const x = event.clientX - box.left;
    const found = this.nearest(x, event.clientY);
    tip.hidden = !found;
    if (!found) return;
    const channel = this.data.channels[found.channel];
    tip.textContent = `${clock(found.onset, 0.001)} · ${found.unit ? `unit ${found.unit}` : "no unit"} · ${channel.calibrated ? `${Math.round(found.amplitude)} µV · ` : ""}${channel.name}${found.status === "found" ? "" : ` · ${this.review.words.states[found.status] || found.status}`}`;
    const left = Math.min(this.width / this.dpr - tip.offsetWidth - 4, Math.max(4, x + 12));
    tip.style.transform = `translate(${Math.round(left)}px, ${Math.round(Math.max(LANE + 4, event.clientY - box.top - 34))}px)`;
  }

  wireStrip() {
    const strip = this.overviewCanvas;
    const go = (event) => {
      const box = strip.getBoundingClientRect();
      this.center(((event.clientX - box.left) / box.width) * this.duration);
    };
    strip.addEventListener("pointerdown", (event) => { strip.setPointerCapture(event.pointerId); go(event); });
    strip.addEventListener("pointermove", (event) => { if (strip.hasPointerCapture(event.pointerId)) go(event); });
    strip.addEventListener("keydown", (event) => {
      const by = { ArrowLeft: -0.5, ArrowDown: -0.5, ArrowRight: 0.5, ArrowUp: 0.5, PageUp: 5, PageDown: -5 }[event.key];
      const to = { Home: 0, End: this.duration }[event.key];
      if (by === undefined && to === undefined) return;
      event.preventDefault();
      this.moveTo(to ?? this.t0 + by * this.span);
    });
  }
}

const whenIdle = window.requestIdleCallback?.bind(window) || ((f) => setTimeout(f, 30));
const cancelIdle = window.cancelIdleCallback?.bind(window) || clearTimeout;

function apart(fingers) {
  const [a, b] = [...fingers.values()];
  return b === undefined ? 0 : Math.abs(a - b);
}

function between(fingers) {
  return [...fingers.values()].reduce((a, b) => a + b) / fingers.size;
}

function quantile(values, q) {
  if (!values.length) return 1;
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))];
}

const median = (values) => (values.length ? quantile(values, 0.5) : 0);
