// <mg-recipients data-known="a@x.example b@y.example"> in a form with fields to, cc and bcc: whoever stands there and is not
// known is named again with the mark that its <template> holds. The page comes with those it had; this keeps up with typing.
const ADDRESS = /[^\s<>,;"]+@[^\s<>,;"]+/g;
const FIELDS = ["to", "cc", "bcc"];

class Recipients extends HTMLElement {
  connectedCallback() {
    this.form = this.closest("form");
    this.known = new Set((this.dataset.known ?? "").split(" "));
    this.form?.addEventListener("input", this);
    if (this.form) this.handleEvent();
  }

  disconnectedCallback() {
    this.form?.removeEventListener("input", this);
  }

  handleEvent(event) {
    if (event && !FIELDS.includes(event.target.name)) return;
    const written = FIELDS.map((name) => this.form.elements[name]?.value ?? "").join(",").replace(/"[^"]*"/g, "");
    const fresh = new Set((written.match(ADDRESS) ?? []).filter((one) => !this.known.has(one.toLowerCase())));
    const shown = [...this.querySelectorAll(":scope > :not(template) [data-address]")].map((place) => place.textContent);
    if (shown.join() === [...fresh].join()) return;
    const template = this.querySelector("template");
    this.replaceChildren(template, ...[...fresh].map((address) => this.marked(template, address)));
  }

  marked(template, address) {
    const mark = template.content.cloneNode(true);
    mark.querySelector("[data-address]").textContent = address;
    return mark;
  }
}
customElements.define("mg-recipients", Recipients);
