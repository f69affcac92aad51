// <mg-attach> around a file field: names what was chosen in its [data-chosen] place, where the browser would say "No file
// chosen" in its own words. Without scripts the field shows itself.
class Attach extends HTMLElement {
  connectedCallback() {
    this.addEventListener("change", this);
    this.closest("form")?.addEventListener("reset", this);
    this.handleEvent();
  }

  handleEvent(event) {
    if (event?.type === "reset") return setTimeout(() => this.handleEvent());
    const files = [...(this.querySelector("[type=file]")?.files ?? [])];
    const place = this.querySelector("[data-chosen]");
    if (place) place.textContent = files.map((file) => file.name).join(", ");
  }
}
customElements.define("mg-attach", Attach);
