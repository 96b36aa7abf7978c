import type { ExecFailure, Exited } from "../../core/host.ts";
import { SERVER_VARIABLES } from "../../credential/allowed_hosts.ts";
import { variablesForProxy } from "../../credential/proxied.ts";
import type { Session } from "../session.ts";
import { type BesideOptions, startBeside } from "./start_beside.ts";

/**
 * Becomes a command that reaches the tracking server through a proxy beside it.
 *
 * @param session the settings and the world
 * @param command the command with its arguments, what to keep in its environment, and how the proxy is used
 * @returns why the command could not be run, then without a proxy; or its status, where this process had to stay its parent
 * @throws {AuthError} what `startBeside` throws; `usage` for a variable to keep that leads to the proxy
 */
export async function execBeside(
  session: Session,
  command: BesideOptions & { readonly argv: readonly string[]; readonly keep: readonly string[] },
): Promise<ExecFailure | Exited> {
  const { host, clientVariables: more } = session;
  const { argv, keep, keyInUrl } = command;
  const beside = await startBeside(session, command);
  try {
    const changes = variablesForProxy(beside.access, {
      ...beside,
      env: host.env,
      more,
      keep,
      keyInUrl,
      scrubOidc: true,
    });
    beside.leave();
    return await host.exec(argv, { ...changes, once: SERVER_VARIABLES });
  } finally {
    // Where the command runs, this process is the command and does not come here.
    await beside.end();
  }
}
