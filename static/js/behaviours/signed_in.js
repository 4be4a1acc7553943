/**
 * Tells the tabs that wait for somebody to sign in that somebody has, and closes this one where a page opened it.
 * @module
 */

/** Needs nothing of its element: that it is there is the news. */
export function attach() {
  new BroadcastChannel("session").postMessage("signed-in");
  // Only a tab that a page opened may close itself; any other stays and says where to go.
  if (opener) close();
}
