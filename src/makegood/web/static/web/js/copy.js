// <mg-copy>: its button copies what stands in its field, which is chosen whole: it is there to be taken along.
class Copy extends HTMLElement {
  connectedCallback() {
    const field = this.querySelector("input"), button = this.querySelector("button");
    if (field.autofocus) field.select();
    button.hidden = !navigator.clipboard;
    button.addEventListener("click", async () => {
      field.select();
      await navigator.clipboard.writeText(field.value);
      this.querySelector("[role=status]").textContent = button.dataset.done;
    });
  }
}
customElements.define("mg-copy", Copy);
