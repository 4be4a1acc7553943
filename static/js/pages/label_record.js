/**
 * The page of an imported record: its mathematics. Asks the server for nothing.
 * @module
 */

import { typesetAll } from "../panels/run_facts.js";

typesetAll(document);
