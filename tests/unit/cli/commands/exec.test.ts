import assert from "node:assert/strict";
import { test } from "node:test";
import { main } from "../../../../src/cli/run.ts";
import { fakeHost } from "../../../support/host.ts";

test("exec says of each option of a setting what it is and what holds without it", async () => {
  const host = fakeHost();
  assert.equal(await main(["exec", "--help"], host), 0);
  const help = host.stdout.text().replaceAll(/\s+/g, " ");
  for (
    const line of [
      "--vault-url <url> vault, https://NAME.vault.azure.net/, or a full secret identifier (required)",
      "--secret-version <id> latest, or a version id (default: latest)",
      "--auth-mode <bearer|basic> bearer or basic (default: by the secret's shape)",
      "--ca-bundle <path> PEM file or folder of extra roots, added to the built-in ones (default: the built-in roots alone)",
    ]
  ) assert.ok(help.includes(line), `${line}\n${help}`);
});
