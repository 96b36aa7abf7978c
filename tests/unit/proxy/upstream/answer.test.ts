import assert from "node:assert/strict";
import { test } from "node:test";
import { passedOnHead, relocate } from "../../../../src/proxy/upstream/answer.ts";
import { answerHead, fields } from "../../../support/heads.ts";

const at = (basePath: string, prefix = "") => ({ prefix, to: { origin: "https://mlflow.example", basePath } });

const LOCATIONS: readonly (readonly [value: string, to: string, base?: string, prefix?: string])[] = [
  ["https://mlflow.example/a?b#c", "/a?b#c"],
  ["HTTPS://MLFLOW.example/a", "/a"],
  ["https://mlflow.example", "/"],
  ["https://mlflow.example?x", "/?x"],
  ["https://mlflow.example//other.example/", "/other.example/"],
  ["https://mlflow.example.org/a", "https://mlflow.example.org/a"],
  ["https://mlflow.example@other.example/", "https://mlflow.example@other.example/"],
  ["https://mlflow.example:8443/a", "https://mlflow.example:8443/a"],
  ["http://mlflow.example/a", "http://mlflow.example/a"],
  ["https://login.example/?to=https://mlflow.example/", "https://login.example/?to=https://mlflow.example/"],
  ["//mlflow.example/a", "//mlflow.example/a"],
  ["/a", "/a"],
  ["a/b", "a/b"],
  ["?x", "?x"],
  ["", ""],
  ["https://mlflow.example/ml/a", "/a", "/ml"],
  ["https://mlflow.example/ml", "/", "/ml"],
  ["https://mlflow.example/ml?x", "/?x", "/ml"],
  ["https://mlflow.example/mlx/a", "https://mlflow.example/mlx/a", "/ml"],
  ["/ml/a", "/a", "/ml"],
  ["/other", "/other", "/ml"],
  ["https://mlflow.example/a", "/key/a", "", "/key"],
  ["/a", "/key/a", "", "/key"],
  ["https://login.example/a", "https://login.example/a", "", "/key"],
];

test("relocate() leads what is on the tracking server through the proxy, and leaves all else", () => {
  const got = LOCATIONS.map(([value, , base = "", prefix = ""]) => relocate(value, at(base, prefix)));
  assert.deepEqual(got, LOCATIONS.map(([, to]) => to));
});

test("passedOnHead() keeps the status, the reason and every end-to-end field", () => {
  const head = answerHead({
    status: 299,
    reason: "Odd",
    fields: fields(["Connection", "close, x-hop"], ["X-Hop", "1"], ["Set-Cookie", "a"], ["Set-Cookie", "b"], [
      "WWW-Authenticate",
      "Basic",
    ]),
  });
  const text = passedOnHead(head, { minor: 1 }, { ...at(""), framing: { kind: "none" }, keep: true });
  assert.equal(text, "HTTP/1.1 299 Odd\r\nSet-Cookie: a\r\nSet-Cookie: b\r\nWWW-Authenticate: Basic\r\n\r\n");
});

test("passedOnHead() states the framing and the connection as the client's version needs them", () => {
  const of = (minor: 0 | 1, keep: boolean, kind: "chunked" | "close") =>
    passedOnHead(answerHead(), { minor }, { ...at(""), framing: { kind }, keep }).split("\r\n").slice(1, -2);
  assert.deepEqual(of(1, true, "chunked"), ["Transfer-Encoding: chunked"]);
  assert.deepEqual(of(1, false, "chunked"), ["Transfer-Encoding: chunked", "Connection: close"]);
  assert.deepEqual(of(0, true, "close"), ["Connection: keep-alive"]);
  assert.deepEqual(of(0, false, "close"), ["Connection: close"]);
});
