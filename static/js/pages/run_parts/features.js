/**
 * The list of what the tree page can do besides showing a branch: one module a thing, which is handed the page, watches its
 * facts and answers with the keys it acts on. None knows another.
 * @module
 */

import { attach as beside } from "./beside.js";
import { attach as picture } from "./picture.js";
import { attach as replay } from "./replay.js";

/** @typedef {import("./reader.js").RunPage} RunPage */
/** @typedef {Record<string, () => void>} Keys actions by the shipped key's name */

/** @type {((page: RunPage) => Keys | void)[]} */
export const FEATURES = [beside, picture, replay];
