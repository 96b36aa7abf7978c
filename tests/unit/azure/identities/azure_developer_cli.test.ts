import assert from "node:assert/strict";
import { test } from "node:test";
import { readSettings } from "../../../../src/core/settings/read_settings.ts";
import { AZD, azureDeveloperCli } from "../../../../src/azure/identities/azure_developer_cli.ts";
import { fakeHost } from "../../../support/host.ts";

const { settings } = readSettings({ env: {} });
const signedIn = (there: string, env: Readonly<Record<string, string>> = {}) =>
  AZD.signedIn({
    settings,
    host: fakeHost({ env, files: { [there]: "" } }),
  });

test("AZD takes somebody for signed in whose folder holds auth.json", async () => {
  assert.deepEqual([
    await signedIn("/home/user/.azd/auth.json"),
    await signedIn("/cfg/auth.json"),
    await signedIn("/cfg/auth.json", { AZD_CONFIG_DIR: "/cfg" }),
  ], [true, false, true]);
});

test("azureDeveloperCli says how to install azd where it is asked for by name", () => {
  assert.equal(
    azureDeveloperCli.toolMissing?.().remedy,
    "install it (see https://aka.ms/azd-install), then sign in: azd auth login",
  );
});
