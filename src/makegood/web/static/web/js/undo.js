// <mg-undo data-seconds="10"> is a toast: with seconds it counts them down in [data-left] and leaves at zero (the server
// keeps the same time, so closing the tab changes nothing); without, it leaves after a while. A hand or a cursor
// on it holds the ones that only inform.
const READING = 6000;

class Undo extends HTMLElement {
  connectedCallback() {
    this.seconds = Number(this.dataset.seconds ?? 0);
    if (this.seconds) this.count();
    else this.wait();
  }

  disconnectedCallback() {
    clearTimeout(this.timer);
  }

  count() {
    this.ends ??= Date.now() + this.seconds * 1000;
    const left = Math.ceil((this.ends - Date.now()) / 1000);
    if (left <= 0) return this.remove();
    const place = this.querySelector("[data-left]");
    if (place) place.textContent = new Intl.NumberFormat(document.documentElement.lang, { style: "unit", unit: "second", unitDisplay: "narrow" }).format(left);
    this.timer = setTimeout(() => this.count(), 250);
  }

  wait() {
    this.timer = setTimeout(() => (this.matches(":hover, :focus-within") ? this.wait() : this.remove()), READING);
  }
}
customElements.define("mg-undo", Undo);
