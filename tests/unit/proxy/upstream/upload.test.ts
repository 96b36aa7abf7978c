import assert from "node:assert/strict";
import { test } from "node:test";
import { admit } from "../../../../src/proxy/client/admit.ts";
import { makeExtent } from "../../../../src/proxy/http1/extent.ts";
import { destinationOf } from "../../../../src/proxy/upstream/forward.ts";
import { makeKeyCheck } from "../../../../src/proxy/client/key_check.ts";
import { makeSource } from "../../../../src/proxy/http1/source.ts";
import { makeCopyBudget, makeTape } from "../../../../src/proxy/upstream/tape.ts";
import { upload } from "../../../../src/proxy/upstream/upload.ts";
import { Secret } from "../../../../src/core/secret.ts";
import { fields, requestHead } from "../../../support/heads.ts";
import { makePipe } from "../../../support/memory_sockets.ts";
import { settle } from "../../../support/proxy.ts";

/** A PUT of five bytes on its way. */
function put() {
  const gate = {
    key: makeKeyCheck(new Secret("k")),
    hostNames: new Set(["localhost"]),
    anyHostProbes: false,
    upstreamUrl: "",
  };
  const pairs = fields(["Host", "localhost"], ["Authorization", "Bearer k"], ["Content-Length", "5"]);
  const request = admit(requestHead({ method: "PUT", target: "/a", fields: pairs }), gate);
  if (request.kind !== "forward") throw new Error("the request is refused");
  const [client, program] = makePipe();
  const [channel, server] = makePipe();
  const source = makeSource(client, () => {});
  const tape = makeTape(source, { extent: makeExtent(request.framing), bytes: 5, budget: makeCopyBudget(100) });
  let ended = 0;
  const sending = upload(request, {
    tape,
    connection: { channel, source: makeSource(channel, () => {}), used: false },
    to: destinationOf(new URL("https://mlflow.example/"), "Authorization"),
    credential: "Bearer abc",
    onEnded: () => void ended++,
  });
  return { program, server, channel, ended: () => ended, ...sending };
}

const HEAD = "PUT /a HTTP/1.1\r\nContent-Length: 5\r\nHost: mlflow.example\r\nAuthorization: Bearer abc\r\n\r\n";

test("upload() sends the head at once, and the body while it comes", async () => {
  const own = put();
  assert.equal(await own.server.hear("\r\n\r\n"), HEAD);
  await own.program.say("ab");
  assert.equal(await own.server.hear("ab"), "ab");
  assert.deepEqual([own.complete(), own.ended()], [false, 0]);
  await own.program.say("cde");
  assert.equal(await own.server.hear("cde"), "cde");
  await own.over;
  assert.deepEqual([own.complete(), own.ended(), own.clientFailed()], [true, 1, false]);
});

test("upload() gives the connection up when the client has gone, so that the body does not look whole", async () => {
  const own = put();
  await own.program.say("ab");
  own.program.close();
  await own.server.hearAll();
  await own.over;
  assert.deepEqual([own.clientFailed(), own.complete(), own.channel.closed()], [true, false, true]);
});

test("upload() sends nothing more once it is stopped", async () => {
  const own = put();
  await own.server.hear("\r\n\r\n");
  own.stop();
  await own.program.say("abcde");
  await settle();
  own.channel.close();
  assert.equal(await own.server.hearAll(), "");
});

test("upload() leaves it to who reads the answer to say why a server takes no more", async () => {
  const own = put();
  own.server.close();
  await own.program.say("abcde");
  await own.over;
  assert.deepEqual([own.clientFailed(), own.complete()], [false, false]);
});
