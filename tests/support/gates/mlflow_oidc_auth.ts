import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { pythonWith } from "../python.ts";
import type { OidcProvider } from "./oidc_provider.ts";
import { freePort, startPart } from "./part.ts";

/** A real MLflow server whose users an OpenID Connect provider knows. */
export interface MlflowOidcAuth extends AsyncDisposable {
  readonly url: string;
  /** The audience that its tokens are for. */
  readonly audience: string;
  /** What the server has printed so far. */
  readonly output: () => string;
}

/**
 * Starts MLflow with mlflow-oidc-auth, which takes the provider's tokens and makes a user of whoever shows one.
 *
 * @param provider who issues the tokens
 * @param options the audience that they have to be for, and variables of the server besides
 * @returns the server
 * @throws Error where there is no Python 3.12 or its packages cannot be had
 */
export async function startMlflowOidcAuth(
  provider: Pick<OidcProvider, "issuer" | "clientId" | "clientSecret">,
  { audience = "urn:mlflow", env = {} }: {
    readonly audience?: string;
    readonly env?: Readonly<Record<string, string>>;
  } = {},
): Promise<MlflowOidcAuth> {
  const python = await pythonWith("mlflow_oidc_auth", [3, 12]);
  const folder = await mkdtemp(join(tmpdir(), "mlflow-auth-oidc-"));
  const port = await freePort();
  const artifacts = join(folder, "artifacts");
  const args = ["-m", "uvicorn", "--host", "127.0.0.1", "--port", `${port}`, "mlflow_oidc_auth.app:app"] as const;
  const part = await startPart([python, ...args], {
    cwd: folder,
    answers: `http://127.0.0.1:${port}/health`,
    env: {
      PATH: `${dirname(python)}:/usr/bin:/bin`,
      HOME: folder,
      NO_PROXY: "127.0.0.1,localhost",
      SECRET_KEY: "session-key-canary",
      OIDC_DISCOVERY_URL: `${provider.issuer}/.well-known/openid-configuration`,
      OIDC_CLIENT_ID: provider.clientId,
      OIDC_CLIENT_SECRET: provider.clientSecret,
      OIDC_ISSUER: provider.issuer,
      OIDC_AUDIENCE: audience,
      OIDC_PROVISION_ON_BEARER_AUTH: "true",
      OIDC_USERS_DB_URI: `sqlite:///${join(folder, "users.db")}`,
      MLFLOW_FLASK_SERVER_SECRET_KEY: "any",
      MLFLOW_DISABLE_TELEMETRY: "true",
      MLFLOW_SERVER_ENABLE_JOB_EXECUTION: "false",
      _MLFLOW_SGI_NAME: "uvicorn",
      _MLFLOW_SERVER_FILE_STORE: `sqlite:///${join(folder, "mlflow.db")}`,
      _MLFLOW_SERVER_ARTIFACT_ROOT: "mlflow-artifacts:/",
      _MLFLOW_SERVER_ARTIFACT_DESTINATION: artifacts,
      _MLFLOW_SERVER_SERVE_ARTIFACTS: "true",
      ...env,
    },
  });
  return {
    url: `http://127.0.0.1:${port}`,
    audience,
    output: part.output,
    [Symbol.asyncDispose]: async () => {
      await part[Symbol.asyncDispose]();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
