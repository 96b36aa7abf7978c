import { type Azure, startAzure } from "../azure/start_azure.ts";
import { IDS, makeSigningKeys } from "../azure/world.ts";
import { firstBuild } from "../run_program.ts";
import { type MlflowOidcAuth, startMlflowOidcAuth } from "./mlflow_oidc_auth.ts";

/** Entra ID, a real MLflow server that asks it who somebody is, and the program as somebody whom it knows. */
export interface EntraGate extends AsyncDisposable {
  readonly azure: Azure;
  readonly server: MlflowOidcAuth;
  /** Runs the program with the identity's own token for the server as its credential. */
  readonly run: (
    args: readonly string[],
    env?: Readonly<Record<string, string>>,
  ) => Promise<{ readonly status: number; readonly stdout: string; readonly stderr: string }>;
}

/** @returns the gate, started; `await using` ends it */
export async function startEntraGate(): Promise<EntraGate> {
  await using stack = new AsyncDisposableStack();
  const azure = stack.use(await startAzure({ keys: await makeSigningKeys(2048) }));
  const provider = {
    issuer: `${azure.origins.tls}/${IDS.tenants.public}/v2.0`,
    clientId: IDS.api,
    clientSecret: "oidc-client-canary",
  };
  // An application has no email: its object id is its name.
  const trust = {
    REQUESTS_CA_BUNDLE: azure.caPath,
    SSL_CERT_FILE: azure.caPath,
    OIDC_USERNAME_FIELD: "email,preferred_username,oid",
  };
  const groups = {
    DEFAULT_MLFLOW_PERMISSION: "MANAGE",
    OIDC_GROUPS_ATTRIBUTE: "roles",
    OIDC_GROUP_NAME: "Tracking.Write",
  };
  const server = stack.use(await startMlflowOidcAuth(provider, { audience: IDS.api, env: { ...trust, ...groups } }));
  const run: EntraGate["run"] = async (args, env = {}) => {
    const { MLFLOW_AZURE_KEY_VAULT_URL: _, ...direct } = azure.direct;
    const [program = "", ...words] = firstBuild().command;
    const output = await new Deno.Command(program, {
      args: [...words, ...args],
      cwd: azure.folder,
      clearEnv: true,
      env: {
        PATH: "/usr/sbin:/usr/bin:/sbin:/bin",
        HOME: azure.folder,
        ...direct,
        ...await azure.identity("client-secret"),
        MLFLOW_AZURE_TOKEN_SCOPE: `api://${IDS.api}/.default`,
        MLFLOW_TRACKING_URI: server.url,
        MLFLOW_DISABLE_TELEMETRY: "true",
        ...env,
      },
      stdin: "null",
    }).output();
    const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
    return { status: output.code, stdout: text(output.stdout), stderr: text(output.stderr) };
  };
  const kept = stack.move();
  return { azure, server, run, [Symbol.asyncDispose]: () => kept.disposeAsync() };
}
