import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { cacheFolder, ROOT } from "../build/build.ts";
import { run, tail } from "../build/run_tool.ts";
import { pythonWith } from "../../tests/support/python.ts";
import type { Place, Run, Runner } from "./measure.ts";

/** Other programs that read the same secret, those that are there, and of each that is not the reason. */
export interface Peers {
  readonly there: readonly Runner[];
  readonly absent: readonly { readonly name: string; readonly reason: string }[];
}

const FOLDER = join(ROOT, "scripts", "bench", "peers");

/** Builds the Go program once for each text of it. */
async function goPeer(): Promise<string> {
  const from = join(FOLDER, "go");
  const hash = createHash("sha256");
  for (const name of ["main.go", "go.mod", "go.sum"]) hash.update(readFileSync(join(from, name)));
  const folder = join(cacheFolder(), `bench-go-${hash.digest("hex").slice(0, 16)}`);
  const to = join(folder, "peer");
  if (existsSync(to)) return to;
  mkdirSync(folder, { recursive: true });
  const ran = await run("go", ["build", "-trimpath", "-ldflags=-s -w", "-o", to, "."], { cwd: from }).catch(() =>
    undefined
  );
  if (ran === undefined) throw new Error("go is not installed: see https://go.dev/doc/install");
  if (ran.status !== 0) throw new Error(`go build failed: ${tail(ran.text)}`);
  return to;
}

/** Finds a program on PATH. */
async function onPath(name: string, how: string): Promise<string> {
  const found = await run("sh", ["-c", `command -v ${name}`]);
  if (found.status !== 0) throw new Error(`${name} is not on PATH: ${how}`);
  return found.text.trim();
}

/** Signs Azure CLI in as its own files have it: its `login` would ask Azure's management too. */
function azureCliFolder(folder: string, { env }: Place): string {
  const config = join(folder, "azure-cli");
  mkdirSync(config, { recursive: true });
  const { AZURE_TENANT_ID: tenant, AZURE_CLIENT_ID: client, AZURE_CLIENT_SECRET: secret } = env;
  const files = {
    config: "[core]\ncollect_telemetry = no\ninstance_discovery = false\nencrypt_token_cache = false\n",
    "azureProfile.json": JSON.stringify({
      installationId: "00000000-0000-4000-8000-000000000003",
      subscriptions: [{
        id: tenant,
        name: "N/A(tenant level account)",
        state: "Enabled",
        user: { name: client, type: "servicePrincipal" },
        isDefault: true,
        tenantId: tenant,
        environmentName: "AzureCloud",
      }],
    }),
    "service_principal_entries.json": JSON.stringify([{ client_id: client, tenant, client_secret: secret }]),
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(config, name), text);
  return config;
}

/** What asks Azure by its real names alone. */
function needsNames({ inside }: Place): void {
  if (inside.length === 0) throw new Error("it knows Azure's own names alone: they need network namespaces");
}

const VIRTUAL = "install it into a virtual environment and put that on PATH";

/**
 * Finds other programs that read the same secret.
 *
 * @param place where they are to run
 * @param options a folder for their files, and what runs one
 * @returns those that are there and have read it once, and why the others are not
 */
export async function findPeers(
  place: Place,
  { folder, measure }: { readonly folder: string; readonly measure: (runner: Runner, place: Place) => Promise<Run> },
): Promise<Peers> {
  const trusting = { REQUESTS_CA_BUNDLE: place.env["MLFLOW_AUTH_CA_BUNDLE"] ?? "" };
  const { MLFLOW_AZURE_KEY_VAULT_URL: vault = "", MLFLOW_AZURE_SECRET_NAME: secret = "" } = place.env;
  const makers: Readonly<Record<string, () => Promise<Omit<Runner, "name">>>> = {
    "Go, azidentity and azsecrets": async () => ({ command: [await goPeer(), "true"] }),
    "Python, azure-identity and azure-keyvault-secrets": async () => ({
      command: [await pythonWith("azure"), join(FOLDER, "secret.py"), "true"],
      env: trusting,
    }),
    "az keyvault secret show": async () => {
      needsNames(place);
      return {
        command: [
          await onPath("az", `pip install azure-cli; ${VIRTUAL}`),
          "keyvault",
          "secret",
          "show",
          "--id",
          `${vault}secrets/${secret}`,
        ],
        env: { ...trusting, AZURE_CONFIG_DIR: azureCliFolder(folder, place) },
      };
    },
    "mlflow-secrets-auth doctor": async () => {
      needsNames(place);
      return {
        command: [
          await onPath("mlflow-secrets-auth", `pip install "mlflow-secrets-auth[azure]"; ${VIRTUAL}`),
          "doctor",
        ],
        // It knows the vault by this name alone.
        env: { ...trusting, MLFLOW_SECRETS_AUTH_ENABLE: "azure-key-vault", AZURE_KEY_VAULT_URL: vault },
      };
    },
  };
  const there: Runner[] = [];
  const absent: { readonly name: string; readonly reason: string }[] = [];
  for (const [name, make] of Object.entries(makers)) {
    try {
      const peer = { name, ...await make() };
      await measure(peer, place);
      there.push(peer);
    } catch (error) {
      absent.push({ name, reason: (error as Error).message });
    }
  }
  return { there, absent };
}
