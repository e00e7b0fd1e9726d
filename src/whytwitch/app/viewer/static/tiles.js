// The signal in tiles of equal columns, fetched when they are needed and kept as long as there is room.

export const WIDE = 512;
const MOST = 40;
const HEAD = 32;

function unpack(buffer) {
  const view = new DataView(buffer);
  const [rows, channels, columns] = [4, 8, 12].map((at) => view.getUint32(at, true));
  return { rows, channels, columns, first: view.getFloat64(16, true), step: view.getFloat64(24, true), values: new Float32Array(buffer, HEAD) };
}

export class Tiles {
  constructor(address, duration, ready, waiting) {
    this.address = address;
    this.duration = duration;
    this.ready = ready;
    this.waiting = waiting;
    this.held = new Map();
    this.channels = [];
    this.band = "";
  }

  choose(channels, band = this.band) {
    this.channels = channels;
    this.band = band;
    for (const tile of this.held.values()) tile.abort?.abort();
    this.held.clear();
  }

  key(step, k) { return `${step.toPrecision(9)}|${k}`; }

  // The tile if it is there; else it is sent for.
  get(step, k) {
    const key = this.key(step, k);
    const held = this.held.get(key);
    if (held) {
      this.held.delete(key);
      this.held.set(key, held);
      return held.data ? held : null;
    }
    const start = k * WIDE * step;
    if (k < 0 || start >= this.duration || !this.channels.length) return null;
    const tile = { abort: new AbortController(), data: null, picture: null, name: "" };
    this.held.set(key, tile);
    this.load(key, tile, start, step);
    this.trim();
    return null;
  }

  async load(key, tile, start, step) {
    try {
      tile.data = await this.ask(start, start + WIDE * step, WIDE, this.channels, tile.abort.signal);
      this.ready();
    } catch (error) {
      if (this.held.get(key) === tile) this.held.delete(key);
      if (error.name !== "AbortError") setTimeout(this.ready, 1500);
    }
  }

  async ask(start, stop, columns, channels, signal) {
    const query = new URLSearchParams({ start_s: start, stop_s: stop, columns, channels: spans(channels) });
    if (this.band) query.set("band", this.band);
    const response = await fetch(`${this.address}/traces?${query}`, { signal, headers: { accept: "application/json" } });
    if (response.status === 202) this.waiting((await response.json()).done);
    if (response.status !== 200) throw new Error(`${response.status}`);
    return unpack(await response.arrayBuffer());
  }

  // Tiles of other widths that nobody waits for any more are not worth their bytes.
  drop(step) {
    const kept = step.toPrecision(9);
    for (const [key, tile] of this.held) {
      if (!tile.data && !key.startsWith(`${kept}|`)) {
        tile.abort.abort();
        this.held.delete(key);
      }
    }
  }

  trim() {
    for (const key of this.held.keys()) {
      if (this.held.size <= MOST) break;
      this.held.get(key).abort?.abort();
      this.held.delete(key);
    }
  }
}

// 0, 1, 2, 5 as "0-2,5".
export function spans(channels) {
  const parts = [];
  for (const c of channels) {
    const last = parts[parts.length - 1];
    if (last && last[1] === c - 1) last[1] = c;
    else parts.push([c, c]);
  }
  return parts.map(([a, b]) => (a === b ? `${a}` : `${a}-${b}`)).join(",");
}
