import assert from "node:assert/strict";
import { test } from "node:test";
import { destinationOf, forwardedHead } from "../../../../src/proxy/upstream/forward.ts";
import { fields, requestHead } from "../../../support/heads.ts";

const to = destinationOf(new URL("https://mlflow.example:443/team/ml/"), "Authorization");
const head = (target: string, ...pairs: readonly (readonly [string, string])[]): string =>
  forwardedHead({ ...requestHead(), target, fields: fields(...pairs), framing: { kind: "none" } }, {
    to,
    credential: "Bearer abc",
  });

test("destinationOf() gives the authority without a default port, and the path without a slash at its end", () => {
  const replaced = new Set(["authorization", "host", "expect", "origin", "referer"]);
  assert.deepEqual(to, { authority: "mlflow.example", basePath: "/team/ml", headerName: "Authorization", replaced });
  assert.deepEqual(destinationOf(new URL("http://[::1]:5000"), "X-Token"), {
    authority: "[::1]:5000",
    basePath: "",
    headerName: "X-Token",
    replaced: new Set([...replaced, "x-token"]),
  });
});

const OWN = "Host: mlflow.example\r\nAuthorization: Bearer abc\r\n\r\n";

test("forwardedHead() sends the target's bytes behind the base path, never to where they would lead as a URL", () => {
  for (
    const target of [
      "/",
      "//other.example/x",
      "/@other.example/",
      "/\\other.example",
      "/:80/",
      "/a/../../x",
      "/%2e%2e/",
      "/\xe9",
    ]
  ) {
    assert.equal(head(target), `GET /team/ml${target} HTTP/1.1\r\n${OWN}`);
  }
});

test("forwardedHead() replaces the credential, whatever the client lists in Connection", () => {
  const own = [["Connection", "Authorization, Host"], ["Authorization", "Bearer key"], ["authorization", "x"]] as const;
  const dropped = [["Host", "127.0.0.1"], ["Origin", "http://localhost"], ["Referer", "http://localhost/"], [
    "Expect",
    "100-continue",
  ]] as const;
  assert.equal(
    head("/", ...own, ...dropped, ["X-Kept", "caf\xe9"]),
    `GET /team/ml/ HTTP/1.1\r\nX-Kept: caf\xe9\r\n${OWN}`,
  );
});

test("forwardedHead() replaces both the key and a credential in another field, and adds the framing of chunks last", () => {
  const text = forwardedHead(
    {
      method: "POST",
      target: "/",
      framing: { kind: "chunked" },
      fields: fields(["x-token", "mine"], ["Authorization", "key"]),
    },
    { to: destinationOf(new URL("https://mlflow.example/team/ml"), "X-Token"), credential: "Bearer abc" },
  );
  assert.equal(
    text,
    "POST /team/ml/ HTTP/1.1\r\nHost: mlflow.example\r\nX-Token: Bearer abc\r\nTransfer-Encoding: chunked\r\n\r\n",
  );
});
