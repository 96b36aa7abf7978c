import { AuthError } from "../../core/errors.ts";
import { CHECKS } from "../../doctor/checks/checks.ts";
import { diagnose } from "../../doctor/diagnose.ts";
import { exitStatus } from "../../doctor/finding.ts";
import { reportJson, reportText } from "../../doctor/report.ts";
import { makeSubject } from "../../doctor/subject.ts";
import { print } from "../output.ts";
import { withPatience } from "../patience.ts";
import { hasColours } from "../print_error.ts";
import { addSettingOptions } from "../program.ts";
import type { CommandLine } from "./command.ts";

// The tracking server's 10 s, which come after the credential's own, and some room.
const MORE_SEC = 15;

/**
 * Adds `doctor`, which checks every step and says what to do.
 *
 * @param line the program to add it to
 */
export function addDoctor({ program, host, run }: CommandLine): void {
  const command = program.command("doctor")
    .summary("check every step and say what to do")
    .description("Check every step from the settings to the tracking server, and say what to do.")
    .option("--dry-run <tracking-url>", "try the credential at this server, not MLFLOW_TRACKING_URI")
    .option("--json", "print the findings as JSON");
  addSettingOptions(command);
  command.addHelpText(
    "after",
    `
Exit status: 0 if nothing failed, else 1.
Nothing is changed anywhere.

Example:
  $ mlflow-auth doctor --dry-run https://mlflow.example.com`,
  );
  command.action((options) =>
    run(command, async (session) => {
      const dryRun = options.dryRun;
      if (dryRun !== undefined && !/^https?:\/\/[^/]/i.test(dryRun)) {
        throw new AuthError("usage", {
          message: "Cannot try the credential: --dry-run expects an http(s) URL",
          remedy: "mlflow-auth doctor --dry-run https://HOST",
        });
      }
      const findings = await withPatience(host, (patient) => {
        const { settings, problems, variables, log } = session;
        const subject = makeSubject({ settings, problems, variables, log, host: patient, dryRun });
        return diagnose(subject, {
          checks: CHECKS,
          host: patient,
          deadlineMs: (settings.deadlineSec.value + MORE_SEC) * 1000,
        });
      });
      const colours = hasColours(host.stdout, host.env);
      await print(
        host,
        options.json === true
          ? `${JSON.stringify(reportJson(findings), null, 2)}\n`
          : reportText(findings, { colours }),
      );
      return exitStatus(findings);
    })
  );
}
