import assert from "node:assert/strict";
import { test } from "node:test";
import { shareAnswer } from "../../../src/doctor/shared_answer.ts";

const request = (url: string) => new Request(`https://team.vault.azure.net/${url}`);

test("shareAnswer() sends one of two requests that ask the same, and each reads the whole answer", async () => {
  const sent: string[] = [];
  const fetch = shareAnswer(({ url }) => {
    sent.push(url);
    return Promise.resolve(new Response("challenge", { status: 401, headers: { "www-authenticate": "Bearer" } }));
  }, ({ url }) => url.endsWith("/a"));
  const answers = await Promise.all([fetch(request("a")), fetch(request("b")), fetch(request("a"))]);
  assert.deepEqual(sent.map((url) => url.at(-1)), ["a", "b"]);
  for (const answer of answers) {
    assert.deepEqual([answer.status, answer.headers.get("www-authenticate"), await answer.text()], [
      401,
      "Bearer",
      "challenge",
    ]);
  }
  await fetch(request("a"));
  assert.equal(sent.length, 3);
});

test("shareAnswer() lets the second ask for itself where the first got no answer", async () => {
  let sent = 0;
  const fetch = shareAnswer(
    () => ++sent === 1 ? Promise.reject(new TypeError("reset")) : Promise.resolve(new Response("late")),
    () => true,
  );
  const [first, second] = await Promise.allSettled([fetch(request("a")), fetch(request("a"))]);
  assert.deepEqual([first.status, second.status, sent], ["rejected", "fulfilled", 2]);
});
