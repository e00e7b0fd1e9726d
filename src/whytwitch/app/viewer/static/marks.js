// How a motor unit is told from the others: by a shape and a color, the same everywhere.

export const COLORS = ["--accent", "--against", "--third", "--edge", "--ink", "--accent-mid"];
const SHAPES = [
  (c, r) => c.arc(0, 0, r, 0, 2 * Math.PI),
  (c, r) => c.rect(-r * 0.9, -r * 0.9, r * 1.8, r * 1.8),
  (c, r) => poly(c, [[0, -r * 1.15], [r * 1.1, r * 0.85], [-r * 1.1, r * 0.85]]),
  (c, r) => poly(c, [[0, -r * 1.25], [r * 1.1, 0], [0, r * 1.25], [-r * 1.1, 0]]),
  (c, r) => poly(c, [[0, r * 1.15], [r * 1.1, -r * 0.85], [-r * 1.1, -r * 0.85]]),
  (c, r) => poly(c, [[-r, -r * 0.4], [-r * 0.4, -r * 0.4], [-r * 0.4, -r], [r * 0.4, -r], [r * 0.4, -r * 0.4], [r, -r * 0.4], [r, r * 0.4], [r * 0.4, r * 0.4], [r * 0.4, r], [-r * 0.4, r], [-r * 0.4, r * 0.4], [-r, r * 0.4]]),
  (c, r) => poly(c, [...Array(10)].map((_, i) => { const a = i * Math.PI / 5 - Math.PI / 2, q = i % 2 ? r * 0.55 : r * 1.25; return [q * Math.cos(a), q * Math.sin(a)]; })),
];
const SHAPE_NAMES = ["circle", "square", "triangle", "diamond", "triangle down", "cross", "star"];

function poly(c, points) {
  points.forEach(([x, y], i) => (i ? c.lineTo(x, y) : c.moveTo(x, y)));
  c.closePath();
}

export function theme() {
  const style = getComputedStyle(document.body);
  const of = (name) => style.getPropertyValue(name).trim();
  return {
    units: COLORS.map(of), ink: of("--ink"), muted: of("--muted"), line: of("--line"), card: of("--card"), track: of("--track"),
    accent: of("--accent"), soft: of("--accent-soft"), mid: of("--accent-mid"), against: of("--against"), tint: of("--tint"), outline: of("--outline"),
    font: style.fontFamily,
  };
}

export const colorOf = (unit, colors) => (unit ? colors.units[(unit - 1) % COLORS.length] : colors.muted);
export const shapeName = (unit) => (unit ? SHAPE_NAMES[(unit - 1) % SHAPES.length] : "ring");

// A mark at x, y: filled when it counts, hollow and struck through when it was rejected, ringed when it was added.
export function mark(c, unit, status, x, y, r, colors) {
  c.save();
  c.translate(x, y);
  c.beginPath();
  (unit ? SHAPES[(unit - 1) % SHAPES.length] : SHAPES[0])(c, unit ? r : r * 0.7);
  const color = colorOf(unit, colors);
  c.lineWidth = Math.max(1, r / 3);
  c.strokeStyle = color;
  c.fillStyle = status === "rejected" || !unit ? colors.card : color;
  c.fill();
  c.stroke();
  if (status === "rejected") {
    c.beginPath();
    c.moveTo(-r * 1.3, r * 1.3);
    c.lineTo(r * 1.3, -r * 1.3);
    c.stroke();
  } else if (status !== "found") {
    c.beginPath();
    if (status === "added") c.arc(0, 0, r * 1.75, 0, 2 * Math.PI);
    else { c.moveTo(-r, r * 1.75); c.lineTo(r, r * 1.75); }
    c.stroke();
  }
  c.restore();
}
