// <mg-trouble>: when a request of htmx fails (no network, a server error, a right that was taken away) nothing is
// swapped; this says so and leaves what was written where it is.
class Trouble extends HTMLElement {
  connectedCallback() {
    document.addEventListener("htmx:response:error", this);
    document.addEventListener("htmx:error", this);
    this.addEventListener("click", this);
  }

  disconnectedCallback() {
    document.removeEventListener("htmx:response:error", this);
    document.removeEventListener("htmx:error", this);
  }

  handleEvent(event) {
    const alert = this.querySelector("[data-refused]");
    if (event.type === "click") alert.hidden ||= Boolean(event.target.closest("[data-dismiss]"));
    else alert.hidden = !this.matters(event.detail?.ctx);
  }

  // 422 brings the form with its errors; a fragment that refreshes itself tries again with the next event.
  matters(ctx) {
    const isWrite = ctx?.request?.method !== "GET";
    return isWrite && ctx?.response?.status !== 422;
  }
}
customElements.define("mg-trouble", Trouble);
