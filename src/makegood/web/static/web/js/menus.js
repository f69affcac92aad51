// Menus are the platform's popovers; this adds the arrow keys, and puts the focus on the first choice or
// field when the keyboard opened one.
const CHOICES = "a[href], button:not(:disabled)";
const FIRST = `${CHOICES}, input:not([type="hidden"])`;

document.addEventListener("toggle", (event) => {
  const menu = event.target;
  if (!menu.matches?.(".menu[popover]") || event.newState !== "open") return;
  const opener = document.querySelector(`[popovertarget="${CSS.escape(menu.id)}"]:focus-visible`);
  if (opener) menu.querySelector(FIRST)?.focus();
}, true);

document.addEventListener("keydown", (event) => {
  const menu = event.target.closest?.(".menu[popover]");
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!menu || !step || event.target.matches("input, textarea, select")) return;
  const choices = [...menu.querySelectorAll(CHOICES)];
  const next = choices.indexOf(document.activeElement) + step;
  choices[(next + choices.length) % choices.length]?.focus();
  event.preventDefault();
});
