import { AuthError } from "../../core/errors.ts";
import type { Host } from "../../core/host.ts";
import { addressFlaw } from "../../credential/tracking_address.ts";
import { CHECKS } from "../../doctor/checks/checks.ts";
import { diagnose, type DiagnoseOptions } from "../../doctor/diagnose.ts";
import { exitStatus } from "../../doctor/finding.ts";
import { makeReporter, type Reporter, reportJson } from "../../doctor/report.ts";
import { makeSubject } from "../../doctor/subject.ts";
import { print } from "../output.ts";
import { withPatience } from "../patience.ts";
import { hasColours } from "../print_error.ts";
import { makeCommand } from "./command.ts";

// A search of the tracking server may take 25 s, unsigned and signed, after the credential's own time.
const MORE_SEC = 55;

const withoutNotice: typeof withPatience = (host, work) => work(host);

/** Shows findings as they become known; on a terminal, below them, the check that is waited for. */
function showing(host: Host): Pick<DiagnoseOptions, "known" | "awaited"> & Pick<Reporter, "end"> {
  const isTerminal = host.stdout.isTerminal();
  const colours = hasColours(host.stdout, host.env);
  const reporter = makeReporter({ colours, columns: isTerminal ? host.stdout.columns() : undefined });
  const erase = isTerminal && host.env["TERM"] !== "dumb" ? "\r\x1b[K" : undefined;
  if (erase === undefined) return { known: (findings) => print(host, reporter.add(findings)), end: reporter.end };
  return {
    known: (findings) => print(host, erase + reporter.add(findings)),
    awaited: (check) => print(host, `${erase}      ${check} …`),
    end: () => erase + reporter.end(),
  };
}

/** `doctor`, which checks every step and says what to do. */
export const DOCTOR = makeCommand({
  description: "Check every step from the settings to the tracking server, and say what to do.",
  options: [
    { flag: "--dry-run", value: "tracking-url", doc: "try the credential at this server, not MLFLOW_TRACKING_URI" },
    { flag: "--json", doc: "print the findings as JSON" },
  ],
  takesSettings: true,
  help: `Exit status: 0 if nothing failed, else 1.
Nothing is changed anywhere.
A server that --dry-run alone names is shown the credential
over https, and after it has answered as MLflow or its gate.

Example:
  $ mlflow-auth doctor --dry-run https://mlflow.example.com`,
  run: async (session, { options, host }) => {
    const dryRun = options.dryRun;
    const flaw = dryRun === undefined ? undefined : addressFlaw(dryRun);
    if (dryRun !== undefined && (flaw !== undefined || !/^https?:/i.test(dryRun))) {
      throw new AuthError("usage", {
        message: "Cannot try the credential: --dry-run expects an http(s) URL",
        remedy: `mlflow-auth doctor --dry-run ${flaw?.remedy.replace(/^.*?=/, "") ?? "https://HOST"}`,
      });
    }
    const shown = options.json === true ? undefined : showing(host);
    // A terminal shows what is waited for by itself.
    const patiently = shown?.awaited === undefined ? withPatience : withoutNotice;
    const findings = await patiently(host, (patient) => {
      const { settings, problems, variables, log } = session;
      const subject = makeSubject({ settings, problems, variables, log, host: patient, dryRun });
      const deadlineMs = (settings.deadlineSec.value + MORE_SEC) * 1000;
      return diagnose(subject, { ...shown, checks: CHECKS, host: patient, deadlineMs });
    });
    await print(host, shown === undefined ? `${JSON.stringify(reportJson(findings), null, 2)}\n` : shown.end());
    return exitStatus(findings);
  },
});
