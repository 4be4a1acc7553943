import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after, before, test } from "node:test";

globalThis.addEventListener ??= () => {};
const { ApiError, getColumns, getJson } = await import("../../static/js/net/api.js");

/** @type {Record<string, (answer: import("node:http").ServerResponse) => void>} */
const ANSWERS = {
  "/whole": (answer) => answer.end('{"steps": []}'),
  "/cut": (answer) => {
    answer.writeHead(200, { "Content-Length": "100" });
    answer.write("half", () => answer.destroy());
  },
  "/refused": (answer) => {
    answer.writeHead(404, { "Content-Type": "application/json" });
    answer.end('{"error": {"code": "not-found", "message": "There is no such run."}}');
  },
  "/broken": (answer) => answer.writeHead(503).end("away"),
};
const server = createServer((question, answer) => ANSWERS[question.url](answer));
let address = "";
before(() => new Promise((listening) => server.listen(0, "127.0.0.1", () => listening((address = `http://127.0.0.1:${server.address().port}`)))));
after(() => server.closeAllConnections() ?? server.close());

async function errorOf(asked) {
  return asked.then(
    () => assert.fail("an answer came"),
    (error) => (assert.ok(error instanceof ApiError, String(error)), error),
  );
}

test("an answer that breaks off half-way is one to be asked for again, whatever was asked", async () => {
  for (const ask of [getColumns, getJson]) assert.equal((await errorOf(ask(`${address}/cut`))).isPassing, true);
});

test("an answer that is no JSON is one to be asked for again", async () => {
  assert.equal((await errorOf(getJson(`${address}/broken`))).isPassing, true);
});

test("a refusal says the server's sentence and is not asked for again", async () => {
  const { message, status, isPassing } = await errorOf(getJson(`${address}/refused`));
  assert.deepEqual([message, status, isPassing], ["There is no such run.", 404, false]);
});

test("where nobody answers, that is to be tried again", async () => {
  assert.equal((await errorOf(getJson("http://127.0.0.1:1/"))).isPassing, true);
});

test("a whole answer is what was sent", async () => {
  assert.deepEqual(await getJson(`${address}/whole`), { steps: [] });
});
