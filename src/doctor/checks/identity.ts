import type { Check } from "./check.ts";
import { type Note, ok } from "../finding.ts";

/** Looks which identity exec would take, and why no other. */
export const identity: Check = {
  name: "identity",
  doc: "The settings and this machine say who you are to Azure",
  run: async ({ steps }) => {
    const { identity, why, passedOver } = await steps.choice();
    return [ok(`${identity.name} (${identity.title}): ${why}`), ...passedNotes(passedOver)];
  },
};

/**
 * Says why the identities before the chosen one were not chosen.
 *
 * @param passedOver their names and the reasons, in order
 * @returns one note, or none where it was the first
 *
 * @example
 * ```ts
 * import { passedNotes } from "./identity.ts";
 * import assert from "node:assert/strict";
 *
 * const passed = [{ name: "client-secret", reason: "AZURE_CLIENT_SECRET is not set" }];
 * assert.equal(passedNotes(passed)[0]?.message, "passed over: client-secret (AZURE_CLIENT_SECRET is not set)");
 * ```
 */
export function passedNotes(
  passedOver: readonly { readonly name: string; readonly reason: string }[],
): readonly Note[] {
  if (passedOver.length === 0) return [];
  return [ok(`passed over: ${passedOver.map(({ name, reason }) => `${name} (${reason})`).join(", ")}`)];
}
