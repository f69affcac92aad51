// <mg-draft data-draft-url="…"> around a form with a hidden field "key", the draft's uuid: what is written goes to this
// browser at once and to the server within two seconds. A copy belongs to its key: when the page comes back with the
// same key after a crash, the copy returns; with another key the draft was sent, and the copy is dropped.
// The answer to a send brings "mg:sent" with the next key (a header: HX-Trigger: {"mg:sent": {"key": "…"}}).
const PAUSE = 1500;
const STORE = "draft:";

class Draft extends HTMLElement {
  connectedCallback() {
    this.form = this.querySelector("form");
    if (!this.form) return;
    this.place = STORE + this.dataset.draftUrl;
    this.restore();
    this.form.addEventListener("input", this);
    this.form.addEventListener("change", this);
    this.form.addEventListener("submit", this);
    this.addEventListener("mg:sent", this);
    window.addEventListener("pagehide", this);
    window.addEventListener("online", this);
  }

  disconnectedCallback() {
    clearTimeout(this.timer);
    window.removeEventListener("pagehide", this);
    window.removeEventListener("online", this);
  }

  handleEvent(event) {
    if (event.type === "submit") this.settle();
    else if (event.type === "mg:sent") this.begin(event.detail.key);
    else if (event.type === "pagehide") this.flush();
    else if (event.type === "online") this.unsaved && this.save();
    else this.remember();
  }

  get key() {
    return this.form.elements.key?.value;
  }

  // The next draft begins: other words, the same mode and the same recipients.
  begin(key) {
    localStorage.removeItem(this.place);
    for (const text of this.form.querySelectorAll("textarea, input[type=file]")) text.value = "";
    this.form.elements.key.value = key;
  }

  remember() {
    localStorage.setItem(this.place, JSON.stringify({ key: this.key, fields: this.fields() }));
    this.unsaved = true;
    this.timer ??= setTimeout(() => this.save(), PAUSE);
  }

  // A form that has been sent must not be overwritten by a save that was still on its way.
  settle() {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.unsaved = false;
    this.saving?.abort();
  }

  flush() {
    if (this.unsaved) this.save(true);
  }

  async save(keepalive = false) {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.unsaved = false;
    this.saving = new AbortController();
    const headers = { "X-CSRFToken": this.form.elements.csrfmiddlewaretoken?.value ?? "" };
    const options = { method: "POST", body: new URLSearchParams(this.fields()), headers, keepalive, signal: this.saving.signal };
    try {
      const response = await fetch(this.dataset.draftUrl, { ...options, credentials: "same-origin" });
      if (response.ok) this.say();
      else this.unsaved = true;
    } catch (error) {
      this.unsaved = error.name !== "AbortError";
    }
  }

  fields() {
    const isKept = ([name, value]) => typeof value === "string" && name !== "csrfmiddlewaretoken";
    return [...new FormData(this.form)].filter(isKept);
  }

  restore() {
    const copy = JSON.parse(localStorage.getItem(this.place) ?? "null");
    if (copy && copy.key !== this.key) localStorage.removeItem(this.place);
    if (!copy || copy.key !== this.key) return;
    for (const [name, value] of copy.fields) {
      const control = this.form.elements[name];
      if (control instanceof RadioNodeList) control.value = value;
      else if (control?.type === "checkbox") control.checked = true;
      else if (control && control.type !== "hidden") control.value = value;
    }
  }

  say() {
    const place = this.querySelector("[data-saved]");
    const time = new Date().toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
    if (place) place.textContent = place.dataset.saved.replace("%s", time);
  }
}
customElements.define("mg-draft", Draft);

// A sign-out form carries data-forget: nothing that was written stays on this machine.
document.addEventListener("submit", (event) => {
  if (!event.target.matches("form[data-forget]")) return;
  for (const name of Object.keys(localStorage)) if (name.startsWith(STORE)) localStorage.removeItem(name);
});
