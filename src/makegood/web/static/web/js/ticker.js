// <mg-ticker>: one timer for the page rewrites <time data-tick="due|past"> at each full minute.
// Words come translated in its attributes (data-in="in %s"). What is further than eight hours away stays
// as the server wrote it, and so does a promise's state: only the server turns "soon" into "late".
const MINUTE = 60_000;
const FRACTIONS = { 0: "", 0.25: "¼", 0.5: "½", 0.75: "¾" };

class Ticker extends HTMLElement {
  connectedCallback() {
    this.tick();
    document.addEventListener("htmx:after:swap", this);
  }

  disconnectedCallback() {
    clearTimeout(this.timer);
    document.removeEventListener("htmx:after:swap", this);
  }

  handleEvent() {
    this.tick();
  }

  tick() {
    clearTimeout(this.timer);
    for (const time of document.querySelectorAll("time[data-tick]")) this.rewrite(time);
    this.timer = setTimeout(() => this.tick(), MINUTE - (Date.now() % MINUTE) + 50);
  }

  rewrite(time) {
    const minutes = Math.round((Date.parse(time.dateTime) - Date.now()) / MINUTE);
    const span = this.span(Math.abs(minutes));
    if (!span) return;
    const ahead = minutes > 0 ? "in" : time.dataset.tick === "due" ? "late" : "past";
    const words = minutes === 0 ? this.dataset.now : this.dataset[ahead].replace("%s", span);
    if (time.textContent !== words) time.textContent = words;
  }

  span(minutes) {
    if (minutes < 60) return this.dataset.minutes.replace("%s", minutes);
    if (minutes >= 480) return "";
    const step = minutes < 120 ? 0.25 : 0.5;
    const hours = Math.round(minutes / 60 / step) * step;
    return this.dataset.hours.replace("%s", Math.floor(hours) + FRACTIONS[hours % 1]);
  }
}
customElements.define("mg-ticker", Ticker);
