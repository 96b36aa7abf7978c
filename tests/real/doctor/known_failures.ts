import { MORE_AZURE_FAILURES } from "./azure_failures.ts";
import { CACHE_FAILURES } from "./cache_failures.ts";
import { AZURE_FAILURES, type Failure } from "./failure.ts";
import { IDENTITY_FAILURES } from "./identity_failures.ts";
import { serverFailures, type Servers, startServers } from "./server_failures.ts";
import { SETTINGS_FAILURES } from "./settings_failures.ts";

/** The failures, and the servers that some of them need. */
export interface KnownFailures {
  readonly failures: readonly Failure[];
  /** Starts them, where they have not been asked for yet. */
  readonly servers: () => Promise<Servers>;
  /** Ends those that were started. */
  readonly close: () => Promise<void>;
}

/**
 * Every failure that a world of its own brings about. The servers that some need are started when they are first asked for: where one
 * does not start, those tests fail that need it, and no others.
 *
 * @param noServers why this machine has no MLflow, if so
 * @returns the failures and the servers
 */
export function knownFailures(noServers: string | false): KnownFailures {
  let started: Promise<Servers> | undefined;
  const servers = (): Promise<Servers> => started ??= startServers();
  return {
    servers,
    failures: [
      ...SETTINGS_FAILURES,
      ...IDENTITY_FAILURES,
      ...CACHE_FAILURES,
      ...AZURE_FAILURES,
      ...MORE_AZURE_FAILURES,
      ...serverFailures(servers).map((failure) =>
        failure.arrange === undefined ? failure : { ...failure, skip: noServers }
      ),
    ],
    close: async () => await (await started?.catch(() => undefined))?.[Symbol.asyncDispose](),
  };
}
