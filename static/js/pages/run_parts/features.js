/**
 * The list of what the tree page can do besides showing a branch: one module a thing, which is handed the page, watches its
 * facts and answers with the keys it acts on. None knows another.
 * @module
 */

import { attach as beside } from "./beside.js";
import { attach as comments } from "./comments.js";
import { attach as filters } from "./filters.js";
import { attach as find } from "./find.js";
import { attach as fork } from "./fork.js";
import { attach as outline } from "./outline.js";
import { attach as palette } from "./palette.js";
import { attach as picture } from "./picture.js";
import { attach as plot } from "./plot.js";
import { attach as reasoning } from "./reasoning.js";
import { attach as replay } from "./replay.js";
import { attach as share } from "./share.js";

/** @typedef {import("./reader.js").RunPage} RunPage */
/** @typedef {Record<string, () => void>} Keys actions by the shipped key's name */

/** @type {((page: RunPage) => Keys | void)[]} */
export const FEATURES = [comments, beside, fork, picture, filters, find, replay, outline, palette, share, reasoning, plot];
