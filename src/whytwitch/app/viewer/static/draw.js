// Painting: the traces of one tile, the ruler, the marks, and the strip that shows the whole recording.

import { colorOf, mark } from "./marks.js";
import { WIDE } from "./tiles.js";

export const LANE = 26; // CSS pixels above the traces, for marks
export const RULER = 22; // and below them, for time

// One tile as a picture; columns are device pixels, so nothing is ever scaled.
export function tilePicture(tile, step, start, look) {
  const { data } = tile;
  const picture = document.createElement("canvas");
  picture.width = WIDE;
  picture.height = Math.max(1, Math.round(look.height));
  const c = picture.getContext("2d");
  c.lineWidth = look.line;
  c.lineJoin = "round";
  look.rows.forEach((row) => {
    const { at, middle, base } = row;
    if (middle < -look.reach || middle > look.height + look.reach) return;
    const y = (value) => middle - (value - base) * look.scale;
    c.strokeStyle = row.color;
    c.beginPath();
    if (data.rows === 2) envelope(c, data, at, y, look.height);
    else samples(c, data, at, y, step, start, look.line);
    c.stroke();
  });
  return picture;
}

function envelope(c, data, channel, y, height) {
  const { values, columns } = data;
  const low = channel * 2 * columns;
  const high = low + columns;
  let pen = false;
  for (let x = 0; x < columns; x += 1) {
    const bottom = values[low + x];
    if (Number.isNaN(bottom)) { pen = false; continue; }
    let y0 = y(bottom), y1 = y(values[high + x]);
    if (y0 - y1 < 1) { const m = (y0 + y1) / 2; y0 = m + 0.5; y1 = m - 0.5; }
    y0 = Math.min(y0, height + 9); y1 = Math.max(y1, -9);
    if (pen) c.lineTo(x + 0.5, y0); else c.moveTo(x + 0.5, y0);
    c.lineTo(x + 0.5, y1);
    pen = true;
  }
}

function samples(c, data, channel, y, step, start, dot) {
  const { values, columns, first } = data;
  const from = channel * columns;
  const apart = data.step / step;
  let pen = false;
  for (let i = 0; i < columns; i += 1) {
    const value = values[from + i];
    if (Number.isNaN(value)) { pen = false; continue; }
    const x = (first + i * data.step - start) / step;
    if (pen) c.lineTo(x, y(value)); else c.moveTo(x, y(value));
    pen = true;
  }
  if (apart < 8) return;
  for (let i = 0; i < columns; i += 1) { // far apart: each sample is a point of its own
    const x = (first + i * data.step - start) / step;
    c.rect(x - dot / 2, y(values[from + i]) - dot / 2, dot, dot);
  }
}

// --- the ruler ---------------------------------------------------------------------------------

const STEPS = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200];

export function clock(seconds, step = 1) {
  const digits = step >= 1 ? 0 : step >= 0.1 ? 1 : step >= 0.01 ? 2 : 3;
  const whole = Math.round(seconds * 10 ** digits) / 10 ** digits;
  const minutes = Math.floor(whole / 60 + 1e-9);
  const rest = (whole - 60 * minutes).toFixed(digits).padStart(digits ? digits + 3 : 2, "0");
  const hours = Math.floor(minutes / 60);
  return hours ? `${hours}:${String(minutes % 60).padStart(2, "0")}:${rest}` : `${minutes}:${rest}`;
}

export function ticks(t0, t1, room) {
  const step = STEPS.find((s) => (t1 - t0) / s <= room) || Math.ceil((t1 - t0) / room / 3600) * 3600;
  const found = [];
  for (let i = Math.ceil(t0 / step - 1e-9); i * step <= t1; i += 1) found.push(i * step);
  return { step, at: found };
}

