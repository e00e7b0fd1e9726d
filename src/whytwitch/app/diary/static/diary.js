// Counting with taps. Without this script the same two fields are filled in by hand.

const MINUTE_S = 60;

for (const part of document.querySelectorAll("[data-counter]")) {
  const field = (name) => part.querySelector(`[name=${name}]`);
  const left = part.querySelector("[data-left]");
  const tap = part.querySelector("[data-tap]");
  const status = document.querySelector("#status");
  const rest = left.textContent;
  let count = 0;
  let started = 0;
  let timer = 0;

  const say = (text) => { status.textContent = text; };
  const show = () => { field("twitches").value = started ? String(count) : ""; };

  function start() {
    if (started) return;
    started = performance.now();
    timer = setInterval(tick, 250);
    tick();
  }

  function tick() {
    const passed_s = (performance.now() - started) / 1000;
    if (passed_s >= MINUTE_S) return finish();
    left.textContent = `${Math.ceil(MINUTE_S - passed_s)} seconds left. Counted: ${count}.`;
  }

  function finish() {
    clearInterval(timer);
    timer = 0;
    tap.disabled = true;
    field("minutes").value = "1";
    show();
    left.textContent = `The minute is over. Counted: ${count}.`;
    say(`The minute is over. Counted: ${count}.`);
    field("twitches").focus();
  }

  function change(by) {
    if (by > 0) start();
    count = Math.max(0, count + by);
    tap.textContent = count ? String(count) : "Tap at each twitch";
    show();
    if (timer) tick();
  }

  tap.addEventListener("click", () => change(1));
  part.querySelector("[data-zero]").addEventListener("click", () => { start(); show(); });
  part.querySelector("[data-undo]").addEventListener("click", () => change(-1));
  part.querySelector("[data-reset]").addEventListener("click", () => {
    clearInterval(timer);
    count = 0;
    started = 0;
    timer = 0;
    tap.disabled = false;
    left.textContent = rest;
    tap.textContent = "Tap at each twitch";
    field("minutes").value = "";
    show();
  });
  part.querySelector(".counter").hidden = false;
}
