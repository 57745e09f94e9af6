/**
 * Lets a Polaris button press a native one, which can send its form elsewhere (formaction).
 *
 * Accepts: `<s-button data-press="id">` and `<button id="id" type="submit" formaction="…" hidden>`.
 */
document.addEventListener("click", (event) => {
  const presser = event.target.closest?.("[data-press]");
  const button = presser && document.getElementById(presser.dataset.press);
  button?.form.requestSubmit(button);
});
