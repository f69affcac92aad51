// <mg-theme> around inputs named "theme" or "density": a choice is shown at once and kept in a cookie,
// which the server reads, so the next page comes in the right colours before any script runs.
class Theme extends HTMLElement {
  connectedCallback() {
    this.addEventListener("change", this);
  }

  disconnectedCallback() {
    this.removeEventListener("change", this);
  }

  handleEvent(event) {
    const { name, value } = event.target;
    if (name !== "theme" && name !== "density") return;
    const root = document.documentElement;
    if (value) root.dataset[name] = value;
    else delete root.dataset[name];
    const secure = location.protocol === "https:" ? "; secure" : "";
    document.cookie = `${name}=${value}; path=/; max-age=${value ? 31536000 : 0}; samesite=lax${secure}`;
  }
}
customElements.define("mg-theme", Theme);
