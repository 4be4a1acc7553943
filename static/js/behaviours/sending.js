/**
 * Says that the form around [data-words] is on its way, and for how long by now. It holds nothing back: who sends twice is answered by
 * the server.
 * @module
 */

const SECOND_MS = 1000;

/** @param {HTMLElement} place */
export function attach(place) {
  const form = place.closest("form");
  // Read out once; the seconds are for the eye.
  const words = document.createElement("span");
  const seconds = document.createElement("span");
  seconds.setAttribute("aria-hidden", "true");
  place.append(words, seconds);
  let timer = 0;
  const stop = () => {
    clearInterval(timer);
    words.textContent = seconds.textContent = "";
  };
  form?.addEventListener("submit", ({ submitter, defaultPrevented }) => {
    if (defaultPrevented || (submitter?.getAttribute("formmethod") ?? form.method) !== "post") return;
    stop();
    const from = performance.now();
    words.textContent = `${place.dataset.words} …`;
    timer = Number(setInterval(() => (seconds.textContent = ` ${Math.round((performance.now() - from) / SECOND_MS)} s`), SECOND_MS));
  });
  // Who goes back finds the page as it was left.
  addEventListener("pageshow", stop);
}
