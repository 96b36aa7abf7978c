import { createHash } from "node:crypto";
import { IDENTITIES } from "../../azure/identities/identities.ts";
import { usesDeveloperTool } from "../../azure/sign_in/choose_identity.ts";
import type { Flight } from "../../core/flight.ts";
import type { Host } from "../../core/host.ts";
import type { Log } from "../../core/log.ts";
import type { Settings } from "../../core/settings/settings.ts";
import { resolveCredential, type Resolved, type ResolveHost } from "../resolve.ts";
import { blockedBecause, type Cache, openCache } from "./cache.ts";
import type { Entry } from "./entry.ts";
import { decodeWord, encodeWord, lasts, type Word } from "./word.ts";

/** A credential, read now or kept by the kernel since it was. */
export type Obtained = Pick<Entry, "credential" | "version" | "expiresAtMs">;

/** What a credential is obtained with. */
export interface ObtainWorld {
  readonly host: ResolveHost & Pick<Host, "keyring" | "flight">;
  readonly log: Log;
  /** Whether to read it anew, and to replace what is kept. */
  readonly fresh?: boolean;
}

/** How long another process' read is waited for, by the time in which this one could run; twice that by the clock. */
const WAIT_MS = 30_000;
/** How soon the place of one who ended is tried for again, so that not all try at once. */
const AGAIN_MS = { least: 2, most: 22 } as const;

/** Does something with the keyring; where the kernel refuses it, the run goes on as without a cache. */
function unlessBlocked<T>(log: Log, use: () => T): T | undefined {
  try {
    return use();
  } catch (error) {
    log.debug(`keyring: ${blockedBecause(error)}`);
    return undefined;
  }
}

/** Who is signed in with a developer tool changes without any setting: what they read is nobody else's. */
const mayBeKept = ({ source }: Resolved): boolean => {
  const { identity } = source.kind === "secret" ? source.secret : source.token;
  return IDENTITIES.find(({ name }) => name === identity)?.group === "prod";
};

/**
 * Takes what the kernel keeps, or reads the credential and lets the kernel keep it. Of several processes that start at once one reads
 * for all. What can be refused without a request has been.
 *
 * @param settings what {@link readSettings} read
 * @param world the host with its keyring, a log, and whether to read it anew
 * @returns the credential
 * @throws {AuthError} any code of a run up to `credential-mode`
 */
export async function obtainThroughCache(settings: Settings, world: ObtainWorld): Promise<Obtained> {
  const { host, log, fresh = false } = world;
  const keyring = await host.keyring();
  if (keyring === undefined) log.debug("keyring: not on this system");
  if (keyring === undefined || await usesDeveloperTool(settings, host)) return await resolveCredential(settings, world);
  const cache = openCache(settings, { host, keyring });
  const run: Run = { settings, world, cache };
  return fresh ? await readForAll(run) : find(run) ?? await takeTurns(run);
}

interface Run {
  readonly settings: Settings;
  readonly world: ObtainWorld;
  readonly cache: Cache;
}

function find({ world: { log }, cache }: Run): Entry | undefined {
  const kept = unlessBlocked(log, cache.find);
  if (kept === undefined) return undefined;
  const agoSec = Math.floor((cache.bootMs() - kept.readMs) / 1000);
  log.debug(`credential: ${kept.credential.kind}, kept by the kernel, read ${agoSec} s ago`);
  return kept;
}

/** Reads the credential, lets the kernel keep it, and tells it to whoever waits. */
async function readForAll(run: Run, tell: (word: Word) => void = () => {}): Promise<Obtained> {
  const { settings, world, cache } = run;
  const resolved = await resolveCredential(settings, world).catch((error: unknown) => {
    if (lasts(error)) tell({ is: "failure", error });
    throw error;
  });
  const entry = mayBeKept(resolved) ? cache.entryOf(resolved) : undefined;
  if (entry !== undefined) unlessBlocked(world.log, () => cache.keep(entry));
  tell(entry === undefined ? { is: "alone" } : { is: "entry", entry });
  return resolved;
}

async function lead(flight: Extract<Flight, { readonly is: "leader" }>, run: Run): Promise<Obtained> {
  let told = false;
  const tell = (word: Word): void => {
    told = true;
    flight.tell(encodeWord(word, run.cache));
  };
  try {
    // Another one may have read it before this one had the place.
    const kept = find(run);
    if (kept === undefined) return await readForAll(run, tell);
    tell({ is: "entry", entry: kept });
    return kept;
  } finally {
    if (!told) flight.end();
  }
}

/** Time that another process' read is waited for: that in which this one could run, but not for ever by the clock. */
function patience({ settings, world: { host } }: Run): () => number {
  const limitMs = Math.max(WAIT_MS, 2 * settings.deadlineSec.value * 1000);
  const [workedMs, startedMs] = [host.workedMs(), host.now()];
  return () => Math.min(limitMs - (host.workedMs() - workedMs), 2 * limitMs - (host.now() - startedMs));
}

async function takeTurns(run: Run): Promise<Obtained> {
  const { world: { host, log }, cache } = run;
  // Everybody sees the name of the place while it is held: it tells less than that of the key, which is seen by this user alone.
  const name = createHash("sha256").update(`place ${cache.print}`).digest("hex").slice(0, 32);
  const leftMs = patience(run);
  while (leftMs() > 0) {
    const flight = await host.flight(name);
    if (flight.is === "leader") return await lead(flight, run);
    if (flight.is === "alone") {
      log.debug(`single flight: ${flight.because}`);
      break;
    }
    const heard = await flight.wait(leftMs);
    const word = heard.is === "told" ? decodeWord(heard.bytes, cache) : undefined;
    if (word?.is === "failure") throw word.error;
    if (word?.is === "entry") {
      log.debug(`credential: ${word.entry.credential.kind}, read by another process just now`);
      return word.entry;
    }
    if (heard.is !== "ended") break;
    const kept = find(run);
    if (kept !== undefined) return kept;
    await host.sleep(AGAIN_MS.least + (AGAIN_MS.most - AGAIN_MS.least) * draw(host));
  }
  return await readForAll(run);
}

const draw = ({ randomHex }: Pick<Host, "randomHex">): number => Number.parseInt(randomHex().slice(0, 8), 16) / 2 ** 32;
