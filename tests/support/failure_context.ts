import type { VaultContext } from "../../src/azure/failures/failure_context.ts";

/** What is known when something failed, with every name filled in. */
export const CONTEXT: VaultContext = {
  doing: 'Cannot read secret "mlflow" from "team.vault.azure.net"',
  vault: { host: "team.vault.azure.net", origin: "https://team.vault.azure.net", name: "mlflow", version: undefined },
  identity: { name: "client-secret", title: "service principal with a client secret" },
  authority: { host: "login.microsoftonline.com" },
  tenantId: "11111111-aaaa-4000-8000-000000000000",
  clientId: "22222222-aaaa-4000-8000-000000000000",
  certificate: { path: "app.pem" },
  federatedTokenFile: "/var/token",
  network: undefined,
  busy: undefined,
  odd: { vault: undefined, token: undefined },
  vaultStatus: undefined,
  outOfTime: false,
  deadlineSec: 15,
  skewMs: undefined,
  token: undefined,
};
