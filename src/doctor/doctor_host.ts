import type { Host } from "../core/host.ts";

/** The part of the world that checks look at. */
export type DoctorHost = Pick<
  Host,
  | "platform"
  | "env"
  | "home"
  | "now"
  | "workedMs"
  | "randomHex"
  | "sleep"
  | "leave"
  | "after"
  | "fetch"
  | "lookup"
  | "readText"
  | "readBytes"
  | "isFile"
  | "keyring"
  | "listFolder"
>;
