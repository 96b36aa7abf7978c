// The floor of `exec -- true`: the three requests and nothing else, without an SDK, a check or a setting.
import { readFileSync } from "node:fs";
import process from "node:process";

const env = process.env;
const ca = readFileSync(env["MLFLOW_AUTH_CA_BUNDLE"] ?? "", "utf8");
// Each runtime has its own way to trust one more root.
const trust = "Deno" in globalThis ? { client: Deno.createHttpClient({ caCerts: [ca] }) } : { tls: { ca } };
const secret = `${env["MLFLOW_AZURE_KEY_VAULT_URL"]}secrets/${env["MLFLOW_AZURE_SECRET_NAME"]}?api-version=7.6`;
const body = new URLSearchParams({
  grant_type: "client_credentials",
  client_id: env["AZURE_CLIENT_ID"] ?? "",
  client_secret: env["AZURE_CLIENT_SECRET"] ?? "",
  scope: "https://vault.azure.net/.default",
});
const [challenge, token] = await Promise.all([
  fetch(secret, trust),
  fetch(`${env["AZURE_AUTHORITY_HOST"]}${env["AZURE_TENANT_ID"]}/oauth2/v2.0/token`, {
    method: "POST",
    body,
    ...trust,
  }),
]);
await challenge.body?.cancel();
const { access_token: bearer } = await token.json() as { readonly access_token: string };
const answer = await fetch(secret, { headers: { authorization: `Bearer ${bearer}` }, ...trust });
const { value } = await answer.json() as { readonly value?: string };
process.exit(answer.status === 200 && value !== undefined ? 0 : 1);
