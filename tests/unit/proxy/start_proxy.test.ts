import assert from "node:assert/strict";
import { test } from "node:test";
import { HEADERS, settle, startTestProxy } from "../../support/proxy.ts";

const GET = `GET /version HTTP/1.1\r\n${HEADERS}\r\n`;
const OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

test("startProxy() holds a credential before it listens", async () => {
  const own = await startTestProxy();
  assert.deepEqual([own.reads(), own.proxy.address, own.proxy.readiness()], [
    1,
    { hostname: "127.0.0.1", port: 5000 },
    { ready: true, ageSeconds: 0, readAgainInSeconds: 300 },
  ]);
});

test("startProxy() fails as the first reading does, or as listening does", async () => {
  await assert.rejects(startTestProxy({ readCredential: () => Promise.reject(new Error("no vault")) }), {
    message: "no vault",
  });
});

test("startProxy() lets requests in flight end, takes no others, and closes what is idle", async () => {
  const own = await startTestProxy();
  const idle = own.connect();
  const busy = await own.send(GET);
  const server = await own.accept();
  await server.hear("\r\n\r\n");
  const closed = own.proxy.close(5_000);
  assert.equal(await idle.hearAll(), "");
  assert.throws(own.connect, { message: "nobody listens" });
  await server.say(OK);
  assert.equal(await busy.hear("ok"), OK);
  await closed;
  assert.deepEqual([busy.closed(), server.closed()], [true, true]);
});

test("startProxy() cuts requests off that take longer than it may drain", async () => {
  const own = await startTestProxy();
  const busy = await own.send(GET);
  const server = await own.accept();
  const closed = own.proxy.close(5_000);
  await own.pass(5_000);
  await closed;
  assert.equal(await busy.hearAll(), "");
  await settle();
  assert.equal(server.closed(), true);
});

test("startProxy() closes the oldest of too many connections that have not shown the key, and none that has", async () => {
  const own = await startTestProxy();
  const proven = await own.send(GET);
  const server = await own.accept();
  await server.hear("\r\n\r\n");
  await server.say(OK);
  await proven.hear("ok");
  const strangers = Array.from({ length: 300 }, () => own.connect());
  await settle();
  assert.equal(strangers.filter((end) => end.closed()).length, 300 - 256);
  assert.deepEqual([strangers[0]?.closed(), strangers.at(-1)?.closed(), proven.closed()], [true, false, false]);
});

test("startProxy() answers beyond loopback under the name that it listens on", async () => {
  const own = await startTestProxy({ listen: { hostname: "10.0.0.7", port: 5000 }, hostNames: ["proxy.Team.example"] });
  for (const name of ["10.0.0.7:5000", "proxy.team.example", "localhost"]) {
    const client = await own.send(GET.replace("127.0.0.1:5000", name));
    const server = await own.accept();
    await server.hear("\r\n\r\n");
    await server.say(OK.replace("\r\n", "\r\nConnection: close\r\n"));
    assert.equal(await client.hear("ok"), OK);
  }
  const probe = await own.send("GET /-/live HTTP/1.1\r\nHost: 10.1.2.3\r\n\r\n");
  assert.match(await probe.hearAll(), /^HTTP\/1.1 200 /);
});