export function ruler(c, view, colors) {
  const { dpr, width, height } = view;
  const top = height - RULER * dpr;
  const { step, at } = ticks(view.t0, view.t1, Math.max(2, width / dpr / 90));
  c.strokeStyle = colors.line;
  c.lineWidth = dpr;
  c.beginPath();
  for (const t of at) {
    const x = Math.round(view.x(t)) + 0.5;
    c.moveTo(x, LANE * dpr);
    c.lineTo(x, top + 5 * dpr);
  }
  c.stroke();
  c.fillStyle = colors.muted;
  c.font = `${12 * dpr}px ${colors.font}`;
  c.textBaseline = "middle";
  c.textAlign = "center";
  for (const t of at) {
    const x = view.x(t);
    if (x > 22 * dpr && x < width - 40 * dpr) c.fillText(clock(t, step), x, top + 13 * dpr);
  }
  c.textAlign = "right";
  c.fillText(step >= 60 ? "min:s" : step >= 1 ? "min:s" : "s", width - 4 * dpr, top + 13 * dpr);
}

// --- the marks ---------------------------------------------------------------------------------

export function marks(c, view, events, colors) {
  const { dpr } = view;
  const lane = (LANE / 2) * dpr;
  const many = events.length > view.width / dpr / 3;
  for (const e of events) {
    const x = view.x(e.onset);
    const chosen = e.number === view.chosen;
    const row = view.rowOf(e.channel);
    if (chosen) {
      c.fillStyle = colors.soft;
      c.globalAlpha = 0.55;
      const wide = Math.max(4 * dpr, (e.duration / 1000 / view.step) * 1.2);
      c.fillRect(x - wide / 2, LANE * dpr, wide, view.height - (LANE + RULER) * dpr);
      c.globalAlpha = 1;
    }
    if (row && e.status !== "rejected" && view.step * dpr < 0.02) under(c, view, e, x, row, colors);
    if (many && !chosen) {
      c.fillStyle = colorOf(e.unit, colors);
      c.globalAlpha = e.status === "rejected" ? 0.3 : 0.8;
      c.fillRect(Math.round(x), 5 * dpr, dpr, LANE * dpr - 10 * dpr);
      c.globalAlpha = 1;
    } else {
      mark(c, e.unit, e.status, x, lane, (chosen ? 6 : 4.5) * dpr, colors);
    }
  }
}

// Where a potential is largest: a bar in its color below the trace, and its mark.
function under(c, view, e, x, row, colors) {
  const { dpr } = view;
  const half = Math.max(3 * dpr, e.duration / 1000 / view.step / 2);
  c.fillStyle = colorOf(e.unit, colors);
  c.globalAlpha = 0.22;
  c.fillRect(x - half, row.top, 2 * half, row.tall);
  c.globalAlpha = 1;
  if (row.tall > 15 * dpr) mark(c, e.unit, e.status, x - half - 6 * dpr, row.top + 6 * dpr, 3.5 * dpr, colors);
}

export function cursor(c, view, t, colors) {
  const x = Math.round(view.x(t)) + 0.5;
  if (x < 0 || x > view.width) return;
  c.strokeStyle = colors.ink;
  c.lineWidth = view.dpr;
  c.setLineDash([4 * view.dpr, 3 * view.dpr]);
  c.beginPath();
  c.moveTo(x, 0);
  c.lineTo(x, view.height - RULER * view.dpr);
  c.stroke();
  c.setLineDash([]);
}

export function names(c, view, rows, colors) {
  const { dpr } = view;
  const tall = rows.length ? rows[0].tall : 0;
  const every = Math.max(1, Math.ceil((13 * dpr) / Math.max(1, tall)));
  c.font = `${11 * dpr}px ${colors.font}`;
  c.textAlign = "left";
  c.textBaseline = "middle";
  rows.forEach((row, i) => {
    const y = row.top + row.tall / 2;
    if (i % every && !row.marked) return;
    if (y < LANE * dpr || y > view.height - RULER * dpr) return;
    const wide = c.measureText(row.name).width;
    c.fillStyle = colors.card;
    c.globalAlpha = 0.8;
    c.fillRect(2 * dpr, y - 7 * dpr, wide + 6 * dpr, 14 * dpr);
    c.globalAlpha = 1;
    c.fillStyle = row.marked ? colors.accent : colors.muted;
    c.fillText(row.name, 5 * dpr, y);
  });
}

