import { closeSync, constants, fstatSync, lstatSync, openSync, readFileSync } from "node:fs";
import { open } from "node:fs/promises";
import process from "node:process";
import { errorCode } from "../core/error_code.ts";
import type { OwnFile } from "../core/host.ts";

const MODE = 0o600;
/** How long another process may take between creating the file and writing it. */
const TRIES = 40;
const PAUSE_MS = 25;

async function create(path: string, text: string): Promise<boolean> {
  try {
    const file = await open(path, "wx", MODE);
    try {
      await file.writeFile(text);
    } finally {
      await file.close();
    }
    return true;
  } catch (error) {
    // Deno 2.4 looks first, and says so without a code.
    if (errorCode(error) === "EEXIST" || (error instanceof Error && error.message.startsWith("EEXIST"))) return false;
    throw error;
  }
}

/**
 * Through one descriptor: what is looked at is what is read. At once, since Deno 2.4 reads no text through a handle. The
 * name is looked at first: Deno opens without O_NOFOLLOW and O_NONBLOCK, so that it follows a link and waits at a FIFO.
 */
function readOwn(path: string): OwnFile {
  const named = lstatSync(path);
  if (named.isSymbolicLink()) return { flaw: "it is a link" };
  if (named.isDirectory()) return { flaw: "it is a folder" };
  if (!named.isFile()) return { flaw: "it is no file" };
  const fd = openSync(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0));
  try {
    const { dev, ino, uid, mode } = fstatSync(fd);
    if (process.platform !== "win32" && (dev !== named.dev || ino !== named.ino)) {
      return { flaw: "another file took its place" };
    }
    if ((mode & constants.S_IFMT) !== constants.S_IFREG) return { flaw: "it is no file" };
    if (process.getuid !== undefined && uid !== process.getuid()) return { flaw: "it belongs to another user" };
    if (process.platform !== "win32" && (mode & 0o777) !== MODE) {
      return { flaw: `its mode is ${(mode & 0o777).toString(8).padStart(4, "0")}, not 0600` };
    }
    return { text: readFileSync(fd, "utf8") };
  } finally {
    closeSync(fd);
  }
}

/**
 * Creates a file that only this user can read, or reads it where it is there already: who comes first decides what it holds.
 *
 * @param path the file
 * @param text what to write into a new one
 * @returns what it holds, or what makes it unfit: another user's, another mode, no file
 * @throws the system's error, with its `code`
 */
export async function keepOwnFile(path: string, text: string): Promise<OwnFile> {
  if (await create(path, text)) return { text };
  for (let tries = 1;; tries++) {
    const found = readOwn(path);
    if (found.text !== "" || tries === TRIES) return found;
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
}
