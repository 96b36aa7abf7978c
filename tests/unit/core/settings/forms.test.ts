import assert from "node:assert/strict";
import { test } from "node:test";
import * as forms from "../../../../src/core/settings/forms.ts";

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

test("proxyUrl() gives every proxy that people write the form that a runtime reads", () => {
  const table = [
    ["proxy.corp:3128", "http://proxy.corp:3128"],
    [" https://proxy.corp ", "https://proxy.corp"],
    ["http://proxy.corp:3128/", "http://proxy.corp:3128"],
    ["HTTP://PROXY.corp", "http://PROXY.corp"],
    ["socks5://proxy:1080", "socks5://proxy:1080"],
    ["http://[fd00::1]:3128", "http://[fd00::1]:3128"],
    ["http://joe@host", "http://joe:@host"],
    ["http://joe:@host", "http://joe:@host"],
    ["http://CORP\\joe:pw@host:80", "http://CORP%5Cjoe:pw@host:80"],
    ["joe@corp.example:pw@host", "http://joe%40corp.example:pw@host"],
    ["http://joe:p@ss:w/rd#1?%zz@host", "http://joe:p%40ss%3Aw%2Frd%231%3F%25zz@host"],
    ["http://joe:p%40ss@host", "http://joe:p%40ss@host"],
  ] as const;
  assert.deepEqual(table.map(([text]) => forms.proxyUrl(text)), table.map(([, url]) => url));
});

test("proxyUrl() refuses schemes that are no proxy's, and what is left over, without quoting it", () => {
  const refused = [
    "ftp://canary",
    "quic://canary",
    "http://[bad",
    "http://",
    "a b",
    "http://canary:80:90",
    "http://canary/x",
    "//x",
    "Zq38Q~canary",
  ];
  for (
    const text of [...refused, "http://canary?x", "http:/canary", "file:///canary", "\\\\canary", "http://$(PROXY)"]
  ) {
    assert.throws(
      () => forms.proxyUrl(text),
      (error) => error instanceof TypeError && !error.message.includes("canary"),
      text,
    );
  }
});

test("plainUrl() shows no key of a proxy of ours", () => {
  const key = `mlflow-auth-${"k".repeat(43)}`;
  assert.equal(forms.plainUrl(`http://127.0.0.1:4040/${key}/api`), "http://127.0.0.1:4040/[redacted]/api");
});

test("shownUri() takes a user name and a password for no URL, and knows MLflow's own", () => {
  const given = [
    "joe:canary",
    "mlflow.corp:5000",
    "http://mlflow.corp:5000",
    "file:./runs",
    "sqlite:///a.db",
    "databricks",
    "uc",
  ];
  assert.deepEqual(given.map(forms.shownUri), [
    "[not a URL]",
    "[not a URL]",
    "http://mlflow.corp:5000/",
    "file:///runs",
    "sqlite:///a.db",
    "databricks",
    "uc",
  ]);
});

test("shownVault() shows a vault whose suffix the cloud decides as it was given", () => {
  const given = ["https://team/", "https://team/secrets/mlflow", "https://team.vault.azure.net/", "https://localhost/"];
  assert.deepEqual(given.map((url) => forms.shownVault(new URL(url))), [
    "team",
    "team/secrets/mlflow",
    "https://team.vault.azure.net/",
    "https://localhost/",
  ]);
});

test("wholePath() refuses what a shell alone replaces, and nothing else that begins alike", () => {
  for (const [path, home] of [["~/sp.pem", "~"], ["$HOME/sp.pem", "$HOME"], ["~\\sp.pem", "~"]] as const) {
    assert.throws(() => forms.wholePath(path), {
      message: `it begins with ${home}, which a shell alone replaces: write the whole path`,
    });
  }
  const kept = ["/home/ann/sp.pem", "~sp.pem", "$.pem", "a/~/b", "./~/sp.pem"];
  assert.deepEqual(kept.map(forms.wholePath), kept);
});
