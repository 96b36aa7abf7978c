import type { ExecFailure, Exited } from "../../core/host.ts";
import { SERVER_VARIABLES } from "../../credential/allowed_hosts.ts";
import { variablesFor } from "../../credential/apply.ts";
import { obtainCredential } from "../credential.ts";
import { launcherWarning } from "../launchers.ts";
import { ALLOW_HTTP, FORCE, FRESH, KEY_IN_URL } from "../line/options.ts";
import { besideOptions, checkProxyFlags } from "../proxied/proxy_options.ts";
import { makeCommand } from "./command.ts";

/** `exec`, which becomes the command with the credential in its environment. */
export const EXEC = makeCommand({
  description: "Run a command with an MLflow credential in its environment.",
  usage: "[options] [--] <command> [<arg>...]",
  operands: [
    { name: "<command>", doc: "program to run" },
    { name: "[arg...]", doc: "its arguments, passed on untouched" },
  ],
  startsChild: true,
  options: [
    { flag: "--keep-env", value: "name", doc: "do not remove this variable (repeatable)", many: true },
    FORCE,
    { flag: "--proxy", doc: "hold and renew the credential in a proxy beside it" },
    KEY_IN_URL,
    ALLOW_HTTP,
    FRESH,
  ],
  takesSettings: true,
  help: `<command> gets MLFLOW_TRACKING_TOKEN, or
MLFLOW_TRACKING_USERNAME and _PASSWORD. Its exit status or
signal is what the caller sees.
With --proxy it gets the proxy's address and key instead.

Example:
  $ mlflow-auth exec -- python train.py`,
  run: async (session, { options, operands: argv, host }) => {
    const warning = launcherWarning(argv);
    if (warning !== undefined) session.log.warning(warning);
    const keep = options.keepEnv ?? [];
    const force = options.force === true;
    checkProxyFlags(options);
    let end: ExecFailure | Exited;
    if (options.proxy === true) {
      const { execBeside } = await import("../proxied/exec_beside.ts");
      end = await execBeside(session, { argv, keep, force, ...besideOptions(options, session) });
    } else {
      const { credential } = await obtainCredential(session, force);
      const { host: { env }, clientVariables: more } = session;
      const changes = variablesFor(credential, { env, more, keep, scrubOidc: true });
      end = await host.exec(argv, { ...changes, once: SERVER_VARIABLES });
    }
    if ("status" in end) return end.status;
    const { whyNotRun } = await import("../why_not_run.ts");
    throw await whyNotRun({ argv, failure: end, host });
  },
});
