import type { TokenCredential } from "@azure/identity";
import type { AuthError } from "../../core/errors.ts";
import type { Host } from "../../core/host.ts";
import type { Log } from "../../core/log.ts";
import type { Settings } from "../../core/settings/settings.ts";
import type { Authority } from "../entra/authority.ts";
import type { AzureHttp } from "../http/http.ts";
import type { ClientHooks } from "../http/http_client.ts";
import type { CertificateFile } from "../pkcs12/certificate_line.ts";
import type { ClientOptions } from "../sign_in/client_options.ts";
import type { Shown } from "../sign_in/token_request.ts";

/** What says whether an identity is configured here. */
export interface DetectionContext {
  readonly settings: Settings;
  readonly host: Pick<Host, "env" | "home" | "platform" | "readText" | "isFile" | "fetch" | "after" | "workedMs">;
}

/** Whether an identity is configured. */
export type Availability =
  /** It is meant, since `reason` holds: no other is looked at. */
  | { readonly is: "configured"; readonly reason: string }
  /** It may work, but nothing says that it is meant; `reason` says what is missing. */
  | { readonly is: "possible"; readonly reason: string }
  /** `reason` says what is missing. */
  | { readonly is: "absent"; readonly reason: string };

/** What an identity gets its tokens with. */
export interface TokenContext {
  readonly settings: Settings;
  readonly host: Pick<Host, "env" | "platform" | "readText" | "readBytes" | "isFile" | "now">;
  readonly authority: Authority;
  readonly http: AzureHttp;
  /** What stands between the SDK and it. */
  readonly hooks: ClientHooks;
  readonly log: Log;
  /** Ends everything. */
  readonly signal: AbortSignal;
  /** What every credential of the SDK takes. */
  readonly options: ClientOptions;
  /** Asks for the first token before the SDK can, which takes its time to load; the SDK gets the answer where it asks the same. */
  readonly askAhead: ((shown: Shown) => void) | undefined;
  /** Lets leave what was sent: to be awaited before the SDK is loaded, as nothing else goes on meanwhile. */
  readonly leave: () => Promise<void>;
  /** Remembers a failure of our own that the SDK would wrap and lose, and gives it back. */
  readonly keep: (error: AuthError) => AuthError;
  /** Remembers the certificate's file, for the remedy of a failure. */
  readonly noteCertificate?: (file: CertificateFile) => void;
}

/** Who we may be to Azure. */
export interface Identity {
  /** Such as `client-secret`; one of the values of `AZURE_TOKEN_CREDENTIALS`. */
  readonly name: string;
  /** What it is, in words, as in `as the <title>`. */
  readonly title: string;
  /** Names of the Azure SDKs for it, in `AZURE_TOKEN_CREDENTIALS`. */
  readonly sdkNames: readonly string[];
  /** What `AZURE_TOKEN_CREDENTIALS` calls its kind. */
  readonly group: "prod" | "dev";
  /** What it needs, for a person who wants it and has it only half. */
  readonly needs: string;
  /**
   * Looks at variables and files alone.
   *
   * @throws {AuthError} `identity-incomplete` or `identity-unsupported` where it is meant and cannot work
   */
  readonly detect: (at: DetectionContext) => Promise<Availability>;
  /** Asks whether a `possible` identity is there, where nothing else is; without it, it is. */
  readonly confirm?: (at: DetectionContext) => Promise<Availability>;
  /** The error where it is asked for by name and its program is not installed. */
  readonly toolMissing?: () => AuthError;
  /** Whether the tenant that the token is for is known before the vault's challenge. */
  readonly tenant: (settings: Settings) => string | undefined | "any";
  /** Makes what gets the tokens. */
  readonly connect: (context: TokenContext) => Promise<Pick<TokenCredential, "getToken">>;
}
