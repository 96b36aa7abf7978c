import assert from "node:assert/strict";
import { test } from "node:test";
import { CLOUDS } from "../../../../src/azure/entra/clouds.ts";
import { signedIn } from "../../../../src/azure/sign_in/signed_in.ts";
import { makeLog } from "../../../../src/core/log.ts";
import { readSettings } from "../../../../src/core/settings/read_settings.ts";
import { fakeHost } from "../../../support/host.ts";

test("signedIn() sends nothing, and asks nothing, before it is known who asks", async () => {
  const env = { AZURE_CLIENT_SECRET: "canary" };
  const done: string[] = [];
  const purpose = {
    doing: "Cannot try it",
    vault: undefined,
    cloud: CLOUDS[0],
    wanted: { scope: CLOUDS[0].scope, enableCae: true },
    ahead: () => void done.push("ahead"),
    ask: () => Promise.resolve(done.push("ask")),
  };
  const { settings } = readSettings({ env });
  const options = { settings, host: fakeHost({ env }), log: makeLog("ERROR", () => {}), network: {} };
  await assert.rejects(signedIn(purpose, options), { code: "identity-incomplete" });
  assert.deepEqual(done, []);
});
