import assert from "node:assert/strict";
import { test } from "node:test";
import { Secret } from "../../../../src/core/secret.ts";
import { admit, type Decision } from "../../../../src/proxy/client/admit.ts";
import { makeKeyCheck } from "../../../../src/proxy/client/key_check.ts";
import type { ParsedHead } from "../../../../src/proxy/http1/llhttp.ts";
import { fields, requestHead } from "../../../support/heads.ts";

const gate = {
  key: makeKeyCheck(new Secret("mlflow-auth-key")),
  hostNames: new Set(["127.0.0.1", "localhost", "[::1]"]),
  anyHostProbes: false,
  upstreamUrl: "https://mlflow.example/ml/",
};
type Pair = readonly [name: string, value: string];
const HOST: Pair = ["Host", "127.0.0.1:5000"];
const KEY: Pair = ["Authorization", "Bearer mlflow-auth-key"];

/** What becomes of a request: its kind, with the status or what is asked. */
function outcome(pairs: readonly Pair[], parts: Partial<ParsedHead> = {}, own = gate): string | number {
  const decision: Decision = admit(requestHead({ fields: fields(...pairs), ...parts }), own);
  if (decision.kind === "reply") return decision.reply.status;
  return decision.kind === "own" ? decision.ask : "forward";
}

test("admit() lets a request in by the key, with all that forwarding needs", () => {
  const length: Pair = ["Content-Length", "3"];
  const head = requestHead({
    method: "POST",
    target: "/api?x",
    fields: fields(HOST, KEY, length, ["Expect", "100-Continue"]),
  });
  assert.deepEqual(admit(head, gate), {
    kind: "forward",
    method: "POST",
    target: "/api?x",
    keyInTarget: false,
    minor: 1,
    fields: head.fields,
    framing: { kind: "length", bytes: 3 },
    expectsContinue: true,
    keep: true,
  });
});

test("admit() takes the key off the target, and then minds no other credential", () => {
  const netrc: Pair = ["Authorization", `Basic ${btoa("from:netrc")}`];
  const decision = admit(requestHead({ target: "/mlflow-auth-key/api", fields: fields(HOST, netrc) }), gate);
  assert.deepEqual(decision.kind === "forward" && [decision.target, decision.keyInTarget], ["/api", true]);
});

test("admit() answers who has no key with 401, and a browser at the root with the server's address", () => {
  const html: Pair = ["Accept", "text/html,application/xhtml+xml;q=0.9"];
  assert.equal(outcome([HOST]), 401);
  assert.equal(outcome([HOST, ["Authorization", "Bearer wrong"]]), 401);
  const decision = admit(requestHead({ target: "/", fields: fields(HOST, html) }), gate);
  assert.deepEqual(decision, {
    kind: "reply",
    reply: { status: 302, body: {}, fields: [["Location", "https://mlflow.example/ml/"]] },
  });
  assert.deepEqual(
    [outcome([HOST, html]), outcome([HOST], { target: "/" }), outcome([HOST, html], { target: "/?x" })],
    [401, 401, 401],
  );
  assert.deepEqual([
    outcome([HOST, html], { target: "/", method: "POST" }),
    outcome([HOST, KEY, html], { target: "/" }),
  ], [401, "forward"]);
});

test("admit() answers under a loopback name alone, given once", () => {
  const names = ["127.0.0.1", "127.0.0.1:1", "LOCALHOST:5000", "[::1]:5000", "localhost"];
  assert.deepEqual(names.map((name) => outcome([["Host", name], KEY])), names.map(() => "forward"));
  const others = [
    ...[
      "evil.example",
      "localhost.evil.example",
      "127.0.0.1.evil.example",
      "127.0.0.2",
      "",
      "localhost:",
      "localhost:x",
      "::1",
    ],
    ...["a@localhost", "localhost/", "localhost,evil.example", "localhost evil.example", "127.0.0.1:99999999"],
  ];
  assert.deepEqual(others.map((name) => outcome([["Host", name], KEY])), others.map(() => 403));
  assert.deepEqual([outcome([KEY]), outcome([HOST, HOST, KEY])], [400, 400]);
});

