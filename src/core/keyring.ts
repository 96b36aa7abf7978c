/** Something that is kept under a name. */
export interface Kept {
  readonly name: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/**
 * What the kernel keeps for this user, in its own memory and until a time that it keeps too (Linux). Every function throws the
 * system's error, with its `code` (`EPERM`, `ENOSYS`, `EDQUOT`, …), where the kernel refuses.
 */
export interface Keyring {
  /** The bytes of a name; `undefined` where there are none, they have ended, or another user put them there. */
  readonly find: (name: string) => Uint8Array<ArrayBuffer> | undefined;
  /** Keeps bytes (1 to 32767) for some whole seconds, in the place of what had this name. */
  readonly keep: (kept: Kept, seconds: number) => void;
  /** Everything of this user whose name begins so. */
  readonly list: (prefix: string) => readonly Kept[];
  /** Forgets a name, at once and for everybody; whether there was something. */
  readonly forget: (name: string) => boolean;
  /** Milliseconds since this machine was started, also those for which it slept: a clock that nobody sets. */
  readonly bootMs: () => number;
  /** What only this start of this machine has. */
  readonly bootId: string;
  /** The user, as the kernel knows it. */
  readonly uid: number;
}
