// <mg-counts data-live="list" hx-get="/rail" hx-trigger="mg:refresh">: the rail's numbers follow the event stream, at a walk:
// one fetch for all that happens within a second and a half, and none while nobody looks at this tab.
const GATHERING = 1500;

class Counts extends HTMLElement {
  connectedCallback() {
    this.addEventListener("mg:news", this);
    document.addEventListener("visibilitychange", this);
  }

  disconnectedCallback() {
    clearTimeout(this.timer);
    this.timer = undefined;
    document.removeEventListener("visibilitychange", this);
  }

  handleEvent(event) {
    if (event.type === "mg:news") {
      event.preventDefault();
      this.stale = true;
    }
    if (this.stale && !document.hidden) this.timer ??= setTimeout(() => this.fetch(), GATHERING);
  }

  fetch() {
    this.timer = undefined;
    if (document.hidden) return;
    this.stale = false;
    htmx.trigger(this, "mg:refresh");
  }
}
customElements.define("mg-counts", Counts);
