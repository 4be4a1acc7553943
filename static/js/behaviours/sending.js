/**
 * Says that the form around [data-words] is on its way, and for how long by now. It holds nothing back: who sends twice is answered by
 * the server.
 * @module
 */

const SECOND_MS = 1000;

/** @param {HTMLElement} place of two parts: what is read out, once, and the seconds, which are for the eye */
export function attach(place) {
  const form = place.closest("form");
  const [words, seconds] = place.children;
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
  // Who goes back finds the page as it was left, and Escape is how one stops waiting for another.
  addEventListener("pageshow", ({ persisted }) => void (persisted && stop()));
  addEventListener("keydown", ({ key }) => void (key === "Escape" && stop()));
}
