// <mg-news> around a list: while the pointer or the cursor is in it, changes wait behind a pill ([data-news], hidden)
// and come on a click, on ".", or after five quiet seconds. Nothing moves under the hand.
const QUIET = 5000;

class News extends HTMLElement {
  connectedCallback() {
    this.count = 0;
    this.held = new Set();
    this.addEventListener("mg:news", this);
    this.addEventListener("click", this);
    for (const kind of ["pointermove", "keydown", "wheel"]) this.addEventListener(kind, this, { passive: true });
  }

  disconnectedCallback() {
    clearTimeout(this.timer);
  }

  handleEvent(event) {
    if (event.type === "mg:news") this.hold(event);
    else if (event.type === "click" && event.target.closest("[data-news]")) this.apply();
    else if (this.held.size) this.wait();
  }

  hold(event) {
    if (!this.matches(":hover, :focus-within")) return;
    event.preventDefault();
    this.held.add(event.target);
    this.count += event.detail.letters; // what else changed waits as well, and is nothing new
    this.show();
    this.wait();
  }

  wait() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.apply(), QUIET);
  }

  apply() {
    clearTimeout(this.timer);
    for (const element of this.held) if (element.isConnected) htmx.trigger(element, "mg:refresh");
    this.held.clear();
    this.count = 0;
    this.show();
  }

  show() {
    const pill = this.querySelector("[data-news]");
    if (!pill) return;
    pill.hidden = !this.count;
    const number = pill.querySelector("[data-count]");
    if (number) number.textContent = this.count;
  }
}
customElements.define("mg-news", News);
