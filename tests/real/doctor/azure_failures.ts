import { IDS } from "../../support/azure/ids.ts";
import type { Azure } from "../../support/azure/start_azure.ts";
import type { Failure } from "./failure.ts";

const put = (value: string) => ({ world }: Azure): void => {
  for (const vault of world.vaults) {
    for (const version of vault.secrets.get("mlflow") ?? []) version.value = value;
  }
};

const jwt = (claims: unknown): string => `e30.${btoa(JSON.stringify(claims)).replaceAll("=", "")}.canary`;

/** The credential is a token for an application, of the identity's own. */
const scoped = {
  MLFLOW_AZURE_KEY_VAULT_URL: "",
  MLFLOW_AZURE_SECRET_NAME: "",
  MLFLOW_AZURE_TOKEN_SCOPE: `api://${IDS.api}`,
};

/** The most files that are too few for the program to say more: each runtime keeps another number of its own. */
const TOO_FEW_FILES = `if [ "$(ulimit -n)" -gt 64 ]; then
  for most in 20 18 16 15 14 13 12 11 10 9 8 7 6 5; do
    (ulimit -n $most; "$@") 2>&1 | grep -q open-files-limit && break
  done
  ulimit -n $most
fi
exec "$@"`;

/** The way to Azure, and what the secret holds: what the cases of Microsoft's SDK leave out. */
export const MORE_AZURE_FAILURES: readonly Failure[] = [
  {
    name: "a limit of open files that is too low",
    code: "open-files-limit",
    args: ["exec", "--", "true"],
    shell: TOO_FEW_FILES,
  },
  {
    name: "a scope of no application",
    code: "entra-resource-unknown",
    env: { ...scoped, MLFLOW_AZURE_TOKEN_SCOPE: "api://nobody.example" },
  },
  {
    name: "an application at which the identity has no role",
    code: "entra-not-assigned",
    env: scoped,
    arrange: ({ world }) => {
      for (const api of world.tenants.flatMap(({ apis }) => apis)) {
        api.roles.clear();
        api.assignmentRequired = true;
      }
    },
  },
  {
    name: "a token that nobody has consented to",
    code: "entra-consent-missing",
    env: scoped,
    arrange: ({ world }) => void world.faults.push({ kind: "entra", code: 65001 }),
  },
  {
    name: "a vault whose name does not resolve",
    code: "network-dns",
    env: {
      MLFLOW_AZURE_KEY_VAULT_URL: "https://vault.invalid",
      MLFLOW_AZURE_TRUSTED_VAULT_HOSTS: "vault.invalid",
      HTTPS_PROXY: "",
    },
  },
  {
    name: "a port on which no vault listens",
    code: "network-refused",
    env: { MLFLOW_AZURE_KEY_VAULT_URL: "https://127.0.0.1:9" },
  },
  {
    name: "a vault that never answers",
    code: "network-timeout",
    arrange: ({ world }) => void world.faults.push({ kind: "hang", service: "vault" }),
  },
  {
    name: "a vault that never answers, without a proxy",
    code: "network-timeout",
    env: { HTTPS_PROXY: "", NO_PROXY: "*" },
    arrange: ({ world, direct }) => {
      world.faults.push({ kind: "hang", service: "vault" });
      const { MLFLOW_AZURE_KEY_VAULT_URL: url = "" } = direct;
      return { ...direct, MLFLOW_AZURE_KEY_VAULT_URL: url.replace("localhost", "127.0.0.1") };
    },
  },
  {
    name: "an answer that cannot be decoded",
    code: "network-failed",
    arrange: ({ world }) =>
      void world.faults.push({
        kind: "answer",
        service: "vault",
        status: 200,
        headers: { "content-encoding": "gzip" },
        body: "this is not gzip",
      }),
  },
  {
    name: "services that take more time than there is",
    code: "deadline",
    env: { MLFLOW_AUTH_DEADLINE_SEC: "3" },
    arrange: ({ world }) => void world.faults.push({ kind: "delay", ms: 4_500 }),
  },
  {
    name: "an Entra ID that wants to be asked later",
    code: "entra-throttled",
    arrange: ({ world }) =>
      void world.faults.push({ kind: "answer", service: "entra", status: 429, headers: { "retry-after": "60" } }),
  },
  {
    name: "a metadata service that is asked too often",
    code: "managed-identity-busy",
    env: { AZURE_CLIENT_SECRET: "", AZURE_CLIENT_ID: "", MLFLOW_AUTH_DEADLINE_SEC: "2" },
    arrange: ({ world }) => void world.faults.push({ kind: "answer", service: "managed-identity", status: 429 }),
  },
  {
    name: "an Entra ID that answers with nothing",
    code: "entra-failed",
    arrange: ({ world }) => void world.faults.push({ kind: "answer", service: "entra", status: 404, body: "" }),
  },
  {
    name: "a machine with several identities of which none is named",
    code: "managed-identity-ambiguous",
    identity: "imds",
    env: { AZURE_TOKEN_CREDENTIALS: "ManagedIdentityCredential" },
    arrange: ({ world }) =>
      void world.faults.push({
        kind: "answer",
        service: "managed-identity",
        status: 400,
        body: { error: "invalid_request", error_description: "Multiple user assigned identities exist" },
      }),
  },
  {
    name: "a clock that is ten minutes ahead",
    code: "clock-skew",
    arrange: ({ world }) => void world.faults.push({ kind: "date", offsetMs: -600_000, service: "vault" }),
  },
  { name: "a token that begins with its scheme", code: "credential-invalid", arrange: put("Bearer token-canary") },
  { name: "a token with a line break", code: "credential-invalid", arrange: put('{"token": "token-canary\\n"}') },
  { name: "an empty secret", code: "credential-invalid", arrange: put("") },
  {
    name: "a user name with a colon",
    code: "credential-invalid",
    arrange: put('{"username": "a:b", "password": "password-canary"}'),
  },
  { name: "a token where a password is asked for", code: "credential-mode", env: { MLFLOW_AZURE_AUTH_MODE: "basic" } },
  { name: "a JSON Web Token that has expired", code: "credential-expired", arrange: put(jwt({ exp: 1 })) },
  {
    name: "a command that is not there",
    code: "command-not-found",
    args: ["exec", "--", "mlflow-auth-no-such-command"],
  },
  {
    name: "a command that may not be run",
    code: "command-not-runnable",
    args: ["exec", "--", "./notes"],
    shell: 'cd "$HOME"\n[ -e notes ] || echo "echo ran" >notes; exec "$@"',
  },
  {
    name: "a token that no variable can hold",
    code: "environment-too-large",
    arrange: put("canary".repeat(40_000)),
    args: ["exec", "--", "true"],
  },
  {
    name: "a value that the format cannot hold",
    code: "format-cannot-hold",
    arrange: put('{"username": "ada", "password": "password\\ncanary"}'),
    args: ["export", "--format", "docker"],
  },
  {
    name: "a format that cannot unset",
    code: "format-cannot-unset",
    args: ["export", "--unset", "--format", "dotenv"],
  },
  {
    name: "a terminal",
    code: "terminal-refused",
    args: ["export", "--format", "sh"],
    shell: 'script -qec "$(printf "\'%s\' " "$@")" /dev/null >&2',
  },
  {
    name: "a job's file that is full",
    code: "output-failed",
    args: ["export", "--format", "github"],
    env: { GITHUB_ENV: "/dev/full" },
  },
];
