/** What a program can do that runs until it is stopped. */
export interface Service {
  /** Settles at the first SIGTERM or SIGINT; a second one ends the program as if nobody listened. */
  readonly stopped: Promise<void>;
  /** Tells the service manager that `NOTIFY_SOCKET` names, where it names one: `READY=1`, `STOPPING=1`. */
  readonly notify: (state: string) => void;
  /** Ends the process, whatever is still open. */
  readonly exit: (status: number) => void;
}
