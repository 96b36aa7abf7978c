import { bash } from "./bash.ts";
import { fish } from "./fish.ts";
import type { Outline } from "./outline.ts";
import { pwsh } from "./pwsh.ts";
import { zsh } from "./zsh.ts";

/** A shell that has completions. */
export interface CompletionShell {
  readonly name: string;
  /** Gives the whole script, final newline included. */
  readonly script: (outline: Outline) => string;
  /** The line that a user adds, or runs once. */
  readonly install: string;
}

/** Every shell that has completions, in the order of the help. */
export const COMPLETION_SHELLS: readonly CompletionShell[] = [
  { name: "bash", script: bash, install: "echo 'eval \"$(mlflow-auth completions bash)\"' >> ~/.bashrc" },
  {
    name: "zsh",
    script: zsh,
    install: "echo 'source <(mlflow-auth completions zsh)' >> ~/.zshrc",
  },
  { name: "fish", script: fish, install: "mlflow-auth completions fish > ~/.config/fish/completions/mlflow-auth.fish" },
  { name: "pwsh", script: pwsh, install: "Add-Content $PROFILE 'mlflow-auth completions pwsh | Out-String | iex'" },
];
