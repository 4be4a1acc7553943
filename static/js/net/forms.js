/**
 * Sends a form of ours without leaving the page, and tells whether the server led on or gave the form back. It reads no
 * field.
 * @module
 */

import { ApiError } from "./api.js";

/** A form that comes back, and one that was refused with sentences beside its fields. */
const ANSWERED = new Set([200, 400]);

/**
 * @param {HTMLFormElement} form with its token against forged requests among its fields
 * @param {HTMLElement | null} by the button that sends it, whose name and value go along
 * @returns {Promise<{address: string} | {page: Document}>} where the server leads, or the page with the form. Rejects with
 *   an ApiError where neither came
 */
export async function sendForm(form, by) {
  const fields = new URLSearchParams();
  for (const [name, value] of new FormData(form, by)) if (typeof value === "string") fields.append(name, value);
  /** @type {Response} */
  let response;
  try {
    response = await fetch(form.action, { method: "POST", body: fields, credentials: "same-origin", headers: { Accept: "text/html" } });
  } catch {
    throw new ApiError("The server could not be reached; nothing was sent.", 0, "unreachable");
  }
  if (response.redirected) return { address: response.url };
  if (!ANSWERED.has(response.status)) throw new ApiError(said(response.status), response.status, "refused");
  return { page: new DOMParser().parseFromString(await response.text(), "text/html") };
}

/** @param {number} status */
function said(status) {
  if (status === 403) return "You may not do this: your role has changed, or your session is another. Load the page again.";
  if (status === 429) return "Too often: wait a minute, then send it again.";
  return `The server answered ${status}.`;
}