test("admit() refuses pages of other origins, with the key too", () => {
  const own = ["http://127.0.0.1:5000", "http://localhost:8888", "https://localhost"];
  assert.deepEqual(own.map((origin) => outcome([HOST, KEY, ["Origin", origin]])), own.map(() => "forward"));
  const foreign = [
    "https://evil.example",
    "null",
    "",
    "file://",
    "http://localhost.evil.example",
    "http://localhost@evil.example",
  ];
  assert.deepEqual(foreign.map((origin) => outcome([HOST, KEY, ["Origin", origin]])), foreign.map(() => 403));
  assert.equal(outcome([HOST, ["Origin", "https://evil.example"]], { target: "/-/ready" }), 403);
});

test("admit() forwards paths alone", () => {
  const targets = ["http://127.0.0.1/x", "https://evil.example/", "*", "evil.example:443", "?x", "\\\\evil.example"];
  assert.deepEqual(targets.map((target) => outcome([HOST, KEY], { target })), targets.map(() => 400));
  assert.deepEqual(["//evil.example/", "/@evil.example", "/\\evil"].map((target) => outcome([HOST, KEY], { target })), [
    ...["forward", "forward", "forward"],
  ]);
});

test("admit() refuses what would show the credential or switch the protocol", () => {
  const upgrade = (to: string): readonly Pair[] => [HOST, KEY, ["Connection", "keep-alive, Upgrade"], ["Upgrade", to]];
  assert.deepEqual(["TRACE", "CONNECT"].map((method) => outcome([HOST, KEY], { method })), [405, 405]);
  assert.deepEqual([outcome(upgrade("websocket")), outcome(upgrade("h2c")), outcome(upgrade("foo"))], [
    501,
    501,
    "forward",
  ]);
  assert.equal(outcome([HOST, KEY, ["Upgrade", "websocket"]]), "forward");
});

test("admit() refuses a request that two readers may understand differently, whoever sends it", () => {
  const both: readonly Pair[] = [["Content-Length", "1"], ["Transfer-Encoding", "chunked"]];
  assert.deepEqual([outcome([HOST, KEY, ...both]), outcome([HOST, ...both]), outcome([HOST, KEY, KEY])], [
    400,
    400,
    400,
  ]);
  assert.deepEqual([outcome([HOST, KEY, ["Expect", "101"]]), outcome([HOST, KEY, ["Expect", ""], ["Expect", ""]])], [
    417,
    417,
  ]);
});

test("admit() answers for itself in its own name space, and forwards none of it", () => {
  const at = (target: string, pairs: readonly Pair[] = [HOST], method = "GET") => outcome(pairs, { target, method });
  assert.deepEqual([at("/-/ready"), at("/-/live")], ["ready", "live"]);
  assert.deepEqual([at("/-/end", [HOST], "POST"), at("/-/ready?x"), at("/-/ready", [HOST], "POST"), at("/-/x")], [
    401,
    401,
    401,
    401,
  ]);
  assert.deepEqual([at("/-/end", [HOST, KEY], "POST"), at("/mlflow-auth-key/-/end", [HOST], "POST")], ["end", "end"]);
  assert.deepEqual([at("/-/end", [HOST, KEY]), at("/-/x", [HOST, KEY]), at("/-/", [HOST, KEY])], [404, 404, 404]);
});

test("admit() answers the two probes under any Host beyond loopback, and nothing else", () => {
  const remote = { ...gate, anyHostProbes: true };
  const host: Pair = ["Host", "10.0.0.7:5000"];
  assert.deepEqual([outcome([host], { target: "/-/ready" }, remote), outcome([host], { target: "/-/live" }, remote)], [
    "ready",
    "live",
  ]);
  assert.deepEqual([outcome([host, KEY], {}, remote), outcome([host], { target: "/-/ready" })], [403, 403]);
});
