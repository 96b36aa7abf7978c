import assert from "node:assert/strict";
import { test } from "node:test";
import { readSettings, showSetting } from "../../../src/core/settings/read_settings.ts";
import { SETTINGS } from "../../../src/core/settings/settings.ts";
import { isDomain, isGuid, pathWord, secretLook, showId, showPath } from "../../../src/core/shown.ts";

const PEM = "-----BEGIN PRIVATE KEY-----\nMIIEvCANARY\n-----END PRIVATE KEY-----\n";
const JWT = `${btoa('{"alg":"RS256"}')}.${btoa('{"sub":"canary"}')}.c2lnbmF0dXJl`.replaceAll("=", "");

test("readSettings() takes no secret for a path or an id, and shows nothing of it", () => {
  const secrets = [
    PEM,
    JWT,
    btoa(PEM),
    btoa(JWT),
    PEM.replaceAll("\n", "\\n"),
    "Zq38Q~CANARYcanaryCANARYcanaryCANARYcanary",
  ];
  const names = [
    ["AZURE_CLIENT_CERTIFICATE_PATH", "not the path of one"],
    ["AZURE_FEDERATED_TOKEN_FILE", "not the path of one"],
    ["MLFLOW_AUTH_CA_BUNDLE", "not the path of one"],
    ["MLFLOW_TRACKING_SERVER_CERT_PATH", "not the path of one"],
    ["MLFLOW_TRACKING_CLIENT_CERT_PATH", "not the path of one"],
    ["AZURE_CLIENT_ID", "not an id"],
    ["AZURE_TENANT_ID", "not an id"],
  ] as const;
  for (const [name, end] of names) {
    for (const secret of secrets) {
      const { problems, settings } = readSettings({ env: { [name]: secret } });
      assert.match(problems[0]?.message ?? "", new RegExp(`^Cannot use "${name}": it holds a .*, ${end}$`), secret);
      const shown = SETTINGS.map(({ key }) => showSetting(key, settings) ?? "").join("\n");
      assert.ok(![shown, problems[0]?.message, problems[0]?.remedy].some((text) => /canary/i.test(text ?? "")), shown);
    }
  }
});

test("showPath() shows one short line, and says what else a text is", () => {
  const long = "/a".repeat(128);
  assert.deepEqual(["/etc/my app.pem", "C:\\sp.pem", long.slice(0, -1), long, "/a\n/b"].map(showPath), [
    "/etc/my app.pem",
    "C:\\sp.pem",
    long.slice(0, -1),
    "[256 characters]",
    "[not one line]",
  ]);
});

test("showId() shows a GUID or a domain", () => {
  assert.deepEqual(["11111111-AAAA-4000-8000-000000000000", "contoso.com", "hunter2"].map(showId), [
    "11111111-AAAA-4000-8000-000000000000",
    "contoso.com",
    "[neither a GUID nor a domain]",
  ]);
});

test("isGuid() and isDomain() tell an id from a domain", () => {
  const texts = ["11111111-AAAA-4000-8000-000000000000", "contoso.com", "11111111-aaaa-4000-8000-00000000000", ""];
  assert.deepEqual(texts.map(isGuid), [true, false, false, false]);
  assert.deepEqual(texts.map(isDomain), [false, true, false, false]);
});

test("pathWord() is one word of a shell, whatever the path holds", () => {
  assert.deepEqual(["a/b-c_d.pem", "my app.pem", "it's", "$(x)", "a\nb"].map(pathWord), [
    "a/b-c_d.pem",
    "'my app.pem'",
    "'it'\\''s'",
    "'$(x)'",
    "<file>",
  ]);
});

test("secretLook() knows a URL with a user name and JSON, and takes no path and no other URL for one", () => {
  const texts = [
    "https://ada:hunter2@mlflow.example/x",
    "postgresql://ada@db.example/mlflow",
    '{"token": "hunter2"}',
    "https://mlflow.example/@ada",
    "/home/ada@corp/ca.pem",
    "{name}.pem",
  ];
  const url = "a URL with a user name";
  assert.deepEqual(texts.map(secretLook), [url, url, "JSON", undefined, undefined, undefined]);
});

test("showSetting() shows no secret that stands in the place of any setting", () => {
  const secrets = [
    PEM,
    JWT,
    btoa(PEM),
    "https://ada:canary@one.example/",
    '{"token": "canary"}',
    `Zq38Q~${"canary".repeat(6)}`,
  ];
  for (const { names, key } of SETTINGS) {
    for (const name of names) {
      for (const secret of secrets) {
        const { problems, settings } = readSettings({ env: { [name]: secret } });
        const texts = [showSetting(key, settings), ...problems.flatMap(({ message, remedy }) => [message, remedy])];
        const leaks = texts.filter((text) => /canary/i.test(text ?? "") || text?.includes(btoa("canary")));
        assert.deepEqual(leaks, [], `${name}=${secret}`);
      }
    }
  }
});
