import type { Artifact, FileRef } from "../../sdk/artifact.ts";

/** Two artifacts that are one thing: post-processors hand their input on as it is, or describe it anew. */
export function isSameArtifact(a: Artifact, b: Artifact): boolean {
  if (a === b) return true;
  return (
    a.builderId === b.builderId &&
    a.id === b.id &&
    a.description === b.description &&
    a.files.length === b.files.length &&
    a.files.every((file, index) => keyOf(file) === keyOf(b.files[index]))
  );
}

/** Destroying one would take files of the other. */
export function sharesFiles(a: Artifact, b: Artifact): boolean {
  const files = new Set(a.files.map(keyOf));
  return b.files.some((file) => files.has(keyOf(file)));
}

function keyOf(file: FileRef | undefined): string | undefined {
  return file && `${file.root}:${file.path}`;
}

/** Each thing once, at its first place. */
export function withoutRepeats(artifacts: readonly Artifact[]): Artifact[] {
  const kept: Artifact[] = [];
  for (const artifact of artifacts) if (!kept.some((other) => isSameArtifact(other, artifact))) kept.push(artifact);
  return kept;
}
