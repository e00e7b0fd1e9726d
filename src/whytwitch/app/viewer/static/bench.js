// Copying with a bar, files dropped on the form, and the state of recordings that are being worked on.

const form = document.querySelector("#upload");
const files = document.querySelector("#files");

form.addEventListener("dragover", (event) => { event.preventDefault(); form.classList.add("over"); });
form.addEventListener("dragleave", () => form.classList.remove("over"));
form.addEventListener("drop", (event) => {
  event.preventDefault();
  form.classList.remove("over");
  if (event.dataTransfer.files.length) files.files = event.dataTransfer.files;
});

form.addEventListener("submit", (event) => {
  if (event.submitter?.hasAttribute("formaction")) return;
  event.preventDefault();
  const bar = document.querySelector("#sent");
  document.querySelector("#sending").hidden = false;
  const send = new XMLHttpRequest();
  send.open("POST", form.action);
  send.setRequestHeader("accept", "text/html");
  send.upload.onprogress = (at) => { if (at.lengthComputable) bar.value = at.loaded / at.total; };
  send.onload = () => {
    if (send.status < 400) { location.assign(send.responseURL); return; }
    const page = new DOMParser().parseFromString(send.responseText, "text/html");
    trouble(page.querySelector("main h1")?.textContent, page.querySelector("main .lead")?.textContent);
  };
  send.onerror = () => trouble("The files could not be sent.", "Is the program still running?");
  send.send(new FormData(form));
});

function trouble(title, text) {
  document.querySelector("#sending").hidden = true;
  let said = document.querySelector("#trouble");
  if (!said) {
    said = document.createElement("p");
    said.id = "trouble";
    said.className = "error";
    said.setAttribute("role", "alert");
    form.querySelector(".field").append(said);
  }
  said.textContent = [title, text].filter(Boolean).join(". ");
}

async function watch() {
  const open = [...document.querySelectorAll("[data-key]")].filter((row) => ["waiting", "working"].includes(row.dataset.state));
  if (!open.length) return;
  await new Promise((done) => setTimeout(done, 1200));
  for (const row of open) {
    const response = await fetch(`/recordings/${row.dataset.key}/state`, { headers: { accept: "application/json" } }).catch(() => null);
    if (!response?.ok) continue;
    const now = await response.json();
    if (!["waiting", "working"].includes(now.state)) return location.reload();
    const words = row.querySelector("[data-words]");
    if (words) words.textContent = `${now.words}, ${Math.round(100 * now.done)} %`;
  }
  watch();
}
watch();
