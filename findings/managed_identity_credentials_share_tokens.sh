#!/bin/sh
# A new ManagedIdentityCredential of @azure/identity for JavaScript gives the token that another one got.
#
# Version: @azure/identity 4.14.1 (with @azure/msal-node 7.2.3), Node.js 20 or newer.
# One would think that a token cache in memory belongs to the credential, as that of ClientSecretCredential does: a program that makes a
# new credential after a 401 would then get a new token.
# Seen: two credentials, made one after the other, ask the endpoint once; both give the same token. MSAL keeps the tokens of managed
# identities in one static store for the whole process.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund @azure/identity@4.14.1 >/dev/null
cat >seen.mjs <<'END'
import { createServer } from "node:http";

let asked = 0;
const server = createServer((_, answer) => {
  asked += 1;
  const expires_on = String(Math.floor(Date.now() / 1000) + 3600);
  answer.setHeader("content-type", "application/json");
  answer.end(JSON.stringify({ access_token: `token-${asked}`, expires_on, resource: "api://a", token_type: "Bearer" }));
});
await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
process.env.IDENTITY_ENDPOINT = `http://127.0.0.1:${server.address().port}/msi/token`;
process.env.IDENTITY_HEADER = "any";
const { ManagedIdentityCredential } = await import("@azure/identity");
const tokens = [];
for (let count = 0; count < 2; count++) {
  tokens.push((await new ManagedIdentityCredential().getToken("api://a/.default")).token);
}
server.close();
console.log(`${asked} request, ${tokens.join(" and ")}`);
END
seen=$(node seen.mjs)
echo "$seen"
[ "$seen" = "1 request, token-1 and token-1" ] || { echo "this has changed"; exit 1; }
