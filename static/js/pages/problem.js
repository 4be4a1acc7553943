/**
 * The page of a problem: mathematics of its statement and worked solution. Asks the server for nothing.
 * @module
 */

import { typesetAll } from "../panels/run_facts.js";

typesetAll(document);
