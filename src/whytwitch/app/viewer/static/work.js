// Waits for the work on a recording, and shows the page anew when there is more to see.

const work = document.querySelector("#work");
if (work && ["waiting", "working"].includes(work.dataset.state)) follow(700);

async function follow(pause) {
  await new Promise((done) => setTimeout(done, pause));
  try {
    const response = await fetch(work.dataset.poll, { headers: { accept: "application/json" } });
    if (!response.ok) return location.reload();
    const now = await response.json();
    const drawn = now.drawn ? "yes" : "no";
    if (!["waiting", "working"].includes(now.state) || drawn !== work.dataset.drawn) return location.reload();
    work.querySelector("[data-words]").textContent = now.words;
    work.querySelector("progress").value = now.done;
    follow(pause);
  } catch {
    follow(Math.min(8000, pause * 2));
  }
}
