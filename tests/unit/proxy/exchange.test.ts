import assert from "node:assert/strict";
import { test } from "node:test";
import { MAX_REPLAY_BYTES } from "../../../src/proxy/upstream/tape.ts";
import type { End } from "../../support/memory_sockets.ts";
import { HEADERS, settle, startTestProxy } from "../../support/proxy.ts";

const GET = `GET /version HTTP/1.1\r\n${HEADERS}\r\n`;
const post = (body: string): string => `POST /api HTTP/1.1\r\n${HEADERS}Content-Length: ${body.length}\r\n\r\n${body}`;
const OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
const REFUSED = 'HTTP/1.1 401 UNAUTHORIZED\r\nContent-Length: 4\r\nWWW-Authenticate: Basic realm="mlflow"\r\n\r\nnope';
const FORBIDDEN = "HTTP/1.1 403 FORBIDDEN\r\nContent-Length: 17\r\n\r\nPermission denied";

const tokenOf = (request: string): string => /Authorization: Bearer (\S+)/.exec(request)?.[1] ?? "";
const statusOf = (answer: string): string => answer.slice(9, 12);

/** Reads a request's head and answers it. */
async function serve(server: End, answer: string): Promise<string> {
  const request = await server.hear("\r\n\r\n");
  await server.say(answer);
  return request;
}

test("exchange() forwards a request with the credential, and the answer as it came", async () => {
  const own = await startTestProxy();
  const client = await own.send(post("abc"));
  const server = await own.accept();
  assert.equal(
    await serve(server, OK),
    "POST /api HTTP/1.1\r\nContent-Length: 3\r\nHost: mlflow.example\r\nAuthorization: Bearer token-1\r\n\r\nabc",
  );
  assert.equal(await client.hear("ok"), OK);
  await settle();
  assert.deepEqual(own.log, ["mlflow-auth: debug: POST /api 200 0 ms 2 bytes, secret version v-token-1"]);
});

test("exchange() uses a connection again, for any client", async () => {
  const own = await startTestProxy();
  const client = await own.send(GET);
  const server = await own.accept();
  await serve(server, OK);
  await client.hear("ok");
  await client.say(GET);
  await serve(server, OK);
  await client.hear("ok");
  const other = await own.send(GET);
  await serve(server, OK);
  assert.equal(await other.hear("ok"), OK);
  assert.equal(own.dialled.length, 1);
});

test("exchange() sends a refused request once more with a newer credential, its body too", async () => {
  const own = await startTestProxy();
  const client = await own.send(post("abc"));
  const first = await own.accept();
  own.store("token-2");
  assert.equal(tokenOf(await serve(first, REFUSED)), "token-1");
  const again = await serve(await own.accept(), OK);
  assert.deepEqual([tokenOf(again), again.slice(-3)], ["token-2", "abc"]);
  assert.equal(await client.hear("ok"), OK);
});

test("exchange() sends it once more while its body is still coming", async () => {
  const own = await startTestProxy();
  const client = await own.send(`PUT /a HTTP/1.1\r\n${HEADERS}Content-Length: 6\r\n\r\nabc`);
  own.store("token-2");
  await serve(await own.accept(), REFUSED);
  const second = await own.accept();
  assert.ok((await second.hear("abc")).endsWith("\r\n\r\nabc"));
  await client.say("def");
  await second.hear("def");
  await second.say(OK);
  assert.equal(await client.hear("ok"), OK);
});

test("exchange() passes the first refusal on where the credential has not changed", async () => {
  const own = await startTestProxy();
  const client = await own.send(GET);
  await serve(await own.accept(), REFUSED);
  assert.equal(await client.hear("nope"), REFUSED);
  assert.deepEqual([own.reads(), own.dialled.length, own.proxy.readiness().ready], [2, 1, false]);
});

test("exchange() passes a second refusal on", async () => {
  const own = await startTestProxy();
  const client = await own.send(GET);
  own.store("token-2");
  await serve(await own.accept(), REFUSED);
  await serve(await own.accept(), REFUSED);
  assert.equal(await client.hear("nope"), REFUSED);
  assert.equal(own.reads(), 2);
});

test("exchange() asks for a newer credential after a 403 that is not MLflow's own", async () => {
  const own = await startTestProxy();
  const client = await own.send(GET);
  const server = await own.accept();
  await serve(server, FORBIDDEN);
  assert.equal(await client.hear("denied"), FORBIDDEN);
  assert.equal(own.reads(), 1);
  own.store("token-2");
  await client.say(GET);
  await serve(server, FORBIDDEN.replace("Permission denied", "token has expired"));
  await serve(await own.accept(), OK);
  assert.equal(await client.hear("ok"), OK);
});

