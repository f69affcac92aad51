// <mg-zone> around a select of time zones in which nobody has chosen yet: the browser's own is proposed.
class Zone extends HTMLElement {
  connectedCallback() {
    const select = this.querySelector("select");
    const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
    if (select.value !== "UTC" || ![...select.options].some((option) => option.value === zone)) return;
    select.value = zone;
    select.dispatchEvent(new Event("change", { bubbles: true }));
  }
}
customElements.define("mg-zone", Zone);
