import { AuthError } from "../../core/errors.ts";
import type { Host } from "../../core/host.ts";
import type { Keyring } from "../../core/keyring.ts";
import { nearest } from "../../core/nearest.ts";
import { print, tell } from "../output.ts";
import { isPlainWord } from "../plain_word.ts";
import { makeCommand } from "./command.ts";

const ACTIONS = ["list", "clear"] as const;

/** `cache`, which shows or drops what the kernel keeps for this user. */
export const CACHE = makeCommand({
  description: "List, or clear, the credentials that the Linux kernel keeps for this user. Shows no secret.",
  usage: `[options] <${ACTIONS.join("|")}>`,
  operands: [{ name: "[action]", doc: "what to do", words: ACTIONS }],
  options: [{ flag: "--json", doc: "print the list as JSON" }],
  takesSettings: false,
  help: `Nothing is kept unless MLFLOW_AUTH_CACHE=keyring is set, or
--cache is given.

Example:
  $ mlflow-auth cache clear`,
  run: async ({ log }, { options, operands: [name], host }) => {
    if (name !== "list" && name !== "clear") throw noAction(name);
    const entries = await listKept(host);
    if (name === "clear") {
      const dropped = entries.filter(({ forget }) => forget()).length;
      log.info(dropped === 0 ? "nothing was kept" : `dropped ${dropped} credential${dropped === 1 ? "" : "s"}`);
      return 0;
    }
    await print(host, options.json === true ? listJson(entries) : listText(entries));
    // Who looks sees that there is nothing; who reads it gets nothing.
    if (entries.length === 0 && options.json !== true && host.stderr.isTerminal()) {
      await tell(host, "mlflow-auth: nothing is kept\n");
    }
    return 0;
  },
});

function noAction(name: string | undefined): AuthError {
  const near = nearest(name ?? "", ACTIONS);
  return new AuthError("usage", {
    message: `Cannot look at the cache: ${
      name === undefined
        ? "nothing says what to do"
        : `${isPlainWord(name) ? `"${name}"` : "what is asked"} is neither list nor clear`
    }`,
    remedy: near !== undefined && near.distance <= 2
      ? `mlflow-auth cache ${near.word}`
      : "see what is kept: mlflow-auth cache list; forget it: mlflow-auth cache clear",
  });
}

/** One credential that is kept, without it. */
interface Listed {
  readonly name: string;
  readonly ageSec: number;
  readonly leftSec: number;
  readonly forget: () => boolean;
}

async function listKept(host: Pick<Host, "keyring">): Promise<readonly Listed[]> {
  const keyring = await host.keyring();
  if (keyring === undefined) throw unavailable("this system does not have it");
  const { blockedBecause } = await import("../../credential/cache/cache.ts");
  try {
    return await listWith(keyring);
  } catch (error) {
    throw error instanceof AuthError ? error : unavailable(blockedBecause(error), error);
  }
}

async function listWith(keyring: Keyring): Promise<readonly Listed[]> {
  const { decodeEntry } = await import("../../credential/cache/entry.ts");
  const { KEPT_PREFIX } = await import("../../credential/cache/cache.ts");
  const bootMs = keyring.bootMs();
  return keyring.list(KEPT_PREFIX).flatMap(({ name, bytes }) => {
    const entry = decodeEntry(bytes, { bootMs });
    // What is not this program's, or has ended, is dropped with the others.
    const [readMs, endsMs] = entry === undefined ? [bootMs, bootMs] : [entry.readMs, entry.endsMs];
    return [{
      name,
      ageSec: Math.floor((bootMs - readMs) / 1000),
      leftSec: Math.ceil((endsMs - bootMs) / 1000),
      forget: () => keyring.forget(name),
    }];
  });
}

function unavailable(because: string, cause?: unknown): AuthError {
  return new AuthError("cache-unavailable", {
    message: `Cannot use "the kernel's keyring": ${because}`,
    remedy: "allow keyctl and add_key to this process, or leave MLFLOW_AUTH_CACHE off: runs work without it",
    cause,
  });
}

function listText(entries: readonly Listed[]): string {
  return entries.map(({ name, ageSec, leftSec }) => `${name}  read ${ageSec} s ago, ${leftSec} s left\n`).join("");
}

function listJson(entries: readonly Listed[]): string {
  const kept = entries.map(({ name, ageSec, leftSec }) => ({ name, ageSeconds: ageSec, leftSeconds: leftSec }));
  return `${JSON.stringify({ schemaVersion: 1, kept }, null, 2)}\n`;
}
