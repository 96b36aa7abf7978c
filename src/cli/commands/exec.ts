import type { ExecFailure, Exited } from "../../core/host.ts";
import { SERVER_VARIABLES } from "../../credential/allowed_hosts.ts";
import { variablesFor } from "../../credential/apply.ts";
import { obtainCredential } from "../credential.ts";
import { launcherWarning } from "../launchers.ts";
import { addFreshOption, addSettingOptions, collect, HELP } from "../program.ts";
import { allowHttp, besideOptions, checkProxyFlags } from "../proxied/proxy_options.ts";
import type { CommandLine } from "./command.ts";

/**
 * Adds `exec`, which becomes the command with the credential in its environment.
 *
 * @param line the program to add it to
 */
export function addExec({ program, host, run }: CommandLine): void {
  const command = program.command("exec")
    .summary("run a command with the credential in its environment")
    .description("Run a command with an MLflow credential in its environment.")
    .usage("[options] [--] <command> [<arg>...]")
    .argument("<command>", "program to run")
    .argument("[arg...]", "its arguments, passed on untouched")
    .passThroughOptions()
    .option("--keep-env <name>", "do not remove this variable (repeatable)", collect)
    .option("--force", "hand over a token that ~/.mlflow/credentials overrides")
    .option("--proxy", "hold and renew the credential in a proxy beside it")
    .option("--key-in-url", "with --proxy: for clients that read no token, as Java's")
    .addOption(allowHttp());
  addFreshOption(command);
  addSettingOptions(command);
  command.configureHelp({ ...HELP, visibleArguments: () => [] }).addHelpText(
    "after",
    `
<command> gets MLFLOW_TRACKING_TOKEN, or
MLFLOW_TRACKING_USERNAME and _PASSWORD. Its exit status or
signal is what the caller sees.
With --proxy it gets the proxy's address and key instead.

Example:
  $ mlflow-auth exec -- python train.py`,
  );
  command.action((name, rest, options) =>
    run(command, async (session) => {
      const argv = [name, ...rest];
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
    })
  );
}
