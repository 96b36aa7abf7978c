import assert from "node:assert/strict";
import { test } from "node:test";
import * as forms from "../../../src/core/forms.ts";

const refuses = (form: (text: string) => unknown, texts: readonly string[]): void => {
  for (const text of texts) assert.throws(() => form(text), TypeError, JSON.stringify(text));
};

test("oneOf() takes its words and aliases in any case, and gives the word", () => {
  const form = forms.oneOf(["bearer", "basic"], { token: "bearer" });
  assert.deepEqual(["bearer", "BASIC", " Token "].map(form), ["bearer", "basic", "bearer"]);
  refuses(form, ["baerer", "", "bearer basic"]);
});

test("flagged() takes the words for yes and no", () => {
  assert.deepEqual(["1", "true", "YES", "on", "0", "false", "no", "Off"].map(forms.flagged), [
    ...Array(4).fill(true),
    ...Array(4).fill(false),
  ]);
  refuses(forms.flagged, ["2", "y", ""]);
});

test("seconds() takes whole seconds of a day", () => {
  assert.deepEqual(["1", "300", "86400"].map(forms.seconds), [1, 300, 86400]);
  refuses(forms.seconds, ["0", "86401", "5m", "1.5", "-1", "", "1e3", "0x10", "Infinity"]);
});

test("list() splits at commas and drops what is empty", () => {
  assert.deepEqual(forms.list(" a, b ,,c,"), ["a", "b", "c"]);
  assert.deepEqual(forms.list(","), []);
});

test("httpUrl() refuses other schemes and what is no URL", () => {
  assert.equal(forms.httpUrl(" https://team.vault.azure.net ").href, "https://team.vault.azure.net/");
  refuses(forms.httpUrl, ["team.vault.azure.net", "ftp://host", "https://", ""]);
});

test("headerName() takes HTTP field names alone", () => {
  assert.equal(forms.headerName("X-Auth-Token"), "X-Auth-Token");
  refuses(forms.headerName, ["", "X Auth", "X:Auth", "X\nAuth", "é"]);
});

test("plainUrl() shows neither user name, password, query nor fragment", () => {
  assert.equal(forms.plainUrl("http://ada:pw@proxy.example:3128/x?key=1#y"), "http://proxy.example:3128/x");
  assert.equal(forms.plainUrl("pw@proxy"), "[not a URL]");
});

test("proxyUrl() takes a proxy without a scheme for an http proxy", () => {
  assert.deepEqual(["proxy.corp:3128", " https://proxy.corp "].map(forms.proxyUrl), [
    "http://proxy.corp:3128",
    "https://proxy.corp",
  ]);
  refuses(forms.proxyUrl, ["http://[bad", "http://", "a b"]);
});
