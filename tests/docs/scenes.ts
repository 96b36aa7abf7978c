import type { IdentityName } from "../support/azure/identity_env.ts";
import { IDENTITIES } from "../support/azure/identity_env.ts";
import { type Azure, startAzure } from "../support/azure/start_azure.ts";
import { makeVault } from "../support/azure/world.ts";
import { startTrackingServer } from "../support/tracking_server.ts";

/** What stands around a transcript: variables for its shell, and what to close at the end. */
export interface Scene extends AsyncDisposable {
  readonly env: Readonly<Record<string, string>>;
}

type Env = Readonly<Record<string, string>>;

/** Vaults that the docs speak of, besides `team`. */
const VAULTS = ["ml-team", "team-vault"];

/** Words of a `with` line that change Azure, or the variables that lead to it. */
const CHANGES: Readonly<Record<string, (azure: Azure) => Env>> = {
  azure: () => ({}),
  basic: () => ({ MLFLOW_AZURE_SECRET_NAME: "mlflow-basic" }),
  forbidden: ({ world }) => {
    for (const { readers } of world.vaults) readers.clear();
    return {};
  },
  "not-found": () => ({ MLFLOW_AZURE_SECRET_NAME: "mlflow-nothing" }),
  "private-vault": ({ world }) => {
    for (const vault of world.vaults) vault.network = "private-only";
    return {};
  },
  unreachable: ({ world }) => {
    world.faults.push({ kind: "reset", service: "vault" });
    return {};
  },
  "wrong-secret": () => ({ AZURE_CLIENT_SECRET: "another-canary" }),
};

/** Words that stand for something else than a change of Azure. */
const OTHERS: ReadonlySet<string> = new Set(["more-lines", "nobody", "reveals", "tracking"]);

/**
 * Sets a scene.
 *
 * @param words of the transcript's `with` line: `azure` and its changes, an identity, `nobody` (no identity), `tracking` (a
 * tracking server), `reveals` (the transcript shows a secret on purpose), `more-lines` (what is expected may have gaps)
 * @returns the scene; dispose of it at the end
 */
export async function setScene(words: readonly string[]): Promise<Scene> {
  const identity = words.find((word): word is IdentityName => (IDENTITIES as readonly string[]).includes(word));
  const strange = words.find((word) => CHANGES[word] === undefined && !OTHERS.has(word) && word !== identity);
  if (strange !== undefined) throw new Error(`there is no scene "${strange}": add it to tests/docs/scenes.ts`);
  const env: Record<string, string> = {};
  await using parts = new AsyncDisposableStack();
  if (words.some((word) => CHANGES[word] !== undefined || word === identity)) {
    const azure = parts.use(await startAzure());
    for (const name of VAULTS) azure.world.vaults.push(makeVault(name, { cloud: "public", nowMs: Date.now() }));
    Object.assign(env, azure.env, azure.vault());
    if (!words.includes("nobody")) Object.assign(env, await azure.identity(identity ?? "client-secret"));
    for (const word of words) Object.assign(env, CHANGES[word]?.(azure));
  }
  if (words.includes("tracking")) {
    const server = parts.use(await startTrackingServer());
    env["MLFLOW_TRACKING_URI"] = server.url;
  }
  const own = parts.move();
  return { env, [Symbol.asyncDispose]: () => own.disposeAsync() };
}
