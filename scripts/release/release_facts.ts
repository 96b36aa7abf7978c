/** What a release is, and what every file of it says alike. */
export interface ReleaseFacts {
  /** Such as `1.2.3`. */
  readonly version: string;
  /** `OWNER/REPO` on GitHub. */
  readonly repository: string;
  /** When its commit was made, as `2026-01-31T12:00:00Z`. */
  readonly committedAt: string;
  /** The text of `LICENSE`. */
  readonly license: string;
}

/** What the packages say that the program does. */
export const SUMMARY = "Runs MLflow clients with a credential kept in Azure Key Vault";

/**
 * The page of the project.
 *
 * @param facts the release
 * @returns its URL
 */
export const homepageOf = ({ repository }: Pick<ReleaseFacts, "repository">): string =>
  `https://github.com/${repository}`;

/**
 * Where the files of a release are downloaded.
 *
 * @param facts the release
 * @returns the URL of their folder, without a slash at its end
 */
export const downloadsOf = ({ repository, version }: Pick<ReleaseFacts, "repository" | "version">): string =>
  `https://github.com/${repository}/releases/download/v${version}`;

/**
 * What the pages of the packages say.
 *
 * @param facts the release
 * @returns Markdown
 */
export const readmeOf = (facts: Pick<ReleaseFacts, "repository" | "version">): string =>
  `# mlflow-auth

${SUMMARY}: \`mlflow-auth exec -- python train.py\`

This package carries one executable. How to use it: <${homepageOf(facts)}/tree/v${facts.version}#readme>
`;
