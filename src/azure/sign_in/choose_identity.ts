import { AuthError } from "../../core/errors.ts";
import { nameOf } from "../../core/settings/setting_name.ts";
import { IDENTITIES } from "../identities/identities.ts";
import type { DetectionContext, Identity } from "../identities/identity.ts";
import { managedIdentity } from "../identities/managed_identity.ts";
import { selectIdentities, type Selection } from "./select_identities.ts";

/** An identity that was looked at before the chosen one, and why it was not chosen. */
export interface PassedOver {
  readonly name: string;
  readonly reason: string;
}

/** Who we are to Azure. */
export interface Choice {
  readonly identity: Identity;
  /** What decided it, in words. */
  readonly why: string;
  readonly passedOver: readonly PassedOver[];
  /** One before it whose service may answer and was not asked. */
  readonly unasked?: string;
}

/** A user's own name and password: nothing of ours signs in by them, as they answer no second factor. */
const USER = ["AZURE_USERNAME", "AZURE_PASSWORD"] as const;

/** What was seen on the way to no identity. */
interface Seen {
  readonly passedOver: readonly PassedOver[];
  readonly env: DetectionContext["host"]["env"];
  /** Whether a service was left that may answer, and was not asked. */
  readonly unasked: boolean;
}

function none(selection: Selection, { passedOver, env, unasked }: Seen): AuthError {
  const unread = USER.filter((name) => (env[name] ?? "") !== "").map((name) => `${name} is set, which is not read`);
  // What was asked for by its own name is named once.
  const reasons = passedOver.map(({ name, reason }) => name === selection.asked ? reason : `${name}: ${reason}`);
  const seen = [...reasons, ...unread].join("; ");
  const [only] = selection.identities;
  if (selection.named && only !== undefined) {
    const tool = only.toolMissing?.();
    return tool ?? new AuthError("identity-incomplete", {
      message: `Cannot use "${selection.asked}": ${seen}`,
      remedy: `set what it needs: ${selection.identities.map((one) => one.needs).join("; or ")}`,
    });
  }
  if (unasked) {
    return new AuthError("identity-none", {
      message: `Cannot tell who you are to "Azure": no identity is configured, and the metadata service, ` +
        `which answers on machines of Azure, was not asked (${seen})`,
      remedy: "let it be asked: mlflow-auth doctor",
    });
  }
  return new AuthError("identity-none", {
    message: `Cannot tell who you are to "Azure": no identity is configured (${seen})`,
    remedy: selection.identities.some((one) => one.group === "dev")
      ? "set AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET, or sign in: az login"
      : "set AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET, or: unset AZURE_TOKEN_CREDENTIALS",
  });
}

/**
 * Tells whether a run would be whoever is signed in with a developer tool. Looks at variables and files alone.
 *
 * @param settings every setting
 * @param host the world
 * @returns true where a developer tool is configured before anything else is, or nothing else may be chosen; where only asking the
 * metadata service would tell, false
 * @throws {AuthError} as {@link chooseIdentity}, for what is configured by halves
 */
export async function usesDeveloperTool(
  settings: DetectionContext["settings"],
  host: DetectionContext["host"],
): Promise<boolean> {
  const { identities } = selectIdentities(settings.tokenCredentials, IDENTITIES, { settings });
  for (const identity of identities) {
    if ((await identity.detect({ settings, host })).is === "configured") return identity.group === "dev";
  }
  return identities.every(({ group }) => group === "dev");
}

/**
 * Chooses who we are to Azure: the first identity of {@link IDENTITIES} that is configured, among those that
 * `AZURE_TOKEN_CREDENTIALS` leaves. Looks at variables and files; asks the metadata service where nothing else is configured.
 *
 * @param settings every setting
 * @param options the world, and whether the metadata service may be asked (it may)
 * @returns the identity, and those before it with the reason why they were not chosen
 * @throws {AuthError} `identity-none`, `identity-incomplete`, `identity-unsupported`, `setting-invalid`, `developer-tool-missing`,
 * `github-oidc-unavailable` or `pipelines-oidc-unavailable`
 *
 * @example
 * ```ts
 * import { chooseIdentity } from "./choose_identity.ts";
 * import { readSettings } from "../../core/settings/read_settings.ts";
 * import assert from "node:assert/strict";
 *
 * const { settings } = readSettings({
 *   env: { AZURE_TENANT_ID: "contoso.onmicrosoft.com", AZURE_CLIENT_ID: "app", AZURE_CLIENT_SECRET: "hidden" },
 * });
 * const choice = await chooseIdentity(settings, {
 *   env: {},
 *   home: "/home/ann",
 *   platform: "linux",
 *   readText: () => Promise.reject(new Error("not read")),
 *   isFile: () => Promise.resolve(false),
 *   fetch: () => Promise.reject(new Error("not asked")),
 *   after: () => () => {},
 *   workedMs: () => 0,
 * });
 * assert.equal(choice.identity.name, "client-secret");
 * ```
 *
 * @see https://learn.microsoft.com/javascript/api/overview/azure/identity-readme#credential-classes
 */
export async function chooseIdentity(
  settings: DetectionContext["settings"],
  host: DetectionContext["host"],
  options: { readonly mayAsk?: boolean } = {},
): Promise<Choice> {
  const at: DetectionContext = { settings, host };
  const selection = selectIdentities(settings.tokenCredentials, IDENTITIES, { settings });
  const passedOver: PassedOver[] = [];
  const possible: Identity[] = [];
  for (const identity of selection.identities) {
    const availability = await identity.detect(at);
    if (availability.is === "configured") return { identity, why: availability.reason, passedOver };
    if (availability.is === "possible") possible.push(identity);
    passedOver.push({ name: identity.name, reason: availability.reason });
  }
  let unasked: string | undefined;
  const without = (identity: Identity): readonly PassedOver[] =>
    passedOver.filter(({ name }) => name !== identity.name);
  for (const identity of possible) {
    const assumed = selection.named || (selection.asked === "prod" && identity === managedIdentity);
    if (identity.confirm === undefined || assumed) {
      const why = assumed
        ? `${nameOf(settings.tokenCredentials, "AZURE_TOKEN_CREDENTIALS")} is ${selection.asked}`
        : "nothing else is configured";
      return { identity, why, passedOver: without(identity), ...(unasked === undefined ? {} : { unasked }) };
    }
    if (options.mayAsk === false) unasked = identity.name;
    const availability = options.mayAsk === false
      ? { is: "absent", reason: "whether a metadata service is there was not asked" } as const
      : await identity.confirm(at);
    if (availability.is === "configured") return { identity, why: availability.reason, passedOver: without(identity) };
    passedOver.splice(passedOver.findIndex(({ name }) => name === identity.name), 1, {
      name: identity.name,
      reason: availability.reason,
    });
  }
  throw none(selection, { passedOver, env: host.env, unasked: unasked !== undefined });
}