test("exchange() passes a 403 of a gateway on unchanged where there is no newer credential", async () => {
  const own = await startTestProxy();
  const client = await own.send(GET);
  const answer = "HTTP/1.1 403 FORBIDDEN\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n";
  await serve(await own.accept(), answer);
  assert.equal(await client.hear("0\r\n\r\n"), answer);
});

test("exchange() asks the client to send a large body once more where the credential has changed", async () => {
  const own = await startTestProxy();
  const client = await own.send(`PUT /a HTTP/1.1\r\n${HEADERS}Content-Length: ${MAX_REPLAY_BYTES + 1}\r\n\r\nabc`);
  own.store("token-2");
  await serve(await own.accept(), REFUSED);
  const answer = await client.hear("once more");
  assert.equal(statusOf(answer), "503");
  assert.match(answer, /\r\nRetry-After: 0\r\nConnection: close\r\n/);
  await client.say(GET);
  assert.equal(own.dialled.length, 1);
});

test("exchange() passes a large body's refusal on where the credential has not changed", async () => {
  const own = await startTestProxy();
  const client = await own.send(`PUT /a HTTP/1.1\r\n${HEADERS}Content-Length: ${MAX_REPLAY_BYTES + 1}\r\n\r\nabc`);
  await serve(await own.accept(), REFUSED);
  assert.equal(await client.hear("nope"), REFUSED);
});

test("exchange() names the cause where the vault is out of reach and the server refuses the old credential", async () => {
  const own = await startTestProxy();
  const client = await own.send(GET);
  own.store(undefined);
  await serve(await own.accept(), REFUSED);
  const answer = await client.hear("}");
  assert.equal(statusOf(answer), "502");
  assert.match(
    answer,
    /refused the credential \(HTTP 401\)\. Cannot read secret \\"mlflow\\": team.vault.azure.net refuses/,
  );
  await client.say(GET);
  await serve(await own.accept(), OK);
  assert.equal(await client.hear("ok"), OK);
});

test("exchange() tries once more on a fresh connection where a used one closed before an answer, with every method", async () => {
  const own = await startTestProxy();
  const client = await own.send(GET);
  const server = await own.accept();
  await serve(server, OK);
  await client.hear("ok");
  await client.say(post("abc"));
  await server.hear("abc");
  server.close();
  assert.ok((await serve(await own.accept(), OK)).endsWith("\r\n\r\nabc"));
  assert.equal(await client.hear("ok"), OK);
});

test("exchange() does not try again where a fresh connection closes, or a used one within its answer", async () => {
  const own = await startTestProxy();
  const client = await own.send(GET);
  const fresh = await own.accept();
  await fresh.hear("\r\n\r\n");
  fresh.close();
  assert.equal(statusOf(await client.hear("answered")), "502");
  await client.say(GET);
  const server = await own.accept();
  await serve(server, OK);
  await client.hear("ok");
  await client.say(GET);
  await server.hear("\r\n\r\n");
  await server.say("HTTP/1.1 2");
  server.close();
  assert.equal(statusOf(await client.hear("answered")), "502");
  assert.equal(own.dialled.length, 2);
});

test("exchange() says why the server cannot be reached", async () => {
  const own = await startTestProxy();
  own.refuse(new Error("tcp connect error: Connection refused"));
  const answer = await (await own.send(GET)).hear("}");
  assert.equal(statusOf(answer), "502");
  assert.match(
    answer,
    /mlflow-auth: Cannot reach tracking server \\"mlflow.example\\": mlflow.example refuses the connection/,
  );
});

const PUT = `PUT /a HTTP/1.1\r\n${HEADERS}Content-Length: 9\r\n\r\nabc`;

test("exchange() forwards the rest of a body beside an answer that has begun, and keeps both connections", async () => {
  for (
    const head of [
      "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n",
      "HTTP/1.1 404 Not Found\r\nContent-Length: 9\r\n\r\n",
    ]
  ) {
    const own = await startTestProxy();
    const client = await own.send(PUT);
    const server = await own.accept();
    await server.hear("abc");
    await server.say(`${head}abc`);
    assert.equal(await client.hear("abc"), `${head}abc`);
    await client.say("def");
    assert.equal(await server.hear("def"), "def");
    await server.say("defghi");
    assert.equal(await client.hear("ghi"), "defghi");
    // The answer is whole, and the body is not.
    await client.say("ghi");
    assert.equal(await server.hear("ghi"), "ghi");
    await client.say(GET);
    await serve(server, OK);
    assert.equal(await client.hear("ok"), OK);
    assert.equal(own.dialled.length, 1);
  }
});

