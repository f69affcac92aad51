// <mg-frame> around the sandboxed frame of a mail: as high as its content, so the thread scrolls as one page.
const HIGHEST = 20_000;

class Frame extends HTMLElement {
  connectedCallback() {
    this.frame = this.querySelector("iframe");
    this.frame?.addEventListener("load", this);
    if (this.frame?.contentDocument?.readyState === "complete") this.watch();
  }

  disconnectedCallback() {
    this.frame?.removeEventListener("load", this);
    this.observer?.disconnect();
  }

  handleEvent() {
    this.watch();
  }

  watch() {
    const body = this.frame.contentDocument?.body;
    if (!body) return;
    this.observer?.disconnect();
    this.observer = new ResizeObserver(() => this.fit(body));
    this.observer.observe(body);
    this.fit(body);
  }

  // Heights in a mail may depend on the frame's own height; growth by a pixel or less ends that circle.
  fit(body) {
    const height = Math.min(Math.ceil(body.getBoundingClientRect().height + this.marginsOf(body)), HIGHEST);
    if (Math.abs(height - (this.height ?? 0)) <= 1) return;
    this.height = height;
    this.frame.style.blockSize = `${height}px`;
  }

  marginsOf(body) {
    const style = body.ownerDocument.defaultView.getComputedStyle(body);
    return parseFloat(style.marginTop) + parseFloat(style.marginBottom);
  }
}
customElements.define("mg-frame", Frame);
