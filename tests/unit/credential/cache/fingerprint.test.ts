import assert from "node:assert/strict";
import { test } from "node:test";
import { readSettings } from "../../../../src/core/settings/read_settings.ts";
import { SETTINGS } from "../../../../src/core/settings/settings.ts";
import { DECIDE_NOTHING, fingerprint } from "../../../../src/credential/cache/fingerprint.ts";
import { textsFor } from "../../../support/setting_texts.ts";

type Env = Readonly<Record<string, string>>;

const KEYRING = { bootId: "boot-1", uid: 1000 };
const printOf = (env: Env, keyring = KEYRING): string => fingerprint(readSettings({ env }).settings, { env, keyring });

test("fingerprint() is another one for another value of every setting, but of those that decide nothing", () => {
  const same = SETTINGS.filter((row) => {
    const { names: [name] } = row;
    const [one, other] = textsFor(row);
    return printOf({ [name]: one }) === printOf({ [name]: other });
  });
  assert.deepEqual(new Set(same.map(({ key }) => key)), DECIDE_NOTHING);
});

test("fingerprint() is another one after a restart, for another user, home or platform variable", () => {
  const prints = [
    printOf({}),
    printOf({}, { ...KEYRING, bootId: "boot-2" }),
    printOf({}, { ...KEYRING, uid: 1001 }),
    printOf({ HOME: "/root" }),
    printOf({ USER: "ann" }),
    printOf({ IDENTITY_ENDPOINT: "http://127.0.0.1:9" }),
    printOf({ AZURESUBSCRIPTION_CLIENT_ID: "1" }),
    printOf({ SYSTEM_OIDCREQUESTURI: "https://one.example" }),
  ];
  assert.equal(new Set(prints).size, prints.length);
});

test("fingerprint() is the same whatever else the environment holds, and in whatever order", () => {
  const own = { AZURE_CLIENT_ID: "11111111-aaaa-4aaa-8aaa-111111111111", MSI_ENDPOINT: "http://127.0.0.1:9" };
  const reversed = Object.fromEntries(Object.entries(own).reverse());
  assert.equal(printOf(own), printOf({ ...reversed, PATH: "/bin", SLURM_PROCID: "7", PWD: "/tmp" }));
});

test("fingerprint() shows nothing of what it is made of", () => {
  assert.match(printOf({ AZURE_CLIENT_SECRET: "canary" }), /^[0-9a-f]{64}$/);
});
