// <mg-live data-stream="/stream" data-since="815">: one event stream for all tabs of this browser.
// The tab that holds the lock "mg-live" listens and tells the others. A message is JSON:
// {"name": "message.received", "conversation": 7}; its SSE id orders it. Elements with data-live="conversation:7"
// or data-live="list" get "mg:refresh" (their hx-trigger), unless someone cancels "mg:news" to hold it back.
// Who looks and who writes ("presence") has no id, and goes to data-live="presence:7" alone.
const REMEMBERED = 200;
const PATIENCE = 10_000;
const GATHERING = 120;

class Live extends HTMLElement {
  connectedCallback() {
    this.last = Number(this.dataset.since ?? 0);
    this.recent = [];
    this.pending = new Set();
    this.letters = 0; // among what is gathered
    this.leaving = new AbortController();
    this.channel = new BroadcastChannel("mg-live");
    this.channel.onmessage = (message) => this.hear(message.data);
    this.channel.postMessage({ hello: this.last });
    const { signal } = this.leaving;
    // Locks exist in secure contexts only; over plain http each tab listens for itself.
    if (navigator.locks) navigator.locks.request("mg-live", { signal }, () => this.lead()).catch(() => {});
    else this.lead();
    window.addEventListener("pagehide", () => this.rest(), { once: true, signal });
  }

  disconnectedCallback() {
    this.leaving.abort();
    this.resign?.();
    this.source?.close();
    this.channel.close();
    clearTimeout(this.retry);
    clearTimeout(this.doubt);
  }

  // A page in the browser's memory must not hold the lock; it listens again when it is shown again.
  rest() {
    this.disconnectedCallback();
    window.addEventListener("pageshow", () => this.isConnected && this.connectedCallback(), { once: true });
  }

  lead() {
    if (this.leaving.signal.aborted) return;
    this.attempts = 0;
    this.listen();
    return new Promise((resolve) => (this.resign = resolve));
  }

  listen() {
    const since = this.last ? `?last_event_id=${this.last}` : "";
    this.source = new EventSource(this.dataset.stream + since);
    this.source.onopen = () => this.setDown(false);
    this.source.onerror = () => this.lose();
    this.source.onmessage = (message) => {
      const { name, conversation = null } = JSON.parse(message.data);
      this.tell({ id: name === "presence" ? 0 : Number(message.lastEventId), name, conversation });
    };
  }

  lose() {
    this.doubt ??= setTimeout(() => this.setDown(true), PATIENCE);
    if (this.source.readyState !== EventSource.CLOSED) return;
    const wait = Math.min(1000 * 2 ** this.attempts++, 60_000) * (0.75 + Math.random() / 2);
    this.retry = setTimeout(() => this.listen(), wait);
  }

  setDown(down) {
    if (!down) {
      if (this.doubt) this.tell({ id: 0, name: "presence", conversation: null }); // nobody repeats what was missed
      clearTimeout(this.doubt);
      this.doubt = undefined;
      this.attempts = 0;
    }
    this.showDown(down);
    this.channel.postMessage({ down });
  }

  showDown(down) {
    const alert = this.querySelector("[data-offline]");
    if (alert) alert.hidden = !down;
  }

  tell(event) {
    if (event.id) this.recent = [...this.recent.slice(1 - REMEMBERED), event];
    this.channel.postMessage({ event });
    this.take(event);
  }

  // A tab that has just been opened says up to where its page knows the world.
  hear({ event, down, hello }) {
    if (event) this.take(event);
    if (down !== undefined) this.showDown(down);
    if (hello && this.resign) {
      for (const missed of this.recent) if (missed.id > hello) this.channel.postMessage({ event: missed });
    }
  }

  take(event) {
    if (event.id && event.id <= this.last) return;
    this.last = event.id || this.last;
    document.dispatchEvent(new CustomEvent("mg:event", { detail: event }));
    const about = Number(event.conversation);
    let topics = ['[data-live~="list"]', `[data-live~="conversation:${about}"]`];
    if (event.name === "presence") topics = [about ? `[data-live~="presence:${about}"]` : '[data-live^="presence:"]'];
    for (const element of document.querySelectorAll(topics.join())) this.pending.add(element);
    if (event.name === "message.received") this.letters += 1;
    this.gathering ??= setTimeout(() => this.refresh(), GATHERING);
  }

  refresh() {
    this.gathering = undefined;
    for (const element of this.pending) {
      const detail = { letters: this.letters };
      const news = new CustomEvent("mg:news", { bubbles: true, cancelable: true, detail });
      if (element.isConnected && element.dispatchEvent(news)) htmx.trigger(element, "mg:refresh");
    }
    this.pending.clear();
    this.letters = 0;
  }
}
customElements.define("mg-live", Live);
