/**
 * Measures how long a turn took until it stood on the screen, as entries of the browser's own timeline. It changes nothing.
 * @module
 */

/**
 * @param {"open" | "next"} what open: since the page was asked for; next: since the key
 * @param {() => void} after what is done once the turn is seen
 */
export function timed(what, after) {
  // The first frame is laid out after this; the task behind it runs when it has been handed to the screen.
  requestAnimationFrame(() => {
    const channel = new MessageChannel();
    channel.port1.onmessage = () => {
      performance.measure(`label-${what}`, what === "next" ? { start: "label-next-asked" } : { start: 0 });
      after();
    };
    channel.port2.postMessage(null);
  });
}
