// <mg-keys>: each control that has a key says so: data-key="r", "g i" (one after the other), "mod+enter", "mod+k".
// Single letters work outside text fields, without modifiers, never while an input method composes, and not at all
// with the attribute data-off. event.key is matched, so every keyboard layout works.
const TOGETHER = 1200;
const WRITING = 'textarea, select, [contenteditable=""], [contenteditable="true"], input:not([type="checkbox"], [type="radio"], [type="button"], [type="submit"])';
const FIRST = 'a[href], button:not(:disabled), input:not([type="hidden"])';

class Keys extends HTMLElement {
  connectedCallback() {
    this.first = "";
    const open = document.querySelector('[data-rows] [aria-current="true"]');
    if (open) this.stand(open);
    document.addEventListener("keydown", this);
    document.addEventListener("click", this);
  }

  disconnectedCallback() {
    document.removeEventListener("keydown", this);
    document.removeEventListener("click", this);
  }

  handleEvent(event) {
    // What carries data-help shows the keys also to those who have switched them off.
    if (event.type === "click") return event.target.closest("[data-help]") && this.help();
    if (event.defaultPrevented || event.isComposing || event.keyCode === 229) return;
    const wanted = this.wanted(event);
    if (wanted && this.act(wanted, event)) event.preventDefault();
  }

  wanted(event) {
    const modified = event.ctrlKey || event.metaKey;
    if (modified && !event.altKey) {
      const key = event.key.toLowerCase();
      return key === "enter" || key === "k" ? `mod+${event.shiftKey ? "shift+" : ""}${key}` : "";
    }
    const isLetter = event.key.length === 1 && !event.altKey;
    const isBusy = event.target.closest(WRITING) || document.querySelector("dialog:modal");
    if (!isLetter || isBusy || "off" in this.dataset) return "";
    const key = event.key.toLowerCase();
    const pair = `${this.first} ${key}`;
    const isSecond = this.first && Date.now() - this.since < TOGETHER && this.find(pair);
    this.first = isSecond ? "" : key;
    this.since = Date.now();
    return isSecond ? pair : key;
  }

  act(wanted, event) {
    if (wanted.startsWith("mod+") && wanted.endsWith("enter")) return event.repeat || this.send(wanted, event.target.closest("form"));
    if (wanted === "?") return this.help();
    const control = this.find(wanted);
    if (control) {
      const menu = control.popoverTargetElement;
      if (menu || control.matches(WRITING)) control.focus(); // a menu gives the focus back when it closes
      if (!control.matches(WRITING)) control.click();
      menu?.querySelector(FIRST)?.focus(); // at once: what is typed next is meant for the menu
      control.closest(".composer label")?.control?.form.querySelector("textarea")?.focus();
      return true;
    }
    if (wanted === "j" || wanted === "k") return this.move(wanted === "j" ? 1 : -1);
    return false;
  }

  // What is open on top is asked first: "k" in a promise's menu means kept, not "previous". What says data-anywhere is
  // pressed out of sight, too: in a closed menu, or where the screen has room for both sides.
  find(wanted) {
    const places = [...document.querySelectorAll(".menu:popover-open"), document];
    for (const place of places) {
      for (const control of place.querySelectorAll(`[data-key="${CSS.escape(wanted)}"]`)) {
        if (control.checkVisibility() && !control.disabled) return control;
      }
    }
    return document.querySelector(`[data-anywhere][data-key="${CSS.escape(wanted)}"]`);
  }

  send(wanted, form) {
    const buttons = [...(form?.querySelectorAll(`[data-key="${wanted}"]`) ?? [])];
    // A choice of the closed menu of send options counts too; the other mode's button does not.
    const button = buttons.find((one) => one.checkVisibility() || one.closest("[popover]"));
    if (!button) return false;
    form.requestSubmit(button);
    return true;
  }

  help() {
    const dialog = this.querySelector("dialog");
    if (!dialog || dialog.open) return false;
    dialog.showModal();
    return true;
  }

  move(step) {
    const rows = [...document.querySelectorAll("[data-rows] .item, [data-rows] [data-row]")];
    if (!rows.length) return false;
    const now = rows.indexOf(document.activeElement.closest(".item, [data-row]"));
    // Back in the list, "next" goes on behind what was read last.
    const isLast = (row) => row.ariaCurrent === "true" || (row.id && row.id === sessionStorage.getItem("row"));
    const current = now >= 0 ? now : rows.findIndex(isLast);
    const next = rows[Math.max(0, Math.min(rows.length - 1, current + step))];
    next.focus();
    next.scrollIntoView({ block: "nearest" });
    this.stand(next);
    return true;
  }

  stand(row) {
    sessionStorage.setItem("row", row.id);
  }
}
customElements.define("mg-keys", Keys);
