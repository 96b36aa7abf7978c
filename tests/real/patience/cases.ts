import type { ErrorCode } from "../../../src/core/errors.ts";
import type { Mishap, Service } from "../../support/azure/faults.ts";
import type { IdentityName } from "../../support/azure/identity_env.ts";

/** A service that does not answer as it should, for as long as it is asked. */
export interface Case {
  readonly name: string;
  readonly identity: IdentityName;
  readonly service: Service;
  readonly mishaps: readonly Mishap[];
  readonly code: ErrorCode;
}

const throttled = (headers: Readonly<Record<string, string>> = {}, body: unknown = {}): Mishap => ({
  kind: "answer",
  status: 429,
  headers,
  body,
});
const failing = (status: number, headers: Readonly<Record<string, string>> = {}): Mishap => ({
  kind: "answer",
  status,
  headers,
  body: { error: { code: "ServerError", message: "try later" } },
});

interface Row {
  readonly is: string;
  readonly mishaps: readonly Mishap[];
}

const SILENT: readonly Row[] = [
  { is: "never answers", mishaps: [{ kind: "hang" }] },
  { is: "dribbles", mishaps: [{ kind: "dribble" }] },
  { is: "answers after a minute", mishaps: [{ kind: "delay", ms: 60_000 }] },
];
const THROTTLED: readonly Row[] = [
  { is: "throttles", mishaps: [throttled()] },
  { is: "throttles for a second, again and again", mishaps: [throttled({ "retry-after": "1" })] },
  { is: "throttles for a minute", mishaps: [throttled({ "retry-after": "60" })] },
  { is: "throttles until a date", mishaps: [throttled({ "retry-after": "Fri, 01 Jan 2100 00:00:00 GMT" })] },
  { is: "throttles for 90000 ms", mishaps: [throttled({ "x-ms-retry-after-ms": "90000" })] },
  { is: "throttles slowly", mishaps: [{ kind: "delay", ms: 800 }, throttled()] },
];
const NUMBERED: Row = {
  is: "throttles with a number of its own",
  mishaps: [throttled({}, { error: "temporarily_unavailable", error_description: "AADSTS90055: Too many requests." })],
};
const FAILING: readonly Row[] = [
  { is: "fails", mishaps: [failing(500)] },
  { is: "fails for a minute", mishaps: [failing(503, { "retry-after": "60" })] },
];
const BROKEN: readonly Row[] = [{ is: "breaks off", mishaps: [{ kind: "reset" }] }];

function cases(
  service: Service,
  { identity, codes }: {
    readonly identity: IdentityName;
    readonly codes: readonly (readonly [rows: readonly Row[], code: ErrorCode])[];
  },
): readonly Case[] {
  return codes.flatMap(([rows, code]) =>
    rows.map(({ is, mishaps }) => ({ name: `${service} ${is} (${identity})`, identity, service, mishaps, code }))
  );
}

/** Forty of them: each has to end within the time that a run has, with a code that says who was to blame. */
export const CASES: readonly Case[] = [
  ...cases("vault", {
    identity: "client-secret",
    codes: [
      [SILENT, "network-timeout"],
      [THROTTLED, "vault-throttled"],
      [FAILING, "vault-failed"],
      [BROKEN, "network-reset"],
    ],
  }),
  ...cases("entra", {
    identity: "client-secret",
    codes: [[SILENT, "network-timeout"], [[...THROTTLED, NUMBERED], "entra-throttled"], [BROKEN, "network-reset"]],
  }),
  ...cases("managed-identity", {
    identity: "imds",
    codes: [
      [SILENT, "managed-identity-unavailable"],
      [THROTTLED, "managed-identity-busy"],
      [[...FAILING, { is: "is being updated", mishaps: [failing(410)] }], "managed-identity-busy"],
      [BROKEN, "managed-identity-unavailable"],
    ],
  }),
  ...cases("github", { identity: "github", codes: [[SILENT, "network-timeout"], [BROKEN, "network-reset"]] }),
];
