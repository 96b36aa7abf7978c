import assert from "node:assert/strict";
import { test } from "node:test";
import type { HttpRequest } from "../../../../src/azure/http/message.ts";
import { asksTheSame } from "../../../../src/azure/http/same_request.ts";

const FORM: HttpRequest = {
  method: "POST",
  url: "https://login.corp/t/oauth2/v2.0/token?client-request-id=1",
  headers: { "content-type": "application/x-www-form-urlencoded;charset=utf-8" },
  body: "scope=a%2Fb+c&client_secret=canary&claims=%7B%7D",
};

test("asksTheSame() looks through order, letter case of names, ways to escape, and what tells of the program", () => {
  const same: readonly HttpRequest[] = [
    FORM,
    { ...FORM, url: "https://LOGIN.corp:443/t/oauth2/v2.0/token?x-client-SKU=msal&client-request-id=2" },
    { ...FORM, body: "claims={}&x-client-CPU=x64&client_secret=c%61nary&client-request-id=3&scope=a/b%20c" },
    {
      ...FORM,
      headers: {
        "User-Agent": "azsdk-js",
        "X-Client-VER": "7",
        "x-ms-client-request-id": "4",
        "x-ms-return-client-request-id": "true",
        "return-client-request-id": "true",
        "Accept-Encoding": "gzip",
        "Content-Type": "application/x-www-form-urlencoded;charset=utf-8",
      },
    },
    { ...FORM, signal: new AbortController().signal },
  ];
  for (const other of same) assert.ok(asksTheSame(FORM, other), JSON.stringify(other));
});

test("asksTheSame() tells what may be answered otherwise", () => {
  const others: readonly HttpRequest[] = [
    { ...FORM, method: "PUT" },
    { ...FORM, url: "https://login.corp/u/oauth2/v2.0/token?client-request-id=1" },
    { ...FORM, url: "https://login.corp:8443/t/oauth2/v2.0/token?client-request-id=1" },
    { ...FORM, url: "http://login.corp/t/oauth2/v2.0/token?client-request-id=1" },
    { ...FORM, url: `${FORM.url}&dc=westeurope` },
    { ...FORM, headers: { ...FORM.headers, authorization: "Bearer x" } },
    { ...FORM, headers: { ...FORM.headers, "x-ms-lib-capability": "h429" } },
    { ...FORM, headers: { "content-type": "text/plain" } },
    { ...FORM, headers: {} },
    { ...FORM, body: "scope=a%2Fb+c&client_secret=Canary&claims=%7B%7D" },
    { ...FORM, body: "scope=a%2Fb+c&client_secret=canary" },
    { ...FORM, body: `${FORM.body}&scope=a%2Fb+c` },
    { ...FORM, body: `${FORM.body}&client_info=1` },
    { ...FORM, timeoutMs: 9 },
    { ...FORM, network: {} },
  ];
  for (const other of others) assert.ok(!asksTheSame(FORM, other), JSON.stringify(other));
});

test("asksTheSame() compares a body that is no form as it is", () => {
  const text = { ...FORM, headers: { "content-type": "text/plain" }, body: "a=1&b=2" };
  assert.ok(asksTheSame(text, { ...text }));
  assert.ok(!asksTheSame(text, { ...text, body: "b=2&a=1" }));
});

test("asksTheSame() does not take two fields for one", () => {
  const one = { ...FORM, body: "a=b%2Cc%3Dd" };
  assert.ok(!asksTheSame(one, { ...one, body: "a=b&c=d" }));
});
