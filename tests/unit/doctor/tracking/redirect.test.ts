import assert from "node:assert/strict";
import { test } from "node:test";
import { judgeRedirect } from "../../../../src/doctor/tracking/redirect.ts";

const PATH = "/api/2.0/mlflow/experiments/search";
const go = (from: string, to: string, status = 301) =>
  judgeRedirect(new URL(to, from), { base: new URL(from), path: PATH, status });

test("judgeRedirect() finds the server over https, at a path and at a port, and names the address", () => {
  assert.equal(go("http://a.example", `https://a.example${PATH}`).address, "https://a.example");
  assert.equal(go("http://a.example", `/team${PATH}`).address, "http://a.example/team");
  assert.equal(go("http://a.example", `https://a.example:8443${PATH}`).address, "https://a.example:8443");
  assert.equal(go("http://a.example", "/team/").address, "http://a.example/team");
});

test("judgeRedirect() lets a client through by 307 and 308 where it keeps its credential", () => {
  assert.ok(go("http://a.example", `/team${PATH}`, 308).isFollowed);
  assert.ok(go("http://a.example", `https://a.example${PATH}`, 307).isFollowed);
  assert.ok(!go("http://a.example", `https://a.example:8443${PATH}`, 308).isFollowed);
  assert.ok(!go("http://a.example", `https://a.example${PATH}`, 301).isFollowed);
});

test("judgeRedirect() knows a login, here and elsewhere", () => {
  for (const to of ["/login", "/.auth/login/aad", "/oauth2/start?rd=/", "/users/sign_in"]) {
    assert.equal(go("https://a.example", to).to, "login");
  }
  assert.equal(go("https://a.example", "https://login.example/t/oauth2/authorize").to, "login");
  assert.equal(go("https://a.example", "https://b.example/").to, "elsewhere");
});

test("judgeRedirect() gives an address that a shell takes for one word", () => {
  const at = (path: string) =>
    judgeRedirect(new URL(`https://mlflow.example${path}/api/search`), {
      base: new URL("http://mlflow.example"),
      path: "/api/search",
      status: 301,
    }).address;
  assert.equal(at("/$(id)"), "https://mlflow.example/%24%28id%29");
  assert.equal(at("/a;id&b'c|d"), "https://mlflow.example/a%3bid%26b%27c%7cd");
  assert.equal(at("/team-1/ml.flow~x"), "https://mlflow.example/team-1/ml.flow~x");
});
