// After a form came back with errors, the first bad field has the focus.
const focusFirstBadField = (place) => place.querySelector?.('[aria-invalid="true"]:not([type="hidden"])')?.focus();

focusFirstBadField(document);
document.addEventListener("htmx:after:swap", (event) => {
  if (event.detail?.ctx?.response?.status === 422) focusFirstBadField(document);
});
