// Resolves the credential twice in one process, and prints both tokens: what a proxy does that reads again.
import { makeLog } from "../../../src/core/log.ts";
import { readSettings } from "../../../src/core/settings/read_settings.ts";
import { resolveCredential } from "../../../src/credential/resolve.ts";
import { makeHost } from "../../../src/host/host.ts";

const host = makeHost();
const { settings } = readSettings({ env: host.env });
for (let count = 0; count < 2; count++) {
  const { credential } = await resolveCredential(settings, { host, log: makeLog("ERROR", () => {}) });
  if (credential.kind === "bearer") console.log(credential.token.reveal());
}
