// Deciding about single potentials: the panel of one of them, and what is sent to the server.

const $ = (name) => document.querySelector(name);

export class Review {
  constructor(home, query, viewer, say) {
    this.home = home;
    this.query = query;
    this.viewer = viewer;
    this.say = say;
    this.panel = $("#panel");
    this.turn = Promise.resolve();
    this.words = JSON.parse($("#signal").dataset.words);
    this.panel.addEventListener("submit", (event) => this.submit(event));
    this.panel.addEventListener("click", (event) => this.follow(event));
    this.guard();
  }

  // What is not saved is said beside the link that saves it; whoever closes the window is asked. Within the
  // program nothing is lost, so nobody is asked there.
  guard() {
    const link = $("#save");
    if (!link) return;
    const within = () => { this.within = true; setTimeout(() => { this.within = false; }, 1000); };
    document.addEventListener("submit", within);
    document.addEventListener("click", (event) => { if (event.target.closest("a[href]")) within(); });
    window.addEventListener("beforeunload", (event) => {
      if (!this.within && $("#unsaved").textContent) event.preventDefault();
    });
    link.addEventListener("click", () => [500, 2000, 6000].forEach((pause) => setTimeout(() => this.look(), pause)));
    window.addEventListener("pageshow", (event) => event.persisted && this.look());
  }

  async look() {
    const response = await fetch(`${this.home}/state`, { headers: { accept: "application/json" } }).catch(() => null);
    if (response?.ok) this.unsaved((await response.json()).unsaved);
  }

  unsaved(words) {
    const said = $("#unsaved"), replace = $("#replace");
    said.textContent = words;
    said.hidden = replace.hidden = !words;
    replace.querySelector("input").required = Boolean(words);
  }

  get open() { return !this.panel.hidden; }

  address(number) { return `${this.home}/events/${number}${this.query}`; }

  async show(number, focus = false) {
    this.asked = number;
    const response = await fetch(this.address(number), { headers: { accept: "text/html" } }).catch(() => null);
    if (!response?.ok || this.asked !== number) return;
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    const event = page.querySelector("#event");
    if (!event || this.asked !== number) return;
    const title = event.querySelector("h1");
    const heading = document.createElement("h3");
    heading.className = title.className;
    heading.append(...title.childNodes);
    heading.tabIndex = -1;
    title.replaceWith(heading);
    const held = this.panel.contains(document.activeElement) ? document.activeElement.value : null;
    this.fill(document.adoptNode(event));
    const again = held && this.panel.querySelector(`button[value="${CSS.escape(held)}"]`);
    if (focus) heading.focus();
    else if (again) again.focus();
  }

  // Nothing is there yet: offer to mark it.
  atCursor(at, channel) {
    if (!this.viewer.units || !$("#rows")) return;
    this.asked = 0;
    const box = document.createElement("div");
    const heading = document.createElement("h3");
    heading.textContent = "Nothing is marked here";
    const text = document.createElement("p");
    text.className = "small";
    text.textContent = `At ${at.toFixed(3)} s, ${channel}. If you see a twitch, mark it. The program looks for the largest deflection near by.`;
    const button = document.createElement("button");
    button.type = "button";
    button.dataset.add = "yes";
    button.textContent = "New signal here";
    const actions = document.createElement("p");
    actions.className = "actions";
    actions.append(button);
    box.append(heading, text, actions);
    this.fill(box);
  }

  fill(content) {
    const close = document.createElement("button");
    close.type = "button";
    close.className = "button-link close";
    close.dataset.close = "yes";
    close.textContent = "Close";
    this.panel.replaceChildren(close, content);
    this.panel.hidden = false;
    this.panel.parentElement.classList.add("beside");
    if (this.panel.getBoundingClientRect().top > window.innerHeight - 120) this.panel.scrollIntoView({ block: "nearest" });
  }

  hide() {
    this.asked = 0;
    this.panel.hidden = true;
    this.panel.parentElement.classList.remove("beside");
    $("#stage").focus({ preventScroll: true });
  }

  follow(event) {
    if (event.target.closest("[data-close]")) return this.hide();
    if (event.target.closest("[data-add]")) return this.viewer.insert();
    const way = event.target.closest("a[rel]");
    if (!way || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    this.viewer.hop(way.rel === "next" ? 1 : -1);
  }

  submit(event) {
    event.preventDefault();
    const fields = Object.fromEntries(new FormData(event.target, event.submitter));
    this.do(fields.action, Number(fields.number || 0), fields);
  }

  // Decisions are sent one after the other; what is clear beforehand is shown at once.
  do(action, number = 0, fields = {}) {
    if (!["undo", "redo", "add"].includes(action) && !number) return this.say("Choose a signal first.");
    if (action === "undo" && !this.viewer.undoable) return this.say("There is nothing to undo.");
    if (action === "redo" && !this.viewer.redoable) return this.say("There is nothing to do again.");
    const event = this.viewer.find(number);
    if (event && (action === "accept" || action === "reject")) {
      event.status = action === "accept" ? (event.status === "added" ? "added" : "accepted") : "rejected";
      this.viewer.changed();
    }
    this.turn = this.turn.then(() => this.send(action, number, fields)).catch(() => this.say("This could not be saved. Is the program still running?"));
    return this.turn;
  }

  async send(action, number, fields) {
    const body = new URLSearchParams({ ...fields, action });
    if (number) body.set("number", number);
    document.querySelector("#answer-now")?.classList.add("busy");
    const response = await fetch(`${this.home}/edits${this.query}`, { method: "POST", body, headers: { accept: "application/json" } });
    const said = await response.json();
    document.querySelector("#answer-now")?.classList.remove("busy");
    if (!response.ok) {
      this.say(said.detail || said.title);
      this.trouble(said.detail || said.title);
      return;
    }
    this.viewer.take(said.events);
    $("#answer-now").innerHTML = said.answer;
    $("#limits-now").innerHTML = said.limits;
    $("#numbers").textContent = said.events.said;
    this.unsaved(said.events.unsaved);
    if (action === "add") {
      const added = this.viewer.find(Math.max(...said.events.number));
      if (added) this.viewer.choose(added);
    } else if (this.viewer.chosen && !this.viewer.find(this.viewer.chosen)) {
      this.viewer.chosen = 0;
      this.hide();
    } else if (this.open && this.viewer.chosen) {
      this.show(this.viewer.chosen);
    }
    this.say(`${DONE[action]} ${said.events.said}.`);
  }

  trouble(text) {
    const said = document.createElement("p");
    said.className = "error";
    said.textContent = text;
    this.panel.querySelector(".error")?.remove();
    if (this.open) this.panel.append(said);
    else $("#place").append(` ${text}`);
  }
}

const DONE = { accept: "Accepted.", reject: "Rejected.", move: "Moved.", kind: "Changed.", add: "Added.", undo: "Undone.", redo: "Done again." };
