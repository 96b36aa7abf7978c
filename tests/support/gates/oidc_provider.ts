import { once } from "node:events";
import { createServer } from "node:http";
import { generateKeyPairSync } from "node:crypto";
import Provider from "oidc-provider";
import { freePort } from "./part.ts";

/** A real OpenID Connect provider that issues JSON Web Tokens to a client. */
export interface OidcProvider extends AsyncDisposable {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** Gets an access token for an audience; its claims name the user. */
  readonly token: (options: { readonly audience: string; readonly email: string }) => Promise<string>;
}

/** Starts `oidc-provider` on loopback. */
export async function startOidcProvider(): Promise<OidcProvider> {
  const port = await freePort();
  const issuer = `http://127.0.0.1:${port}`;
  const [clientId, clientSecret] = ["mlflow", "oidc-client-canary"];
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  let email = "";
  const provider = new Provider(issuer, {
    jwks: { keys: [{ ...privateKey.export({ format: "jwk" }), kid: "test", use: "sig", alg: "RS256" }] },
    clients: [{
      client_id: clientId,
      client_secret: clientSecret,
      grant_types: ["client_credentials", "authorization_code"],
      redirect_uris: ["http://127.0.0.1/callback"],
      response_types: ["code"],
    }],
    features: {
      devInteractions: { enabled: false },
      clientCredentials: { enabled: true },
      resourceIndicators: {
        enabled: true,
        getResourceServerInfo: (_context: unknown, audience: string) => ({
          scope: "",
          audience,
          accessTokenFormat: "jwt",
          accessTokenTTL: 3600,
          jwt: { sign: { alg: "RS256" } },
        }),
      },
    },
    ttl: { ClientCredentials: 3600 },
    extraTokenClaims: () => ({ email, email_verified: true, preferred_username: email, groups: ["mlflow"] }),
  });
  const server = createServer(provider.callback());
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  return {
    issuer,
    clientId,
    clientSecret,
    token: async (wanted) => {
      email = wanted.email;
      const response = await fetch(`${issuer}/token`, {
        method: "POST",
        headers: { authorization: `Basic ${btoa(`${clientId}:${clientSecret}`)}` },
        body: new URLSearchParams({ grant_type: "client_credentials", resource: wanted.audience }),
      });
      const { access_token: token } = await response.json() as { readonly access_token?: string };
      if (token === undefined) throw new Error(`The provider gave no token: HTTP ${response.status}`);
      return token;
    },
    [Symbol.asyncDispose]: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
