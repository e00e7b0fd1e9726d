// Forms that answer in place. A form marked data-live="#part …" is sent by fetch, and the parts named
// are taken from the page that comes back; without this script the same form loads that page whole.

const status = document.querySelector("#status");
const waiting = new WeakMap();

function announce(text) {
  if (!status || !text) return;
  status.textContent = "";
  requestAnimationFrame(() => { status.textContent = text; });
}

function request(form, submitter) {
  const data = new FormData(form, submitter);
  const files = [...data.values()].some((value) => value instanceof File && value.name);
  const method = (submitter?.getAttribute("formmethod") || form.method).toUpperCase();
  const action = submitter?.getAttribute("formaction") || form.getAttribute("action") || location.href;
  const url = new URL(action, location.href);
  if (method === "GET") {
    url.search = new URLSearchParams(data).toString();
    return [url, { method }];
  }
  return [url, { method, body: files ? data : new URLSearchParams(data) }];
}

async function send(form, submitter) {
  const names = form.dataset.live.split(/\s+/);
  waiting.get(form)?.abort();
  const control = new AbortController();
  waiting.set(form, control);
  const old = names.map((name) => document.querySelector(name));
  old[0]?.classList.add("busy");
  try {
    const [url, options] = request(form, submitter);
    const response = await fetch(url, { ...options, signal: control.signal, headers: { accept: "text/html" } });
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    swap(names, page, response.url);
  } catch (error) {
    if (error.name === "AbortError") return;
    announce("The program does not answer. Is it still running?");
    old[0]?.classList.remove("busy");
  }
}

function swap(names, page, address) {
  const here = document.activeElement;
  const kept = here && here.id;
  if (!page.querySelector(names[0])) names = ["#main"]; // an error page, or the next step
  for (const name of names) {
    const next = page.querySelector(name);
    const now = document.querySelector(name);
    if (next && now) now.replaceWith(document.adoptNode(next));
  }
  document.title = page.title;
  document.body.className = page.body.className;
  if (address && address !== location.href) history.pushState({ live: true }, "", address);
  const part = document.querySelector(names[0]);
  const focus = part?.querySelector("[data-focus]") || (kept && document.getElementById(kept));
  if (focus) {
    if (!focus.matches("a, button, input, select, textarea, summary")) focus.tabIndex = -1;
    focus.focus({ preventScroll: kept === focus.id });
    if (focus.hasAttribute("data-focus")) focus.scrollIntoView({ block: "nearest" });
  }
  announce(document.querySelector("[data-announce]")?.dataset.announce);
  document.dispatchEvent(new CustomEvent("live:swapped"));
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.dataset.live || event.submitter?.hasAttribute("data-whole")) return;
  event.preventDefault();
  send(form, event.submitter);
});

document.addEventListener("change", (event) => {
  const form = event.target.form;
  if (form?.dataset.liveOn === "change") form.requestSubmit();
});

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-print]")) window.print();
  const filler = event.target.closest("[data-fill]");
  if (!filler) return;
  const field = document.querySelector(filler.dataset.fill);
  field.value = filler.dataset.text || filler.textContent.trim();
  field.focus();
});

window.addEventListener("popstate", () => location.reload());
