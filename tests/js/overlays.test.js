import assert from "node:assert/strict";
import { test } from "node:test";

import { bucketIn, bucketOf } from "../../static/js/lib/colour.js";
import { countDomain, magnitudeDomain, wordsOfScale } from "../../static/js/lib/domains.js";
import { Overlays } from "../../static/js/overlays/index.js";
import { Labels } from "../../static/js/overlays/labels.js";
import { otherScore, playedScore } from "../../static/js/overlays/scores.js";
import { correctness, origin } from "../../static/js/overlays/tree_facts.js";
import { treeFrom } from "./trees.js";

const MAKER = { kind: "scorer", key: "prm", version: "2", revision: "abcdef0123456789" };
const score = playedScore(MAKER);

function given(values) {
  const array = Float32Array.from([NaN, ...values]);
  return { upTo: () => array, load: async () => {} };
}

function overlaysWith({ column = () => given([]), standing = {} } = {}) {
  const simulations = { at: (tree) => ({ visits: new Float32Array(tree.count + 1), values: new Float32Array(tree.count + 1) }), load: async () => {} };
  return new Overlays({ labels: new Labels({ labels: [], standing, newest: {} }), column, simulations, scoresAt: () => null });
}

test("a probability diverges from its threshold, however narrow the scores of a tree are", () => {
  const tree = treeFrom([0, 1, 2], { score: [0.6, 0.7, NaN] });
  assert.equal(score.scale(tree), "score");
  assert.deepEqual(score.domain(tree), { low: 0, middle: 0.5, high: 1 });
});

test("a magnitude is sequential from the least to the greatest score, with its median in the middle", () => {
  const tree = treeFrom([0, 1, 1, 1, 1], { score: [0, 1, 2, 3, 60] });
  assert.equal(score.scale(tree), "entropy");
  assert.deepEqual(score.domain(tree), { low: 0, middle: 2, high: 60 });
  assert.equal(score.scale(treeFrom([0, 1], { score: [-2, 0.5] })), "entropy");
});

test("a tree without a score, or with one magnitude only, still has a scale", () => {
  assert.deepEqual(score.domain(treeFrom([0])), { low: 0, middle: 0.5, high: 1 });
  const one = treeFrom([0, 1], { score: [20, 20] });
  assert.ok(bucketOf(20, score.domain(one)) >= 0);
});

test("the scale of fetched scores follows their values, and its legend names who gave them", () => {
  const other = otherScore("score-4", MAKER, given([-3, 5]));
  const tree = treeFrom([0, 1]);
  assert.equal(other.scale(tree), "entropy");
  assert.deepEqual(other.domain(tree), { low: -3, middle: -3, high: 5 });
  assert.equal(other.legend(tree), "score by prm 2 (abcdef01)");
});

test("scores as they stood are shown at a cursor, and those of today where nobody knows how they stood", () => {
  const then = Float32Array.from([NaN, NaN, 0.1]);
  const tree = treeFrom([0, 1], { score: [0.5, 0.9] });
  assert.equal(playedScore(MAKER, () => then).values(tree, 7), then);
  assert.equal(playedScore(MAKER, () => then).values(tree, null), tree.score);
  assert.equal(playedScore(MAKER, () => null).values(tree, 7), tree.score);
});

test("each end of a branch is right, wrong or not known, and any other step is none of them", () => {
  const tree = treeFrom([0, 0, 0, 0], { flags: [1 | 4, 1 | 8, 1, 0] });
  const names = [...correctness.values(tree)].slice(1).map((value) => correctness.kinds[value]?.name ?? correctness.without);
  assert.deepEqual(names, ["right answer", "wrong answer", "answer not known to be either", "no answer here"]);
});

test("the origin of a step is read off its flags", () => {
  const tree = treeFrom([0, 0], { flags: [3 << 4, (5 << 4) | 1] });
  assert.deepEqual([...origin.values(tree)].slice(1).map((value) => origin.kinds[value].name), ["edited", "imported"]);
});

test("a kind is its own bucket and no value has none", () => {
  assert.equal(bucketIn(correctness, 2, correctness.domain()), 2);
  assert.equal(bucketIn(correctness, NaN, correctness.domain()), -1);
});

