/**
 * A step or a branch as Markdown, to be pasted where people write to each other. It renders nothing, and leaves out what the
 * reader has hidden.
 * @module
 */

import { decimal, makerName } from "./format.js";

/** @typedef {import("../net/steps.js").FullStep} FullStep */
/**
 * @typedef {object} About
 * @property {string} run such as "Run 41"
 * @property {string} problem its statement
 * @property {(number: number) => string} link to a step
 * @property {boolean} hidesScores
 */

/**
 * @param {FullStep} step
 * @param {About} about
 * @returns {string} with a line's end
 */
export function stepAsMarkdown(step, about) {
  return `${[`[${about.run}, step ${step.number}](${about.link(step.number)})${facts(step, about)}`, quoted(step.text), ...answer(step)].join("\n\n")}\n`;
}

/**
 * @param {FullStep[]} steps from the root down, at least one
 * @param {About} about
 * @returns {string} with a line's end
 */
export function branchAsMarkdown(steps, about) {
  const last = steps[steps.length - 1];
  const parts = [`[${about.run}, branch to step ${last.number}](${about.link(last.number)})`, "**Problem**", quoted(about.problem)];
  steps.forEach((step, at) => parts.push(`**${at + 1}** · step ${step.number}${facts(step, about)}`, quoted(step.text)));
  return `${[...parts, ...answer(last)].join("\n\n")}\n`;
}

/** @param {FullStep} step @param {About} about */
function facts(step, { hidesScores }) {
  const scores = hidesScores ? [] : step.scores.map(({ maker, value }) => `${makerName(maker)} ${decimal(value)}`);
  // A reason quotes scores.
  const pruned = step.pruned === null ? [] : [step.pruned_why && !hidesScores ? `pruned: ${oneLine(step.pruned_why)}` : "pruned"];
  const chosen = step.chosen === null ? [] : [step.chosen_why && !hidesScores ? `chosen: ${oneLine(step.chosen_why)}` : "chosen"];
  return [...scores, ...pruned, ...chosen].map((fact) => ` · ${fact}`).join("");
}

/** @param {FullStep} step @returns {string[]} */
function answer({ answer: said }) {
  if (!said) return [];
  const judged = said.correct === null ? "not judged" : said.correct ? "right" : "wrong";
  return [`**Answer** (${judged}, by ${said.checker})`, quoted(said.text)];
}

/** As a quotation every line stays as it was written, whatever it would mean to Markdown at its start. @param {string} text */
function quoted(text) {
  return text.split(/\r\n|\r|\n/).map((line) => (line ? `> ${line}` : ">")).join("\n");
}

/** @param {string} text */
function oneLine(text) {
  return text.replace(/\s+/g, " ").trim();
}
