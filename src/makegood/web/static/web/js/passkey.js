// A passkey that could not be used says why: [data-passkey-failed] holds a sentence for each kind of failure.
document.addEventListener("allauth.error", (event) => {
  const lines = [...document.querySelectorAll("[data-passkey-failed] > [data-when]")];
  if (!lines.length) return;
  event.preventDefault();
  const name = event.detail.exception?.name ?? "";
  const known = lines.find((line) => line.dataset.when === name) ?? lines.at(-1);
  for (const line of lines) line.hidden = line !== known;
});