export function scaleBar(c, view, text, pixels, colors) {
  const { dpr } = view;
  const x = view.width - 10 * dpr;
  const bottom = view.height - (RULER + 8) * dpr;
  c.font = `600 ${11 * dpr}px ${colors.font}`;
  c.textAlign = "right";
  c.textBaseline = "middle";
  const wide = c.measureText(text).width;
  c.fillStyle = colors.card;
  c.globalAlpha = 0.85;
  c.fillRect(x - wide - 12 * dpr, bottom - pixels - 4 * dpr, wide + 18 * dpr, pixels + 8 * dpr);
  c.globalAlpha = 1;
  c.strokeStyle = colors.ink;
  c.fillStyle = colors.ink;
  c.lineWidth = 1.5 * dpr;
  c.beginPath();
  c.moveTo(x, bottom);
  c.lineTo(x, bottom - pixels);
  c.stroke();
  c.fillText(text, x - 6 * dpr, bottom - pixels / 2);
}

// --- the whole recording -----------------------------------------------------------------------

export function overview(c, size, whole, colors) {
  const { width, height, dpr } = size;
  const { duration, quality, shape, events } = whole;
  c.clearRect(0, 0, width, height);
  c.fillStyle = colors.card;
  c.fillRect(0, 0, width, height);
  const x = (t) => (t / duration) * width;
  const ribbon = 8 * dpr, density = 20 * dpr, body = height - ribbon - density;
  if (shape) silhouette(c, shape, width, density + body / 2, body / 2 - 2 * dpr, colors);
  if (quality) {
    for (const [a, b] of quality.voluntary_s) stripes(c, x(a), density, Math.max(dpr, x(b) - x(a)), body, dpr, colors);
    quality.score.forEach((score, i) => {
      const [from, to] = [x(i * quality.step_s), x((i + 1) * quality.step_s)];
      c.fillStyle = quality.clean[i] >= 50 ? colors.accent : colors.against;
      c.globalAlpha = quality.clean[i] >= 50 ? 0.25 + 0.75 * (score / 100) : 0.85;
      // Not usable is told by height too, not by color alone.
      const tall = quality.clean[i] >= 50 ? ribbon - 2 * dpr : ribbon / 2 - dpr;
      c.fillRect(from, height - tall, Math.max(1, to - from), tall);
    });
    c.globalAlpha = 1;
  }
  const bins = Math.max(1, Math.floor(width / (3 * dpr)));
  const count = new Uint32Array(bins);
  for (const e of events) if (e.status !== "rejected") count[Math.min(bins - 1, Math.floor((e.onset / duration) * bins))] += 1;
  const most = Math.max(1, ...count);
  c.fillStyle = colors.third || colors.accent;
  c.fillStyle = colors.units[2];
  count.forEach((n, i) => {
    if (!n) return;
    const tall = (0.15 + 0.85 * (n / most)) * (density - 3 * dpr);
    c.fillRect(Math.round((i / bins) * width), density - tall, 2 * dpr, tall);
  });
}

function silhouette(c, shape, width, middle, reach, colors) {
  c.fillStyle = colors.track;
  c.beginPath();
  shape.forEach((v, i) => c.lineTo((i / (shape.length - 1)) * width, middle - Math.max(0.5, v * reach)));
  for (let i = shape.length - 1; i >= 0; i -= 1) c.lineTo((i / (shape.length - 1)) * width, middle + Math.max(0.5, shape[i] * reach));
  c.fill();
}

function stripes(c, x, y, wide, tall, dpr, colors) {
  c.save();
  c.beginPath();
  c.rect(x, y, wide, tall);
  c.clip();
  c.strokeStyle = colors.muted;
  c.lineWidth = dpr;
  c.beginPath();
  for (let at = x - tall; at < x + wide; at += 6 * dpr) { c.moveTo(at, y + tall); c.lineTo(at + tall, y); }
  c.stroke();
  c.restore();
}

export function windowOn(c, size, whole, t0, t1, colors) {
  const x0 = (t0 / whole.duration) * size.width;
  const x1 = Math.max(x0 + 6 * size.dpr, (t1 / whole.duration) * size.width);
  c.fillStyle = colors.accent;
  c.globalAlpha = 0.14;
  c.fillRect(x0, 0, x1 - x0, size.height);
  c.globalAlpha = 1;
  c.strokeStyle = colors.accent;
  c.lineWidth = 2 * size.dpr;
  c.strokeRect(x0 + size.dpr, size.dpr, x1 - x0 - 2 * size.dpr, size.height - 2 * size.dpr);
}
