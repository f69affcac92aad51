// <mg-together data-beat="…" data-leave="…"> before the composer: says every 15 seconds that somebody has this page open
// and in sight, and whether they write; shows who else does, and what came meanwhile, as its hx-get answers it.
// Neither the focus nor the text is ever touched. "Show" ([data-seen]) is what counts as seen, for the next send.
const BEAT = 15_000;
const WRITES_ON = 120_000; // after the last letter
const FEWEST = 3; // letters
const GATHERING = 2_000;
const SWAPS = ["htmx:before:swap", "htmx:after:swap"];

class Together extends HTMLElement {
  connectedCallback() {
    this.form = this.parentElement.querySelector("form.composer");
    this.thread = this.parentElement.querySelector(".thread");
    this.page = Math.random().toString(36).slice(2, 14);
    this.wrote = -Infinity;
    this.form.addEventListener("input", this);
    this.addEventListener("click", this);
    this.thread.addEventListener("scroll", this, { passive: true });
    document.addEventListener("visibilitychange", this);
    for (const kind of SWAPS) document.addEventListener(kind, this);
    for (const kind of ["pagehide", "pageshow"]) window.addEventListener(kind, this);
    this.timer = setInterval(() => this.beat(), BEAT);
    this.beat();
  }

  disconnectedCallback() {
    clearInterval(this.timer);
    document.removeEventListener("visibilitychange", this);
    for (const kind of SWAPS) document.removeEventListener(kind, this);
    for (const kind of ["pagehide", "pageshow"]) window.removeEventListener(kind, this);
  }

  handleEvent(event) {
    if (event.type === "input") this.write(event);
    else if (event.type === "click") this.show(event);
    else if (event.type === "pagehide") this.post(this.dataset.leave, {});
    else if (event.type === "visibilitychange") document.hidden || this.beat();
    else if (event.type === "pageshow") event.persisted && this.beat();
    else if (event.type === SWAPS[0]) this.height = this.thread.scrollHeight;
    else this.settle(event.type === SWAPS[1]);
  }

  get doing() {
    const { text, mode } = this.form.elements;
    const writes = text.value.trim().length >= FEWEST && performance.now() - this.wrote < WRITES_ON;
    return writes ? mode.value : "looking";
  }

  get isAtEnd() {
    return Math.abs(this.thread.scrollTop) < 40; // its axis is turned: the end is nought
  }

  write({ target }) {
    if (target.name === "text") this.wrote = performance.now();
    if (this.doing !== this.said) this.beat();
  }

  // Whoever is shown may have gone without a word, and what they do began some time ago: asked again, only then.
  beat() {
    if (document.hidden) return;
    this.said = this.doing;
    this.post(this.dataset.beat, { doing: this.said });
    if (this.querySelector(".writing, .looker")) htmx.trigger(this, "mg:refresh");
  }

  post(url, fields) {
    const body = new URLSearchParams({ ...fields, page: this.page });
    const headers = { "X-CSRFToken": this.form.elements.csrfmiddlewaretoken.value };
    const options = { method: "POST", body, headers, keepalive: true, credentials: "same-origin", redirect: "error" };
    fetch(url, options).catch(() => {});
  }

  // What comes into view while nothing is written yet was seen before the first word.
  settle(isSwap) {
    if (isSwap && !this.isAtEnd) this.stay();
    const news = this.querySelector("[data-seen]");
    if (!news) return;
    this.querySelector(".below").hidden = this.isAtEnd;
    if (this.isAtEnd && !document.hidden && !this.form.elements.text.value.trim()) this.see(news);
  }

  // Safari moves the words under the eye when some are added below them; the others hold them by themselves.
  stay() {
    if (!CSS.supports("overflow-anchor", "auto")) this.thread.scrollTop -= this.thread.scrollHeight - this.height;
    this.height = this.thread.scrollHeight;
  }

  see({ dataset }) {
    this.form.elements.seen.value = dataset.seen;
    this.parentElement.querySelector("[name=noted]").value = dataset.noted;
  }

  show(event) {
    const link = event.target.closest("[data-seen]");
    if (!link) return;
    event.preventDefault();
    this.see(link);
    const place = document.getElementById(link.hash.slice(1)) ?? this.thread;
    place.scrollIntoView({ block: "nearest" });
    this.thread.focus({ preventScroll: true });
    for (const told of this.querySelectorAll(".below, .alert:has([data-seen])")) told.remove();
  }
}
customElements.define("mg-together", Together);

// The rings of a list's rows, at a walk: one fetch for those that changed within two seconds, of rows that are shown.
const changed = new Set();
let walking;
document.addEventListener("mg:event", ({ detail: { name, conversation } }) => {
  if (name !== "presence") return;
  const rings = document.querySelectorAll(conversation ? `#ring-${Number(conversation)}` : ".list .ring");
  for (const ring of rings) changed.add(ring.id.slice(5));
  if (changed.size) walking ??= setTimeout(fetchRings, GATHERING);
});

function fetchRings() {
  walking = undefined;
  if (document.hidden) return document.addEventListener("visibilitychange", fetchRings, { once: true });
  htmx.ajax("GET", `/presence?rows=${[...changed].join()}`, { target: "body", swap: "none" });
  changed.clear();
}
