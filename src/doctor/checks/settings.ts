import { cloudFor } from "../../azure/sign_in/access_token.ts";
import type { AuthError } from "../../core/errors.ts";
import { settingMissing } from "../../core/settings/missing_setting.ts";
import { describeSource } from "../../core/settings/read_settings.ts";
import type { Check } from "./check.ts";
import type { Settings } from "../../core/settings/settings.ts";
import { errorOf } from "../error_of.ts";
import { failed, type Note, ok, warn } from "../finding.ts";
import type { Subject } from "../subject.ts";

/** Looks at everything that settings alone can get wrong, and tells all of it at once. */
export const settings: Check = {
  name: "settings",
  doc: "The settings are complete, well formed and name a vault that may see a token",
  run: async (subject) => {
    const { steps, problems } = subject;
    const errors = new Set<AuthError>(problems);
    const hasScope = await steps.scope().then((scope) => scope !== undefined, () => true);
    for (const step of [steps.enabled, steps.scope, ...(hasScope ? [] : [steps.vault]), steps.authority]) {
      const error = await errorOf(step);
      if (error !== undefined) errors.add(error);
    }
    // Who has set neither is told of both.
    const { vaultUrl, secretName, tokenScope } = subject.settings;
    if ([...errors].some(({ code }) => code === "setting-missing") && !hasScope && secretName.value === undefined) {
      if (vaultUrl.value === undefined && tokenScope.value === undefined) errors.add(nameMissing(secretName));
    }
    const notes = [...errors].map((error) => failed(error));
    return [...(notes.length > 0 ? notes : [await summary(subject)]), ...rivalVaults(subject)];
  },
};

function nameMissing(secretName: Settings["secretName"]): AuthError {
  return settingMissing(secretName, {
    message: 'Cannot find the secret: "MLFLOW_AZURE_SECRET_NAME" is not set',
    remedy: "name it: export MLFLOW_AZURE_SECRET_NAME=<name>; to list them: az keyvault secret list --vault-name NAME",
  });
}

async function summary({ steps, settings }: Subject): Promise<Note> {
  const scope = await steps.scope();
  if (scope !== undefined) {
    const { name } = cloudFor(settings);
    return ok(`token of the identity for ${scope} (${describeSource(settings.tokenScope.source)}), cloud ${name}`);
  }
  const vault = await steps.vault();
  const source = describeSource(settings.vaultUrl.source);
  return ok(
    `secret "${vault.name}", version ${
      vault.version ?? "latest"
    }, in vault "${vault.host}" (${source}), cloud ${vault.cloud.name}`,
  );
}

/** Two names of the vault with two values: the first name wins, which may not be the one that was meant. */
function rivalVaults({ host }: Subject): readonly Note[] {
  const [ours, theirs] = [host.env["MLFLOW_AZURE_KEY_VAULT_URL"] ?? "", host.env["AZURE_KEY_VAULT_URL"] ?? ""];
  const same = ours.replace(/\/$/, "").toLowerCase() === theirs.replace(/\/$/, "").toLowerCase();
  if (ours === "" || theirs === "" || same) return [];
  return [warn("setting-conflict", {
    message: 'Cannot use "AZURE_KEY_VAULT_URL": "MLFLOW_AZURE_KEY_VAULT_URL" names another vault and wins',
    remedy: "keep the one that is meant, and unset the other",
  })];
}
