/** What a process that waited for another one's work came to hear. */
export type Heard =
  | { readonly is: "told"; readonly bytes: Uint8Array<ArrayBuffer> }
  /** The other one ended, or gave up, without a word. */
  | { readonly is: "ended" }
  /** The time to wait is up. */
  | { readonly is: "late" };

/**
 * This process' part among those of one user that want the same at the same time (Linux). Whoever comes first does it for all; one
 * that is killed leaves its place.
 */
export type Flight =
  | {
    readonly is: "leader";
    /** Tells everybody who waits, and lets go of the place. */
    readonly tell: (bytes: Uint8Array<ArrayBuffer>) => void;
    /** Lets go of the place: who waits hears that it ended. */
    readonly end: () => void;
  }
  | {
    readonly is: "follower";
    /** Waits in slices, so that timers and signals have their turn. */
    readonly wait: (leftMs: () => number) => Promise<Heard>;
  }
  /** The place cannot be had, or another user holds it. */
  | { readonly is: "alone"; readonly because: string };