test("exchange() takes what is still sent to a server that has answered and hung up, and forwards none of it", async () => {
  const refused = "HTTP/1.1 413 Too Large\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";
  const fine = "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";
  for (const [answer, passedOn] of [[refused, "Connection: close\r\n"], [fine, ""]] as const) {
    const own = await startTestProxy();
    const client = await own.send(PUT);
    const server = await own.accept();
    await server.hear("abc");
    await server.say(answer);
    assert.equal(
      await client.hearAll(),
      `${answer.replace("Connection: close\r\n", "").slice(0, -2)}${passedOn}\r\n`,
    );
    await client.say("def");
    await settle();
    assert.deepEqual([await server.hearAll(), server.closed()], ["", true]);
  }
});

test("exchange() takes what is still sent where the server breaks off behind its answer, without a word before", async () => {
  const own = await startTestProxy();
  const client = await own.send(PUT);
  const server = await own.accept();
  await server.hear("abc");
  await server.say(OK);
  assert.equal(await client.hear("ok"), OK);
  server.close();
  await client.say("def");
  assert.equal(await client.hearAll(), "");
});

test("exchange() gives the server up when the client goes behind an answer, before the end of its body", async () => {
  const own = await startTestProxy();
  const client = await own.send(PUT);
  const server = await own.accept();
  await server.hear("abc");
  await server.say(OK);
  await client.hear("ok");
  client.close();
  await server.hearAll();
  assert.equal(server.closed(), true);
});

test("exchange() gives the server up when the client goes, before and within the answer", async () => {
  const own = await startTestProxy();
  for (const begun of ["", "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc"]) {
    const client = await own.send(GET);
    const server = await own.accept();
    await server.hear("\r\n\r\n");
    if (begun !== "") {
      await server.say(begun);
      await client.hear("abc");
    }
    client.close();
    await server.hearAll();
    assert.equal(server.closed(), true);
  }
});

test("exchange() cuts a client off whose answer was cut", async () => {
  const own = await startTestProxy();
  const client = await own.send(GET);
  const server = await own.accept();
  await serve(server, "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc");
  await client.hear("abc");
  server.close();
  assert.equal(await client.hearAll(), "");
  assert.equal(client.closed(), true);
});

test("exchange() swallows answers that only announce one, and refuses to switch protocols", async () => {
  const own = await startTestProxy();
  const client = await own.send(GET);
  const server = await own.accept();
  await serve(server, `HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: a\r\n\r\n${OK}`);
  assert.equal(await client.hear("ok"), OK);
  await client.say(GET);
  await serve(server, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n");
  assert.equal(statusOf(await client.hear("}")), "502");
});

test("exchange() tells a client that waits with its body to go on, and no other", async () => {
  const own = await startTestProxy();
  const client = await own.send(`PUT /a HTTP/1.1\r\n${HEADERS}Content-Length: 3\r\nExpect: 100-continue\r\n\r\n`);
  assert.equal(await client.hear("\r\n\r\n"), "HTTP/1.1 100 Continue\r\n\r\n");
  await client.say("abc");
  const server = await own.accept();
  assert.doesNotMatch(await server.hear("abc"), /expect/i);
  await server.say(OK);
  assert.equal(await client.hear("ok"), OK);
});

test("exchange() refuses answers whose end is ambiguous, and bodies that are no chunks", async () => {
  const own = await startTestProxy();
  const client = await own.send(GET);
  await serve(await own.accept(), "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\nok");
  assert.equal(statusOf(await client.hear("}")), "502");
  const other = await own.send(`POST / HTTP/1.1\r\n${HEADERS}Transfer-Encoding: chunked\r\n\r\nzz\r\n`);
  assert.equal(statusOf(await other.hear("}")), "400");
});

test("exchange() keeps no connection that the server wants closed, and none that holds more than the answer", async () => {
  const own = await startTestProxy();
  for (const answer of [OK.replace("\r\n", "\r\nConnection: close\r\n"), `${OK}HTTP/1.1 200 OK\r\n`]) {
    const client = await own.send(GET);
    const server = await own.accept();
    await serve(server, answer);
    await client.hear("ok");
    await server.hearAll();
    assert.equal(server.closed(), true);
  }
});

test("exchange() closes the client's connection where the client or its version wants that", async () => {
  const own = await startTestProxy();
  const closing = await own.send(GET.replace("\r\n", "\r\nConnection: close\r\n"));
  const server = await own.accept();
  await serve(server, OK);
  assert.equal(await closing.hearAll(), OK.replace("2\r\n", "2\r\nConnection: close\r\n"));
  const old = await own.send(GET.replace("1.1", "1.0"));
  await serve(server, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n");
  assert.equal(await old.hearAll(), "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nok");
});
