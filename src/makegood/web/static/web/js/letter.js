// <mg-letter> around the form of a letter that begins a conversation: what is typed stays in this browser until it was
// sent, and is there again when the same form is opened anew. data-given: the form came back from the server, and
// knows better. Signing out forgets it as it forgets drafts.
const PLACE = "draft:letter";
const TYPED = ["to", "cc", "bcc", "subject", "text"];

class Letter extends HTMLElement {
  connectedCallback() {
    this.form = this.querySelector("form");
    this.place = PLACE + location.search;
    this.form.addEventListener("input", () => this.remember());
    this.form.addEventListener("submit", () => this.remember(true));
    this.querySelector("[data-anew]").addEventListener("click", () => this.begin());
    this.restore();
  }

  remember(isSent = false) {
    const fields = [...new FormData(this.form)].filter(([name, value]) => typeof value === "string" && name !== "csrfmiddlewaretoken");
    const isEmpty = !fields.some(([name, value]) => TYPED.includes(name) && value.trim());
    if (isEmpty) localStorage.removeItem(this.place);
    else localStorage.setItem(this.place, JSON.stringify({ isSent, fields }));
  }

  restore() {
    const copy = JSON.parse(localStorage.getItem(this.place) ?? "null");
    if (!copy) return;
    if ("given" in this.dataset) return this.remember();
    // Who comes back from a send that failed finds it, too; its key is the same, so it leaves once.
    const isBack = performance.getEntriesByType("navigation")[0]?.type === "back_forward";
    if (copy.isSent && !isBack) return localStorage.removeItem(this.place);
    for (const [name, value] of copy.fields) if (this.form.elements[name]) this.form.elements[name].value = value;
    this.querySelector("[data-kept]").hidden = false;
  }

  begin() {
    localStorage.removeItem(this.place);
    location.assign(location.pathname + location.search); // a reload would keep what stands in the fields
  }
}
customElements.define("mg-letter", Letter);
