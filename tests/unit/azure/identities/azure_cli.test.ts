import assert from "node:assert/strict";
import { test } from "node:test";
import { readSettings } from "../../../../src/core/settings/read_settings.ts";
import { AZ, azureCli } from "../../../../src/azure/identities/azure_cli.ts";
import { fakeHost } from "../../../support/host.ts";

const { settings } = readSettings({ env: {} });
const signedIn = (profile: string, env: Readonly<Record<string, string>> = {}) =>
  AZ.signedIn({
    settings,
    host: fakeHost({
      env,
      files: { "/home/user/.azure/azureProfile.json": profile, "/cfg/azureProfile.json": '{"subscriptions":[1]}' },
    }),
  });

test("AZ takes somebody for signed in whose profile has a subscription", async () => {
  assert.deepEqual([
    await signedIn('\uFEFF{"subscriptions":[{"id":"s"}]}'),
    await signedIn('{"subscriptions":[]}'),
    await signedIn("{}"),
    await signedIn("not JSON"),
    await signedIn("null"),
    await signedIn("{}", { AZURE_CONFIG_DIR: "/cfg" }),
    await signedIn("{}", { AZURE_CONFIG_DIR: "/nowhere" }),
  ], [true, false, false, false, false, true, false]);
});

test("azureCli says how to install az where it is asked for by name", () => {
  assert.equal(azureCli.toolMissing?.().remedy, "install it (see https://aka.ms/azure-cli), then sign in: az login");
});
