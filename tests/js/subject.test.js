import assert from "node:assert/strict";
import { test } from "node:test";

import { Subject } from "../../static/js/canvas/subject.js";
import { randomTree } from "./trees.js";

test("what stands for a cell is found once for all moments of a replay, and anew for now", () => {
  const tree = randomTree(5, 300);
  for (let step = 1; step <= tree.count; step++) tree.pruned[step] = step % 3 ? 0 : tree.born[step] + 1;
  const subject = new Subject(tree);
  const now = subject.all();
  subject.at(40, 0);
  const then = subject.all();
  subject.at(41, 0);
  assert.equal(subject.all(), then);
  subject.at(null, 0);
  assert.notDeepEqual(subject.all().at(8), then.at(8));
  assert.deepEqual(subject.all().at(8), now.at(8));
});
