// <mg-frame> around the sandboxed frame of a mail: as high as its content, so the thread scrolls as one page.
// It has the state "images" once the frame shows the mail with its remote images.
const HIGHEST = 20_000;

class Frame extends HTMLElement {
  states = this.attachInternals().states;

  connectedCallback() {
    this.frame = this.querySelector("iframe");
    this.frame?.addEventListener("load", this);
    this.asking?.addEventListener("click", this);
    if (this.frame?.contentDocument?.readyState === "complete") this.watch();
  }

  disconnectedCallback() {
    this.frame?.removeEventListener("load", this);
    this.asking?.removeEventListener("click", this);
    this.observer?.disconnect();
  }

  // What asks for the images stands with the message, also where the whole mail is folded up.
  get asking() {
    return this.closest("article")?.querySelector(".blocked");
  }

  handleEvent(event) {
    if (event.type === "click") return this.follow(this.frame.contentDocument, event.timeStamp);
    this.watch();
    this.tell();
  }

  // The mail can be read long before the last of its images has come, which is when it has loaded.
  follow(before, since) {
    const page = this.frame.contentDocument;
    if (page?.body && page !== before) {
      this.watch();
      this.tell();
    } else if (performance.now() - since < 20_000) requestAnimationFrame(() => this.follow(before, since));
  }

  // What asked for the images goes; whoever stood on it goes on with the mail.
  tell() {
    const path = this.frame.contentDocument?.location.pathname ?? "";
    if (!path.startsWith("/remote-images/")) return this.states.delete("images");
    this.closest("details")?.setAttribute("open", ""); // not before: a lazy frame would load the mail without them
    if (this.asking?.contains(document.activeElement)) this.frame.focus();
    this.states.add("images");
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
