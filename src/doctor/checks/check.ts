import type { Note } from "../finding.ts";
import type { Subject } from "../subject.ts";

/** One thing that `doctor` looks at. */
export interface Check {
  /** Short and stable: findings carry it. */
  readonly name: string;
  /** What is true when it is `ok`, for the docs. */
  readonly doc: string;
  /**
   * Looks. It may throw an `AuthError` in place of a failing note, most often one of a step that it asks for: where an earlier
   * check has told the same failure, the finding becomes `skip`.
   */
  readonly run: (subject: Subject) => Promise<readonly Note[]>;
}
