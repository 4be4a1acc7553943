/**
 * Shows its element while the browser has no connection.
 * @module
 */

/** @param {HTMLElement} notice */
export function attach(notice) {
  const show = () => {
    notice.hidden = navigator.onLine;
  };
  addEventListener("online", show);
  addEventListener("offline", show);
  show();
}
