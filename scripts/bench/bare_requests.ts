// The floor of `exec -- true`: the three requests and nothing else, without an SDK, a check, a setting or a module of Node.

/** What is used of Bun's own. */
interface BunGlobal {
  readonly env: Readonly<Record<string, string>>;
  readonly file: (path: string) => { readonly text: () => Promise<string> };
}

const bun: BunGlobal | undefined = Reflect.get(globalThis, "Bun");
const env = bun?.env ?? Deno.env.toObject();
const path = env["MLFLOW_AUTH_CA_BUNDLE"] ?? "";
const ca = await bun?.file(path).text() ?? Deno.readTextFileSync(path);
// Each runtime has its own way to trust one more root.
const trust = bun === undefined ? { client: Deno.createHttpClient({ caCerts: [ca] }) } : { tls: { ca } };
const secret = `${env["MLFLOW_AZURE_KEY_VAULT_URL"]}secrets/${env["MLFLOW_AZURE_SECRET_NAME"]}?api-version=7.6`;
const body = new URLSearchParams({
  grant_type: "client_credentials",
  client_id: env["AZURE_CLIENT_ID"] ?? "",
  client_secret: env["AZURE_CLIENT_SECRET"] ?? "",
  scope: "https://vault.azure.net/.default",
});
const authority = env["AZURE_AUTHORITY_HOST"] ?? "https://login.microsoftonline.com/";
const [challenge, token] = await Promise.all([
  fetch(secret, trust),
  fetch(`${authority}${env["AZURE_TENANT_ID"]}/oauth2/v2.0/token`, { method: "POST", body, ...trust }),
]);
await challenge.body?.cancel();
const { access_token: bearer } = await token.json() as { readonly access_token: string };
const answer = await fetch(secret, { headers: { authorization: `Bearer ${bearer}` }, ...trust });
const { value } = await answer.json() as { readonly value?: string };
if (answer.status !== 200 || value === undefined) throw new Error(`The vault answered with ${answer.status}`);
// Connections that are kept would keep the program too.
if (bun === undefined) Deno.exit(0);
else Reflect.get(globalThis, "process").exit(0);
