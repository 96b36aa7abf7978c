import type { Host, Network } from "../core/host.ts";
import type { Log } from "../core/log.ts";
import type { Secret } from "../core/secret.ts";
import type { Address, Sockets } from "../core/sockets.ts";
import type { Credential } from "../credential/parse.ts";

/** A credential as it was read. */
export interface FreshCredential {
  readonly credential: Credential;
  /** When it ends, in milliseconds since the Unix epoch, where that is known; of a JWT the proxy reads `exp` by itself. */
  readonly expiresAtMs?: number;
  /** Version of the secret, for the log; `undefined` where there is none. */
  readonly version?: string | undefined;
}

/** What a proxy is made of. */
export interface ProxyParts {
  readonly host: Pick<Host, "now" | "after" | "randomHex"> & {
    /** Connections of the runtime. */
    readonly sockets: Sockets;
  };
  /** Where to listen; port 0 lets the system choose. */
  readonly listen: Address;
  /** Names that a `Host` field may have besides `127.0.0.1`, `localhost` and `[::1]`; without ports. */
  readonly hostNames: readonly string[];
  /** The tracking server: scheme, host, port and path. Plain http was allowed by who calls. */
  readonly upstream: URL;
  /** What opens the proxy. */
  readonly key: Secret;
  /** The field that carries the credential: `Authorization`, or the value of `MLFLOW_AUTH_HEADER_NAME`. */
  readonly headerName: string;
  /** Reads a credential from where it is kept; called once at a time. Rejects with an {@link AuthError}. */
  readonly readCredential: () => Promise<FreshCredential>;
  /** How long a credential is used before it is read again, in milliseconds. */
  readonly ttlMs: number;
  /** Roots to trust besides the built-in ones, and the certificate to present. */
  readonly network: Network;
  /** `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY` and `NO_PROXY`, in either case, from wherever they were set. */
  readonly proxyVariables: Readonly<Record<string, string | undefined>>;
  readonly log: Log;
  /** What `POST /-/end` answers, such as the tracking URI to put back. */
  readonly farewell: Readonly<Record<string, string>>;
  /** Called once `POST /-/end` is answered. */
  readonly onEnd: () => void;
}

/** What `GET /-/ready` says. */
export interface Readiness {
  /** Whether a credential is held that the server has not refused. */
  readonly ready: boolean;
  /** Seconds since it was read. */
  readonly ageSeconds: number;
  /** Seconds until it is read again. */
  readonly readAgainInSeconds: number;
}

/** A proxy that listens and holds a credential. */
export interface RunningProxy {
  /** Where it listens; the port is the one that was given by the system. */
  readonly address: Address;
  readonly readiness: () => Readiness;
  /**
   * Accepts nothing more, lets requests in flight end for at most so long, then cuts them off.
   *
   * @param drainMs milliseconds
   */
  readonly close: (drainMs: number) => Promise<void>;
}

/**
 * Starts a proxy: listens, reads a credential, and only then settles.
 *
 * Rejects with the {@link AuthError} of the first reading, or with the system's error where it cannot listen; then nothing is left open.
 */
export type StartProxy = (parts: ProxyParts) => Promise<RunningProxy>;
