import assert from "node:assert/strict";
import { test } from "node:test";
import { type Order, readOrder, writeOrder } from "../../../../src/cli/proxied/order.ts";
import { Secret } from "../../../../src/core/secret.ts";

const order: Omit<Order, "first"> = {
  sources: { flags: { "--secret-name": "a" }, files: [{ path: "x.env", variables: { A: "1\n2" } }] },
  key: new Secret("k"),
  allowHttp: true,
  farewell: { trackingUri: "https://mlflow.example" },
};

test("writeOrder() hands over a token with what is known of it, in one line", () => {
  const credential = { kind: "bearer", token: new Secret("t\n") } as const;
  const line = writeOrder({ ...order, first: { credential, expiresAtMs: 7, version: "v1" } });
  assert.ok(!line.includes("\n"));
  const { first, key, ...rest } = readOrder(line);
  assert.equal(first.credential.kind === "bearer" && first.credential.token.reveal(), "t\n");
  assert.deepEqual([first.expiresAtMs, first.version, key.reveal()], [7, "v1", "k"]);
  assert.deepEqual(rest, { sources: order.sources, allowHttp: true, farewell: order.farewell });
});

test("writeOrder() hands over a user name and password", () => {
  const credential = { kind: "basic", username: "ada", password: new Secret("p") } as const;
  const read = readOrder(writeOrder({ ...order, first: { credential } })).first.credential;
  assert.deepEqual(read.kind === "basic" && [read.username, read.password.reveal()], ["ada", "p"]);
});

test("readOrder() takes nothing else", () => {
  assert.throws(() => readOrder("[]"), TypeError);
  assert.throws(() => readOrder('{"first":{"credential":{"kind":"bearer"}},"sources":{},"key":"k"}'), TypeError);
});
