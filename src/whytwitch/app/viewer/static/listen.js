// The view as sound: the signal of one channel, as it is.

const LONGEST_S = 10;
const PIECE = 8000; // samples that come at once
const LEAST_HZ = 8000;

let context = null;
let playing = null;

export async function listen(tiles, channel, t0, t1, rate) {
  if (playing) { playing.stop(); playing = null; return "Stopped"; }
  const stop = Math.min(t1, t0 + LONGEST_S, tiles.duration);
  const wave = await gather(tiles, channel, t0, stop, rate);
  if (wave.length < 2) return "Nothing to hear";
  const times = Math.max(1, Math.ceil(LEAST_HZ / rate));
  context ||= new AudioContext();
  const buffer = context.createBuffer(1, wave.length * times, rate * times);
  fill(buffer.getChannelData(0), wave, times);
  playing = context.createBufferSource();
  playing.buffer = buffer;
  playing.connect(context.destination);
  playing.onended = () => { playing = null; };
  playing.start();
  return `Playing ${(stop - t0).toFixed(1)} seconds`;
}

async function gather(tiles, channel, t0, stop, rate) {
  const parts = [];
  for (let at = t0; at < stop - 1 / rate; at += PIECE / rate) {
    const end = Math.min(stop, at + PIECE / rate);
    const data = await tiles.ask(at, end, PIECE + 8, [channel]);
    parts.push(data.values.subarray(0, Math.min(data.columns, Math.round((end - at) * rate))));
  }
  const wave = new Float32Array(parts.reduce((n, part) => n + part.length, 0));
  parts.reduce((at, part) => { wave.set(part, at); return at + part.length; }, 0);
  return wave;
}

function fill(out, wave, times) {
  let sum = 0, most = 1e-9;
  for (const v of wave) sum += Number.isNaN(v) ? 0 : v;
  const mean = sum / wave.length;
  for (const v of wave) if (!Number.isNaN(v)) most = Math.max(most, Math.abs(v - mean));
  for (let i = 0; i < out.length; i += 1) {
    const at = i / times, k = Math.min(wave.length - 2, Math.floor(at)), share = at - k;
    const value = (wave[k] * (1 - share) + wave[k + 1] * share - mean) / most;
    out[i] = Number.isNaN(value) ? 0 : 0.8 * Math.min(1, Math.max(-1, value));
  }
}
