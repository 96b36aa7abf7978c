import { type Session, sessionOf } from "../../src/cli/session.ts";
import type { Sidecar, SidecarStart } from "../../src/core/sidecar.ts";
import type { Listener, Sockets } from "../../src/core/sockets.ts";
import { fakeHost, type FakeParts, type Recorded } from "./host.ts";

/** Sockets on which nobody calls. */
export const idleSockets: Sockets = {
  listen: (at): Promise<Listener> =>
    Promise.resolve({ address: { ...at, port: at.port === 0 ? 4040 : at.port }, close: () => {} }),
  connect: () => Promise.reject(new Error("the test did not expect a connection")),
};

/** A sidecar that remembers what it was told. */
export interface RecordedSidecar {
  readonly told: string[];
  readonly started: SidecarStart[];
  readonly sidecar: Sidecar;
}

/**
 * A sidecar that a test is in the place of.
 *
 * @param reply what it answers, once it is asked
 * @returns the sidecar and what it was told: its lines, then `leave` or `end`
 */
export function recordingSidecar(reply: string | undefined): RecordedSidecar {
  const told: string[] = [];
  return {
    told,
    started: [],
    sidecar: {
      send: (line) => void told.push(line),
      answer: () => reply,
      leave: () => void told.push("leave"),
      end: () => void told.push("end"),
    },
  };
}

/** Somebody who is set up. */
const ENV = {
  MLFLOW_AZURE_KEY_VAULT_URL: "https://team.vault.azure.net/",
  MLFLOW_AZURE_SECRET_NAME: "mlflow",
  MLFLOW_TRACKING_URI: "https://mlflow.example",
  AZURE_CLIENT_ID: "00000000-0000-4000-8000-000000000001",
  AZURE_TENANT_ID: "00000000-0000-4000-8000-000000000002",
  AZURE_CLIENT_SECRET: "s",
};

/**
 * A session of somebody who is set up.
 *
 * @param parts what differs from that
 * @returns the session, whose host records what is printed
 */
export function proxiedSession(parts: FakeParts = {}): Session & { readonly printed: Recorded } {
  const host = fakeHost({
    sockets: () => Promise.resolve(idleSockets),
    service: () => Promise.resolve({ stopped: Promise.resolve(), notify: () => {}, exit: () => {} }),
    ...parts,
    env: { ...ENV, ...parts.env },
  });
  return { ...sessionOf(host, {}), printed: host.stdout };
}
