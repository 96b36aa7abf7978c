import { AuthError } from "../../core/errors.ts";
import { nearest } from "../../core/nearest.ts";
import { secretsOf } from "../../core/settings/secrets_of.ts";
import type { Setting, Settings } from "../../core/settings/settings.ts";
import { isQuotable } from "../../core/shown.ts";
import type { Identity } from "../identities/identity.ts";
import { assignment, nameOf } from "../../core/settings/setting_name.ts";

/** The identities that `AZURE_TOKEN_CREDENTIALS` leaves. */
export interface Selection {
  readonly identities: readonly Identity[];
  /** One identity was asked for, by one of its names. */
  readonly named: boolean;
  /** What was asked for, as it was written; `""` for nothing. */
  readonly asked: string;
}

// Names that the Azure SDKs know, for identities that need a browser or an editor.
const INTERACTIVE = [
  "VisualStudioCredential",
  "VisualStudioCodeCredential",
  "InteractiveBrowserCredential",
  "DeviceCodeCredential",
  "SharedTokenCacheCredential",
  "BrokerCredential",
];

const plain = (name: string): string => name.toLowerCase().replaceAll(/[^a-z]/g, "");

/**
 * Keeps those identities that `AZURE_TOKEN_CREDENTIALS` (or `--identity`) asks for.
 *
 * @param asked the setting: `prod`, `dev`, a credential's name of the Azure SDKs, an identity's name of ours, or not set for all
 * @param identities every identity, in order
 * @param options every setting: no message quotes what one of them holds as a secret
 * @returns the rest, in the same order
 * @throws {AuthError} `setting-invalid` for an unknown name, `identity-unsupported` for one that needs a browser
 *
 * @example
 * ```ts
 * import { selectIdentities } from "./select_identities.ts";
 * import { IDENTITIES } from "../identities/identities.ts";
 * import { readSettings } from "../../core/settings/read_settings.ts";
 * import assert from "node:assert/strict";
 *
 * const { settings } = readSettings({ env: {}, flags: { "--identity": "dev" } });
 * const { identities } = selectIdentities(settings.tokenCredentials, IDENTITIES);
 * assert.deepEqual(identities.map(({ name }) => name), ["azure-cli", "azure-developer-cli", "azure-powershell"]);
 * ```
 *
 * @see https://learn.microsoft.com/javascript/api/overview/azure/identity-readme
 */
export function selectIdentities(
  asked: Setting<string | undefined>,
  identities: readonly Identity[],
  { settings }: { readonly settings?: Settings } = {},
): Selection {
  const wanted = (asked.value ?? "").trim();
  if (wanted === "") return { identities, named: false, asked: "" };
  const group = wanted.toLowerCase();
  if (group === "prod" || group === "dev") {
    return { identities: identities.filter((one) => one.group === group), named: false, asked: group };
  }
  const namesOf = (one: Identity): readonly string[] => [one.name, ...one.sdkNames];
  const matches = (name: string): boolean => plain(name) === plain(wanted);
  const found = identities.filter((one) => namesOf(one).some(matches));
  if (found.length > 0) return { identities: found, named: true, asked: wanted };
  if (INTERACTIVE.some(matches)) {
    throw new AuthError("identity-unsupported", {
      message: `Cannot use "${wanted}": it needs a browser or an editor, and this program asks nothing`,
      remedy: "sign in once with the Azure CLI: az login; export AZURE_TOKEN_CREDENTIALS=AzureCliCredential",
    });
  }
  const known = ["prod", "dev", ...new Set(identities.flatMap(namesOf))];
  const variable = nameOf(asked, "AZURE_TOKEN_CREDENTIALS");
  const near = nearest(wanted, known);
  const suggestion = near !== undefined && near.distance <= Math.max(2, wanted.length / 3) ? near.word : undefined;
  throw new AuthError("setting-invalid", {
    message:
      `Cannot use "${variable}": no identity has the name ${
        isQuotable(wanted, settings === undefined ? [] : secretsOf(settings)) ? `"${wanted}"` : "it gives"
      }` +
      (suggestion === undefined ? "" : `; did you mean ${suggestion}?`),
    remedy: suggestion === undefined ? `use one of: ${known.join(", ")}` : assignment(variable, suggestion),
  });
}
