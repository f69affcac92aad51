// <mg-sender> around a form with a field "inbox": what carries data-from="3 7" stands there while one of those inboxes is
// chosen. What has something in it stays, so that nothing goes in silence.
class Sender extends HTMLElement {
  connectedCallback() {
    this.inbox = this.querySelector('[name="inbox"]');
    this.inbox?.addEventListener("change", this);
    if (this.inbox) this.handleEvent(); // a browser may have kept another choice over a reload
  }

  disconnectedCallback() {
    this.inbox?.removeEventListener("change", this);
  }

  handleEvent() {
    for (const part of this.querySelectorAll("[data-from]")) {
      const isFilled = [...part.querySelectorAll("input")].some((input) => input.value);
      part.hidden = !isFilled && !part.dataset.from.split(" ").includes(this.inbox.value);
    }
  }
}
customElements.define("mg-sender", Sender);
