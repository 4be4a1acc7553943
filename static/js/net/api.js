/**
 * Talks to the server: same origin, with the CSRF token, one type of error, everything aborted on leaving the page.
 * @module
 */

const leaving = new AbortController();
addEventListener("pagehide", () => leaving.abort());

/** What the server or the network said; `message` may be shown. `status` is 0 where no answer came. */
export class ApiError extends Error {
  /**
   * @param {string} message
   * @param {number} status
   * @param {string} code
   * @param {{retryAfter?: number | null, answer?: any}} [more] retryAfter: seconds the server asks to wait; answer: its whole JSON
   */
  constructor(message, status, code, { retryAfter = null, answer = null } = {}) {
    super(message);
    this.status = status;
    this.code = code;
    this.retryAfter = retryAfter;
    this.answer = answer;
  }

  /** Whether the same request may succeed later, with nothing changed by the reader. */
  get isPassing() {
    return this.status === 0 || this.status === 429 || this.status >= 500;
  }
}

/**
 * @param {string} path
 * @returns {Promise<ArrayBuffer>}
 */
export async function getColumns(path) {
  return whole((await send(path, {})).arrayBuffer());
}

/**
 * @param {string} path
 * @param {AbortSignal} [signal] gives the request up: it fails then with the code "left"
 * @returns {Promise<any>}
 */
export async function getJson(path, signal) {
  const either = signal ? AbortSignal.any([leaving.signal, signal]) : leaving.signal;
  return whole((await send(path, { headers: { Accept: "application/json" }, signal: either })).json(), either);
}

/**
 * A fragment of a page, as a document of its own in which nothing runs.
 * @param {string} path
 * @returns {Promise<Document | null>} null where no such answer came, for whatever reason: whoever asks will ask again
 */
export async function getPage(path) {
  try {
    const response = await send(path, { headers: { Accept: "text/html" } });
    return response.redirected ? null : new DOMParser().parseFromString(await whole(response.text()), "text/html");
  } catch (error) {
    if (error instanceof ApiError) return null;
    throw error;
  }
}

/**
 * A fragment of a page, as getPage gives it, but with every failure told: for what the reader has asked for.
 * @param {string} path
 * @param {{signal?: AbortSignal, fields?: Record<string, string>}} [options] fields: what is sent as a form to be answered;
 *   signal: gives the request up: it fails then with the code "left"
 * @returns {Promise<Document>}
 */
export async function getFragment(path, { signal, fields } = {}) {
  const either = signal ? AbortSignal.any([leaving.signal, signal]) : leaving.signal;
  const form = fields && { method: "POST", body: new URLSearchParams(fields) };
  const headers = { Accept: "text/html", ...(fields && { "X-CSRFToken": token() }) };
  const response = await send(path, { ...form, headers, signal: either });
  if (response.redirected) throw new ApiError("You are signed out. Sign in in another tab, then try again here.", 401, "signed-out");
  return new DOMParser().parseFromString(await whole(response.text(), either), "text/html");
}

/**
 * @param {string} path
 * @param {object} body
 * @param {{signal?: AbortSignal, keepalive?: boolean}} [options] signal: gives the request up, instead of leaving the page;
 *   keepalive: goes on behind a page that closes
 * @returns {Promise<any>}
 */
export async function postJson(path, body, { signal = leaving.signal, keepalive = false } = {}) {
  const headers = { Accept: "application/json", "Content-Type": "application/json", "X-CSRFToken": token() };
  const response = await send(path, { method: "POST", headers, body: JSON.stringify(body), signal, keepalive });
  return whole(response.json(), signal);
}

/**
 * What a page of ours takes as a form, sent without leaving the page.
 * @param {string} path
 * @param {Record<string, string>} fields
 */
export async function postForm(path, fields) {
  await send(path, { method: "POST", headers: { "X-CSRFToken": token() }, body: new URLSearchParams(fields) });
}

function token() {
  return document.querySelector('meta[name="csrf-token"]')?.getAttribute("content") ?? "";
}

/**
 * An answer's body. One that breaks off half-way is no answer, and asked for again like one that never came.
 * @template T
 * @param {Promise<T>} body
 * @param {AbortSignal} signal that gives the request up
 * @returns {Promise<T>}
 */
async function whole(body, signal = leaving.signal) {
  try {
    return await body;
  } catch {
    throw new ApiError("The answer broke off.", 0, signal.aborted ? "left" : "broken");
  }
}

/**
 * @param {string} path
 * @param {RequestInit} options
 * @returns {Promise<Response>}
 */
async function send(path, options) {
  const signal = options.signal ?? leaving.signal;
  /** @type {Response} */
  let response;
  try {
    response = await fetch(path, { ...options, credentials: "same-origin", signal });
  } catch {
    throw new ApiError("The server could not be reached.", 0, signal.aborted ? "left" : "unreachable");
  }
  if (!response.ok) throw await errorOf(response);
  return response;
}

/** Why a page was refused, in the words it has for people (templates/errors). @param {Response} response */
async function sentenceOf(response) {
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  return page.querySelector('[data-part="refusal"]')?.textContent ?? "";
}

/**
 * @param {Response} response
 * @returns {Promise<ApiError>}
 */
async function errorOf(response) {
  const type = response.headers.get("Content-Type") ?? "";
  const answer = type.startsWith("application/json") ? await response.json() : null;
  const said = type.startsWith("text/html") ? await sentenceOf(response) : answer?.error?.message;
  const message = said || `The server answered ${response.status}.`;
  const retryAfter = Number(response.headers.get("Retry-After")) || null;
  return new ApiError(message, response.status, answer?.error?.code ?? "unknown", { retryAfter, answer });
}
