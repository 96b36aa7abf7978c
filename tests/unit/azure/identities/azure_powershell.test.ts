import assert from "node:assert/strict";
import { test } from "node:test";
import { readSettings } from "../../../../src/core/settings/read_settings.ts";
import { azurePowershell, PWSH } from "../../../../src/azure/identities/azure_powershell.ts";
import { fakeHost } from "../../../support/host.ts";

test("PWSH takes somebody for signed in whose folder holds a context", async () => {
  const { settings } = readSettings({ env: {} });
  const signedIn = (there: string) =>
    PWSH.signedIn({
      settings,
      host: fakeHost({ files: { [there]: "" } }),
    });
  assert.deepEqual([
    await signedIn("/home/user/.Azure/AzureRmContext.json"),
    await signedIn("/home/user/.Azure/other.json"),
  ], [true, false]);
});

test("azurePowershell says which module to install where it is asked for by name", () => {
  assert.match(azurePowershell.toolMissing?.().remedy ?? "", /Install-Module Az\.Accounts/);
});
