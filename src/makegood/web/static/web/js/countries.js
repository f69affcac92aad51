// <mg-countries> around a select whose values are ISO codes of countries: they are named and ordered in the page's
// language, which the browser knows.
class Countries extends HTMLElement {
  connectedCallback() {
    const select = this.querySelector("select");
    const language = document.documentElement.lang || "en";
    const names = new Intl.DisplayNames([language], { type: "region", fallback: "none" });
    const chosen = select.value;
    const options = [...select.options].filter((option) => option.value);
    for (const option of options) option.textContent = names.of(option.value) ?? option.textContent;
    options.sort((one, other) => one.textContent.localeCompare(other.textContent, language));
    select.append(...options);
    select.value = chosen;
  }
}
customElements.define("mg-countries", Countries);