test("a verdict given while the page is open is seen at once", () => {
  const overlays = overlaysWith({ standing: { 2: "bad" } });
  const tree = treeFrom([0, 1]);
  const label = overlays.offered(tree, []).find(({ key }) => key === "label");
  assert.deepEqual([...label.values(tree)].map(label.format), ["", "", "✕"]);
  overlays.data.labels.set(1, "good", false);
  assert.deepEqual([...label.values(tree)].map(label.format), ["", "✓", "✕"]);
});

test("offered is what there are values for, scores first and each scorer in a group of its own", () => {
  const tree = treeFrom([0, 1], { score: [0.5, NaN] });
  tree.header.scorer = MAKER;
  const catalogue = [
    { key: "score-9", kind: "score", maker: { ...MAKER, key: "judge" } },
    { key: "score-1", kind: "score", maker: MAKER, playing: true },
    { key: "visits" },
    { key: "logprob" },
    { key: "something-newer" },
  ];
  const overlays = overlaysWith();
  assert.deepEqual(overlays.offered(tree, catalogue).map(({ key }) => key), [
    "score", "score-9", "visits", "value", "logprob", "label", "depth", "origin",
  ]);
  assert.equal(overlays.offered(tree, catalogue)[1], overlays.offered(tree, catalogue)[1]);
});

test("a log-probability is one a token, and the likeliest stand at the faint end", () => {
  const tree = treeFrom([0, 1]);
  tree.tokens.set([4, 0], 1);
  const logprob = overlaysWith({ column: () => given([-2, -9]) }).fetched({ key: "logprob" })[0];
  assert.equal(logprob.values(tree)[1], -0.5);
  assert.ok(Number.isNaN(logprob.values(tree)[2]));
  const { low, high } = logprob.domain(tree);
  assert.ok(low > high);
  assert.equal(bucketOf(0, { low: 0, middle: -1, high: -2 }), 0);
  assert.equal(bucketOf(-2, { low: 0, middle: -1, high: -2 }), 12);
});

test("counts have their geometric middle, magnitudes end where nearly all lie", () => {
  assert.deepEqual(countDomain(Float32Array.from([NaN, 1, 100])), { low: 1, middle: 10, high: 100 });
  const values = Float32Array.from({ length: 200 }, (_, at) => (at === 199 ? 9999 : at));
  assert.ok(magnitudeDomain(values).high < 200);
});

test("a scale has as many digits as tell its ends and its middle apart", () => {
  const format = (/** @type {number} */ value) => value.toFixed(2);
  assert.deepEqual(wordsOfScale({ low: 0, middle: 0.001, high: 60 }, format), ["0.000", "0.001", "60.000"]);
  assert.deepEqual(wordsOfScale({ low: 0, middle: 0.5, high: 1 }, format), ["0.00", "0.50", "1.00"]);
  assert.deepEqual(wordsOfScale({ low: 2, middle: 2, high: 3 }, format), ["2.00", "2.00", "3.00"]);
  assert.deepEqual(wordsOfScale({ low: 1, middle: 1 + 1e-9, high: 2 }, format), ["1.00", "1.00", "2.00"]);
});

test("a run that was opened before its first score has its scorer's name and its scores as they stood from then on", () => {
  const overlays = overlaysWith();
  const then = Float32Array.of(NaN, 0.25);
  overlays.data = { ...overlays.data, scoresAt: () => then };
  assert.equal(overlays.played(null).name, "Score");
  const played = overlays.played(MAKER);
  assert.match(played.name, /prm/);
  assert.equal(played.values(treeFrom([0], { score: [0.5] }), 3), then);
  assert.equal(overlays.played(MAKER), played);
});

test("how far people agree is offered where the server has it, on one scale, and nothing where fewer than two judged", () => {
  const overlays = overlaysWith({ column: () => given([1, NaN]) });
  const tree = treeFrom([0, 1]);
  const offered = overlays.offered(tree, [{ key: "agreement" }, { key: "labellers" }]);
  const agreement = offered.find(({ key }) => key === "agreement");
  assert.deepEqual(agreement?.domain(tree), { low: 0, middle: 0.5, high: 1 });
  assert.ok(Number.isNaN(agreement?.values(tree)[2]));
  assert.equal(offered.filter(({ key }) => key === "labellers").length, 1);
});
