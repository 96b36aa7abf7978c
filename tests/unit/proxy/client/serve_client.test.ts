import assert from "node:assert/strict";
import { test } from "node:test";
import { HEADERS, KEY, settle, startTestProxy } from "../../../support/proxy.ts";

const statusOf = (answer: string): number => Number(answer.slice(9, 12));

test("serveClient() answers what it cannot read, and closes", async () => {
  const own = await startTestProxy();
  const cases: readonly (readonly [string, number])[] = [
    ["GET / HTTP/1.1\r\nHost : localhost\r\n\r\n", 400],
    ["\x16\x03\x01\x02", 400],
    [`GET / HTTP/1.1\r\nA: ${"x".repeat(70_000)}`, 431],
    [`GET / HTTP/1.1\r\n${HEADERS}Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n`, 400],
  ];
  for (const [text, status] of cases) assert.equal(statusOf(await (await own.send(text)).hearAll()), status);
  assert.deepEqual(own.dialled, []);
});

test("serveClient() answers probes and the end, and forwards none of them", async () => {
  const own = await startTestProxy();
  const ask = async (line: string): Promise<readonly [number, unknown]> => {
    const answer = await (await own.send(`${line} HTTP/1.1\r\n${HEADERS}\r\n`)).hearAll();
    return [statusOf(answer), JSON.parse(answer.split("\r\n\r\n")[1] ?? "")];
  };
  await own.pass(10_000);
  assert.deepEqual(await ask("GET /-/ready"), [
    200,
    { schemaVersion: 1, ready: true, ageSeconds: 10, readAgainInSeconds: 290 },
  ]);
  assert.deepEqual(await ask("GET /-/live"), [200, { schemaVersion: 1, live: true }]);
  assert.deepEqual([own.ended(), await ask("POST /-/end"), own.ended()], [
    false,
    [200, { schemaVersion: 1, trackingUri: "https://mlflow.example/" }],
    true,
  ]);
  assert.deepEqual(own.dialled, []);
});

test("serveClient() serves requests that were sent one behind the other", async () => {
  const own = await startTestProxy();
  const client = await own.send(`GET /1 HTTP/1.1\r\n${HEADERS}\r\nGET /2 HTTP/1.1\r\n${HEADERS}\r\n`);
  const server = await own.accept();
  for (const path of ["/1", "/2"]) {
    assert.match(await server.hear("\r\n\r\n"), new RegExp(`^GET ${path} `));
    await server.say(`HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n${path}`);
    assert.ok((await client.hear(path)).endsWith(path));
  }
});

test("serveClient() logs no query, no key, no field and no body, and nothing that would begin another line", async () => {
  const own = await startTestProxy();
  const client = await own.send(
    `POST /${KEY}/a%0a/\x7f?secret=canary HTTP/1.1\r\n${HEADERS}X: canary\r\nContent-Length: 6\r\n\r\ncanary`,
  );
  const answer = await client.hear("}");
  if (statusOf(answer) !== 400) throw new Error("a control character in the target is forwarded");
  const next = await own.send(
    `POST /${KEY}/a%0a?secret=canary HTTP/1.1\r\n${HEADERS}X: canary\r\nContent-Length: 6\r\n\r\ncanary`,
  );
  const server = await own.accept();
  await server.hear("canary");
  await server.say("HTTP/1.1 200 OK\r\nX: canary\r\nContent-Length: 6\r\n\r\ncanary");
  await next.hear("\r\n\r\ncanary");
  await settle();
  assert.deepEqual(own.log, ["mlflow-auth: debug: POST /a%0a 200 0 ms 6 bytes, secret version v-token-1"]);
});
