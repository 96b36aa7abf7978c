import { downloadsOf, type ReleaseFacts } from "./release_facts.ts";

/**
 * Writes the page of a release: what changed, and the lines that check what was downloaded.
 *
 * @param facts the release
 * @param changes its section of the changelog
 * @returns Markdown
 */
export function releaseNotes(facts: ReleaseFacts, changes: string): string {
  const { repository, version } = facts;
  const workflow = `https://github.com/${repository}/.github/workflows/release.yml@`;
  return `${changes}

## Install

\`\`\`sh
curl -fsSL ${downloadsOf(facts)}/install.sh | sh
\`\`\`

It runs on Linux with glibc 2.27 and libgcc_s (Ubuntu 18.04, Debian 10, RHEL 8 and newer; the Bun build: glibc 2.17), with \`/proc\`, about
96 GiB of addresses (\`ulimit -v\`; the Bun build: 4 GiB) and 96 MiB of memory; on macOS and on Windows. Wheels need pip 20.3.

## Verify

\`\`\`sh
sha256sum --check --ignore-missing SHA256SUMS
gh attestation verify mlflow-auth-x86_64-unknown-linux-gnu.tar.gz --repo ${repository}
cosign verify-blob SHA256SUMS --bundle SHA256SUMS.sigstore.json --new-bundle-format \\
  --certificate-identity-regexp '^${workflow.replaceAll(".", "\\.")}' \\
  --certificate-oidc-issuer https://token.actions.githubusercontent.com
\`\`\`

The first checks the files beside it, the second that this repository's workflow built them, the third that it signed their list.
\`mlflow-auth.spdx.json\` says what is inside of version ${version}.
`;
}
