import { AuthError } from "../../core/errors.ts";
import type { Check } from "./check.ts";
import { noVault } from "../no_vault.ts";
import { failed, type Note, ok, skip } from "../finding.ts";

/** Entra ID and Key Vault allow a token's dates this much. */
const TOLERANCE_MS = 5 * 60_000;

/** Looks whether this machine's clock agrees with Azure's. */
export const clock: Check = {
  name: "clock",
  doc: "This machine's clock agrees with the Date header of the vault's answer",
  run: async ({ steps }) => {
    const none = await noVault(steps);
    if (none !== undefined) return none;
    const { skewMs } = await steps.reach();
    const { host } = await steps.vault();
    return [skewMs === undefined ? skip(`"${host}" tells no time`) : clockNote(skewMs, host)];
  },
};

/**
 * Judges how far this machine's clock is off.
 *
 * @param skewMs milliseconds by which it is ahead of the other one
 * @param host whose clock that is
 * @returns one note; the header has whole seconds, so two are nothing
 *
 * @example
 * ```ts
 * import { clockNote } from "./clock.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(clockNote(900, "team.vault.azure.net").status, "ok");
 * assert.equal(clockNote(-600_000, "team.vault.azure.net").code, "clock-skew");
 * ```
 */
export function clockNote(skewMs: number, host: string): Note {
  const seconds = Math.round(Math.abs(skewMs) / 1000);
  if (seconds <= 2) return ok(`agrees with "${host}"`);
  const amount = seconds < 120 ? `${seconds} s` : `${Math.round(seconds / 60)} minutes`;
  const direction = skewMs > 0 ? "ahead of" : "behind";
  if (Math.abs(skewMs) < TOLERANCE_MS) return ok(`${amount} ${direction} "${host}"`);
  return failed(
    new AuthError("clock-skew", {
      message: `Cannot rely on this machine's clock: it is ${amount} ${direction} "${host}"`,
      remedy: "sudo timedatectl set-ntp true",
    }),
  );
}
